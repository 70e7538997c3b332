"""Walking over checked expressions and statements."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from kspec.language import checked

EXPRESSIONS = tuple(checked.Expr.__args__)
"""The classes of checked expressions."""


def subexpressions(node: Any) -> Iterator[checked.Expr]:
    """Every expression in a node of the checked tree, itself included, outermost first. Types are not entered."""
    stack = [node]
    while stack:
        current = stack.pop()
        if isinstance(current, EXPRESSIONS):
            yield current
        if isinstance(current, tuple):
            stack.extend(reversed(current))
        elif dataclasses.is_dataclass(current) and not isinstance(current, type):
            names = [item.name for item in dataclasses.fields(current) if item.name not in ("span", "type")]
            stack.extend(getattr(current, name) for name in reversed(names))


def statements(body: tuple[checked.Statement, ...]) -> Iterator[checked.Statement]:
    """Every statement of a body, those inside others included."""
    for statement in body:
        yield statement
        match statement:
            case checked.If(_, then, otherwise):
                yield from statements(then)
                yield from statements(otherwise)
            case checked.Either(branches):
                for branch in branches:
                    yield from statements(branch)
            case checked.For() | checked.While() | checked.ForEach():
                yield from statements(statement.body)
            case checked.Handled(inner, handlers):
                yield from statements((inner,))
                for handler in handlers:
                    yield from statements(handler.body)
            case _:
                pass


def uses(node: Any, local: checked.Local) -> bool:
    """Whether a node uses a local."""
    return any(isinstance(found, checked.LocalUse) and found.local.id == local.id for found in subexpressions(node))


def chain(expr: checked.Logical) -> list[checked.Expr]:
    """The operands of a chain of one operator, left to right, without recursion: chains can be long."""
    operands: list[checked.Expr] = [expr.right]
    left = expr.left
    while isinstance(left, checked.Logical) and left.operator == expr.operator:
        operands.append(left.right)
        left = left.left
    return [left, *reversed(operands)]
