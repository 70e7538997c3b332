"""Patterns in formulas: each call becomes the pattern's body.

An argument that is a condition or a formula stands wherever the body has the parameter, so that it is about the
position there. Any other argument is a value, which the parameter names as a `let` does. A component's name stands for
that component.
"""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from typing import Any

from kspec.language import checked
from kspec.language.types import BOOL
from kspec.lower.temporal.limits import Parts


def written_out(model: checked.Model, formula: checked.Expr) -> checked.Expr:
    """The formula without calls of patterns. Raises Problem where that is too much to write."""
    return _Writing(model).write(formula)


class _Writing:
    """An expression that stands in several places is written once, and stands there again."""

    def __init__(self, model: checked.Model) -> None:
        self._model = model
        self._parts = Parts()
        self._written: dict[int, tuple[checked.Expr, checked.Expr]] = {}
        """By identity of what was written out: that, and what it became."""

    def write(self, expr: checked.Expr) -> checked.Expr:
        if id(expr) not in self._written:
            self._written[id(expr)] = expr, self._write(expr)
        return self._written[id(expr)][1]

    def _write(self, expr: checked.Expr) -> checked.Expr:
        """Formulas have formulas in these places only."""
        match expr:
            case checked.PatternCall():
                self._parts.spend(expr.span)
                return self.write(self._body(expr))
            case checked.Not(operand):
                return replace(expr, operand=self.write(operand))
            case checked.Logical():
                return self._write_chain(expr)
            case checked.Temporal(_, operands):
                return replace(expr, operands=tuple(map(self.write, operands)))
            case checked.Quantified() | checked.LetIn():
                return replace(expr, body=self.write(expr.body))
            case checked.Conditional(_, then, otherwise):
                return replace(expr, then=self.write(then), otherwise=self.write(otherwise))
            case _:
                return expr

    def _write_chain(self, expr: checked.Logical) -> checked.Expr:
        """Without recursion to the left: chains can be long."""
        spine = [expr]
        while isinstance(spine[-1].left, checked.Logical):
            spine.append(spine[-1].left)
        result = self.write(spine[-1].left)
        for node in reversed(spine):
            result = replace(node, left=result, right=self.write(node.right))
        return result

    def _body(self, call: checked.PatternCall) -> checked.Expr:
        pattern = self._model.patterns[call.pattern]
        formulas: dict[int, checked.Expr] = {}
        components: dict[str, str] = {}
        values: list[tuple[checked.Local, checked.Expr]] = []
        for parameter, argument in zip(pattern.parameters, call.arguments, strict=True):
            if isinstance(argument, str):
                components[parameter.name] = argument
            elif parameter.type == BOOL:
                formulas[parameter.id] = argument
            else:
                values.append((parameter, argument))
        body: checked.Expr = _Given(formulas, components).put_into(pattern.body)
        for parameter, value in reversed(values):
            body = checked.LetIn(parameter, value, body, body.type, call.span)
        return body


class _Given:
    """What stands for the parameters of a pattern."""

    def __init__(self, formulas: dict[int, checked.Expr], components: dict[str, str]) -> None:
        self._formulas = formulas
        self._components = components

    def put_into(self, node: Any) -> Any:
        match node:
            case tuple():
                return tuple(map(self.put_into, node))
            case checked.LocalUse(local) if local.id in self._formulas:
                return self._formulas[local.id]
            case checked.ByAtom(component, None) if component in self._components:
                return replace(node, component=self._components[component])
            case checked.PatternCall(_, arguments):
                return replace(node, arguments=tuple(map(self._argument, arguments)))
            case checked.Local():
                return node
            case _ if dataclasses.is_dataclass(node) and not isinstance(node, type):
                return self._put_below(node)
            case _:
                return node

    def _argument(self, argument: checked.Expr | str) -> Any:
        return self._components.get(argument, argument) if isinstance(argument, str) else self.put_into(argument)

    def _put_below(self, node: Any) -> Any:
        names = [item.name for item in dataclasses.fields(node) if item.name not in ("span", "type")]
        changed = {name: self.put_into(getattr(node, name)) for name in names}
        if all(changed[name] is getattr(node, name) for name in names):
            return node
        return replace(node, **changed)
