"""What a component looks at: the kinds, and of each the fields that can change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kspec.language import checked
from kspec.language.types import KindType
from kspec.language.walk import statements, subexpressions


def kinds_read(model: checked.Model, component: checked.Component) -> tuple[str, ...]:
    """The kinds that the component reads, in the order of the model."""
    seen = {kind for expr in _expressions(model, component) for kind in _kinds(expr)} | kinds_got(component)
    return tuple(kind for kind in model.kinds if kind in seen)


def kinds_got(component: checked.Component) -> frozenset[str]:
    """The kinds of which the component reads versions, by `get`."""
    items: tuple[checked.Action | checked.Process, ...] = (*component.actions, *component.processes)
    gets = (get for item in items for found in statements(item.body) if (get := _get(found)) is not None)
    return frozenset(get.kind for get in gets if not get.fresh)


def fields_seen(model: checked.Model, component: checked.Component, kind: str) -> tuple[str, ...]:
    """The fields of a kind that can change and that the component, or a property in its eyes, looks at."""
    seen = set()
    for expr in _expressions(model, component):
        match expr:
            case checked.FieldRead(_, of, field) | checked.CopyRead(_, of, field) if of == kind:
                seen.add(field)
            case _:
                pass
    return tuple(item.name for item in model.kinds[kind].fields if item.modifier is None and item.name in seen)


def _get(statement: checked.Statement) -> checked.Get | None:
    match statement:
        case checked.Let(_, checked.Get() as get) | checked.GetStatement(get):
            return get
        case _:
            return None


def _kinds(expr: checked.Expr) -> Iterator[str]:
    match expr:
        case checked.FieldRead(_, kind) | checked.CopyRead(_, kind) | checked.Lookup(kind):
            yield kind
        case checked.Builtin("alive", (operand,)) if isinstance(operand.type, KindType):
            yield operand.type.name
        case checked.Quantified(_, variables) | checked.Aggregated(_, variables):
            yield from _ranged(variables)
        case checked.SetOf(variable):
            yield from _ranged((variable,))
        case _:
            pass


def _ranged(variables: tuple[checked.Variable, ...]) -> Iterator[str]:
    for variable in variables:
        if isinstance(variable.domain, checked.AllOf) and isinstance(variable.domain.type, KindType):
            yield variable.domain.type.name


def _expressions(model: checked.Model, component: checked.Component) -> Iterator[checked.Expr]:
    """Every expression that is evaluated in the component's eyes, those of definitions that it calls included."""
    items: list[checked.Action | checked.Process] = [*component.actions, *component.processes]
    roots: list[Any] = [*items, *map(_domains, items)]
    others = subexpressions((*model.properties.values(), *model.defs.values(), *model.patterns.values()))
    seen = (expr for expr in others if isinstance(expr, checked.SeenBy))
    roots += [expr.operand for expr in seen if expr.component == component.name]
    called: set[str] = set()
    while roots:
        for expr in subexpressions(roots.pop()):
            yield expr
            if isinstance(expr, checked.DefCall) and expr.definition not in called:
                called.add(expr.definition)
                roots.append(model.defs[expr.definition].body)


def _domains(item: checked.Action | checked.Process) -> tuple[checked.Expr, ...]:
    """The objects that parameters and choices range over, as quantifiers over nothing."""
    variables = [*item.parameters]
    for statement in statements(item.body):
        match statement:
            case checked.Choose(chosen):
                variables += chosen
            case checked.For(variable) | checked.ForEach(variable):
                variables.append(variable)
            case _:
                pass
    return (checked.Quantified("forall", tuple(variables), None, checked.Boolean(True, item.span), item.span),)
