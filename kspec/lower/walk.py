"""Asking and rewriting expressions of the system."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from kspec.evaluate.walk import nodes
from kspec.system.expressions import Expr, Local, Read, Use
from kspec.system.sorts import Sort

Fresh = Callable[[str, Sort], Local]
"""Makes a local that nothing else in the system uses."""


def variables_read(expr: Expr) -> frozenset[str]:
    """The state variables that an expression reads."""
    return frozenset(node.variable for node in nodes(expr) if isinstance(node, Read))


def substitute(expr: Expr, values: Mapping[int, Expr], fresh: Fresh) -> Expr:
    """The expression with locals, by id, replaced by atoms; what it binds itself is bound under fresh names."""
    renamed = dict(values)
    for node in nodes(expr):
        for local in _bound(node):
            renamed.setdefault(local.id, Use(fresh(local.name, local.sort)))
    result: Expr = _replace(expr, renamed)
    return result


def _bound(node: object) -> tuple[Local, ...]:
    """The locals that a node binds; `Use` only mentions one."""
    if isinstance(node, Use) or not is_dataclass(node):
        return ()
    held = (getattr(node, item.name) for item in fields(node))
    return tuple(value for value in held if isinstance(value, Local))


def _replace(node: Any, values: Mapping[int, Expr]) -> Any:
    match node:
        case tuple():
            return tuple(_replace(part, values) for part in node)
        case Use(local):
            return values.get(local.id, node)
        case Local():
            bound = values.get(node.id)
            return bound.local if isinstance(bound, Use) else node
        case _ if is_dataclass(node) and not isinstance(node, type):
            changed = {item.name: _replace(getattr(node, item.name), values) for item in fields(node)}
            return replace(node, **changed) if any(changed[k] is not getattr(node, k) for k in changed) else node
        case _:
            return node
