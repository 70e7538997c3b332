"""`create`: values, what refuses it, a slot, and everything that comes into being with an object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kspec.language import checked
from kspec.language.types import KindType
from kspec.lower import build, names, quantifiers, slots, staging
from kspec.lower.entries import add_entries
from kspec.lower.expressions import key_variables
from kspec.lower.path import Path
from kspec.lower.requests import admission, authority
from kspec.lower.requests.judgement import DENIED, TAKEN, UNREACHABLE, Judgement
from kspec.lower.scope import Scope
from kspec.lower.stored import store
from kspec.system.expressions import (
    FALSE,
    TRUE,
    Aggregate,
    Aggregation,
    Binding,
    Equal,
    Expr,
    Literal,
    Order,
    Quantified,
    Quantifier,
    Read,
    Slots,
    Use,
)
from kspec.system.meanings import Reason
from kspec.system.sorts import IntSort, ObjectSort
from kspec.system.spans import NOWHERE, Span
from kspec.system.system import FREE, STATUS

if TYPE_CHECKING:
    from kspec.lower.expressions import ExpressionLowering


def lower_create(lowering: ExpressionLowering, path: Path, create: checked.Create) -> tuple[Judgement, Expr]:
    """A new object, where nothing refuses it."""
    context = lowering.context
    kind = context.kind(create.kind).sort
    values = _field_values(lowering, path, create)
    judgement = Judgement(path, f"create {create.kind}", create.span)
    judgement.refuse(UNREACHABLE, authority.unreachable(path.actor))
    judgement.refuse(DENIED, authority.denied(lowering, path.actor, "create", create.kind), Reason.PERMISSION)
    judgement.refuse(DENIED, _not_admitted(lowering, path, kind, values), Reason.ADMISSION)
    if slots.is_quota(context, create.kind):
        judgement.refuse(DENIED, _no_room(lowering, path, kind), Reason.QUOTA)
    judgement.refuse(TAKEN, _taken(lowering, path, kind, values))
    with judgement.only_if_it_proceeds():
        item = Use(path.allocate(kind, create.span))
        path.write(names.status(kind.kind), (item,), staging.LIVE)
        path.remember_alive(item)
        for variable, value in values.items():
            path.write(variable, (item,), value)
        _start_components(lowering, path, kind, item)
        add_entries(lowering, path, kind, item)
    judgement.lives = item
    return judgement, item


def _not_admitted(lowering: ExpressionLowering, path: Path, kind: ObjectSort, values: dict[str, Expr]) -> Expr:
    fields = {name.removeprefix(names.field(kind.kind, "")): value for name, value in values.items()}
    scope = path.scope().in_store()
    return admission.refused(lowering, path.actor, "create", kind, None, fields, scope)


def _field_values(lowering: ExpressionLowering, path: Path, create: checked.Create) -> dict[str, Expr]:
    """The values of all fields by state variable: those given, in the order of the text, then defaults."""
    declared = {field.name: field for field in lowering.context.model.kinds[create.kind].fields}
    given = dict(create.fields)
    defaults = {name: field.default for name, field in declared.items() if name not in given}
    values = {}
    for name, expr in (*given.items(), *defaults.items()):
        assert expr is not None
        variable = names.field(create.kind, name)
        span = expr.span if name in given else create.span
        values[variable] = _stored(lowering, path, path.scope(), variable, expr, span)
    return values


def _stored(
    lowering: ExpressionLowering, path: Path, scope: Scope, variable: str, expr: checked.Expr, span: Span
) -> Expr:
    sort = lowering.context.variables[variable].sort
    return store(lowering, path, lowering.lower(expr, scope), sort, variable, span)


def _no_room(lowering: ExpressionLowering, path: Path, kind: ObjectSort) -> Expr:
    """Whether as many slots are free before the step as this body has taken already."""
    slot = lowering.context.fresh("slot", kind)
    free = Equal(Read(names.status(kind.kind), (Use(slot),), STATUS), Literal(FREE, STATUS))
    room = IntSort(0, kind.slots)
    count = Aggregate(Aggregation.COUNT, (Binding(slot, Slots(kind)),), free, build.number(1), room)
    taken: Expr = build.number(0)
    for other, condition in path.allocations:
        if other == kind:
            one = build.conditional(condition, build.number(1), build.number(0))
            taken = build.add(taken, one)
    return build.compare(Order.AT_MOST, count, taken)


def _taken(lowering: ExpressionLowering, path: Path, kind: ObjectSort, values: dict[str, Expr]) -> Expr:
    context = lowering.context
    keys = key_variables(context, kind.kind)
    if not keys:
        return FALSE
    ranged = quantifiers.existing(lowering, kind.kind, kind, quantifiers.Ranged((), TRUE, path.scope().in_store()))
    other = Use(ranged.bindings[0].local)
    own = (staging.read(context, ranged.scope, key, (other,), NOWHERE) for key in keys)
    same = (build.equal(key, values[name]) for name, key in zip(keys, own, strict=True))
    return Quantifier(Quantified.EXISTS, ranged.bindings, ranged.filter, build.conjunction(*same))


def _start_components(lowering: ExpressionLowering, path: Path, kind: ObjectSort, item: Expr) -> None:
    """The instance of every component `per` the kind begins with the new object."""
    for component in lowering.context.model.components.values():
        if component.instance is None or component.instance.type != KindType(kind.kind):
            continue
        for declared in component.variables:
            variable = names.component_variable(component.name, declared.name)
            # The action may be one of this component: its own instance stays what it is outside this value.
            scope = path.scope().in_store().bind(component.instance, item)
            path.write(variable, (item,), _stored(lowering, path, scope, variable, declared.initial, declared.span))
