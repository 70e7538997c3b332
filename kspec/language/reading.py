"""What a component looks at: the kinds, and of each the fields that can change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kspec.language import checked
from kspec.language.types import KindType
from kspec.language.walk import statements, subexpressions
from kspec.system.spans import Span


@dataclass(frozen=True, slots=True)
class Look:
    """A look at objects of a kind that shows what can change. `field`: None where it only finds out which objects there
    are. `span`: where the component's text does it; `inside`: the place in a definition that it calls there."""

    kind: str
    field: str | None
    span: Span
    inside: Span | None


def looks(model: checked.Model, component: checked.Component) -> Iterator[Look]:
    """Every look of the component's actions and processes, in the order of the text."""
    for item in component.items:
        yield from _of_variables(item.parameters)
        yield from _of_expressions(model, (item.parameters, item.guards))
        for statement in statements(item.body):
            yield from _of_statement(statement)
        yield from _of_expressions(model, item.body)


def kinds_read(model: checked.Model, component: checked.Component) -> tuple[str, ...]:
    """The kinds that the component reads, in the order of the model."""
    seen = {look.kind for look in looks(model, component)}
    return tuple(kind for kind in model.kinds if kind in seen)


def kinds_got(component: checked.Component) -> frozenset[str]:
    """The kinds of which the component reads versions, by `get`."""
    gets = (get for item in component.items for found in statements(item.body) if (get := _get(found)) is not None)
    return frozenset(get.kind for get in gets if not get.fresh)


def fields_seen(model: checked.Model, component: checked.Component, kind: str) -> tuple[str, ...]:
    """The fields of a kind that can change and that the component, or a property in its eyes, looks at."""
    found = {look.field for look in (*looks(model, component), *_through(model, component)) if look.kind == kind}
    return tuple(item.name for item in model.kinds[kind].fields if item.name in found)


def kinds_seen_by(model: checked.Model, component: checked.Component) -> frozenset[str]:
    """The kinds that a property looks at in the component's eyes."""
    return frozenset(look.kind for look in _through(model, component))


def _through(model: checked.Model, component: checked.Component) -> Iterator[Look]:
    """What `seen by` the component looks at."""
    others = subexpressions((*model.properties.values(), *model.defs.values(), *model.patterns.values()))
    for expr in others:
        if isinstance(expr, checked.SeenBy) and expr.component == component.name:
            yield from _of_expressions(model, expr.operand)


def _of_statement(statement: checked.Statement) -> Iterator[Look]:
    match statement:
        case checked.Choose(variables):
            yield from _of_variables(variables)
        case checked.For(variable) | checked.ForEach(variable):
            yield from _of_variables((variable,))
        case _:
            get = _get(statement)
            if get is not None:
                yield Look(get.kind, None, get.span, None)


def _get(statement: checked.Statement) -> checked.Get | None:
    match statement:
        case checked.Let(_, checked.Get() as get) | checked.GetStatement(get):
            return get
        case _:
            return None


def _of_expressions(model: checked.Model, root: object) -> Iterator[Look]:
    """The looks of the expressions in a node of the checked tree, and of the definitions that they call."""
    roots: list[tuple[object, Span | None]] = [(root, None)]
    called: set[str] = set()
    while roots:
        node, call = roots.pop()
        for expr in subexpressions(node):
            for look in _of_expression(model, expr):
                yield look if call is None else Look(look.kind, look.field, call, look.span)
            if isinstance(expr, checked.DefCall) and expr.definition not in called:
                called.add(expr.definition)
                roots.append((model.defs[expr.definition].body, call or expr.span))


def _of_expression(model: checked.Model, expr: checked.Expr) -> Iterator[Look]:
    match expr:
        case checked.FieldRead(_, kind, name) | checked.CopyRead(_, kind, name):
            field = model.kinds[kind].field(name)
            if field is not None and field.modifier is None:
                yield Look(kind, name, expr.span, None)
        case checked.Lookup(kind):
            yield Look(kind, None, expr.span, None)
        case checked.Builtin("alive", (operand,)) if isinstance(operand.type, KindType):
            yield Look(operand.type.name, None, expr.span, None)
        case checked.Quantified(_, variables) | checked.Aggregated(_, variables):
            yield from _of_variables(variables)
        case checked.SetOf(variable):
            yield from _of_variables((variable,))
        case _:
            pass


def _of_variables(variables: tuple[checked.Variable, ...]) -> Iterator[Look]:
    for variable in variables:
        if isinstance(variable.domain, checked.AllOf) and isinstance(variable.domain.type, KindType):
            yield Look(variable.domain.type.name, None, variable.domain.span, None)
