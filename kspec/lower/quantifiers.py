"""Variables that range over objects, values and members: quantifiers, aggregates, sets and maps of all that …"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kspec.language import checked
from kspec.language.types import KindType
from kspec.lower import build, names, staging
from kspec.lower.intervals import times
from kspec.lower.scope import Scope
from kspec.lower.sizes import most_bindings
from kspec.lower.views.reading import eyes
from kspec.system.expressions import (
    TRUE,
    Aggregate,
    Aggregation,
    AllValues,
    Binding,
    Created,
    Deleted,
    Domain,
    Existing,
    ExistingInBoth,
    Expr,
    Literal,
    Local,
    MapBuild,
    MapRead,
    MapWith,
    Members,
    Moment,
    Quantified,
    Quantifier,
    SetComprehension,
    Slots,
    Use,
)
from kspec.system.sorts import (
    MapSort,
    ObjectSort,
    OptionSort,
    SeqSort,
    SetSort,
    Sort,
    Value,
    zero,
)
from kspec.system.spans import NOWHERE

if TYPE_CHECKING:
    from kspec.lower.expressions import ExpressionLowering


@dataclass(frozen=True, slots=True)
class Ranged:
    """Variables with their domains. A domain may have more values than are meant: `filter` tells which are.

    `scope` is where the variables can be used, for values with `filter`.
    """

    bindings: tuple[Binding, ...]
    filter: Expr
    scope: Scope


def range_over(lowering: ExpressionLowering, variables: tuple[checked.Variable, ...], scope: Scope) -> Ranged:
    ranged = Ranged((), TRUE, scope)
    for variable in variables:
        ranged = _add(lowering, variable, ranged)
    return ranged


def quantified(lowering: ExpressionLowering, expr: checked.Quantified, scope: Scope) -> Expr:
    ranged = range_over(lowering, expr.variables, scope)
    where = _where(lowering, ranged, expr.where)
    return Quantifier(Quantified(expr.quantifier), ranged.bindings, where, lowering.lower(expr.body, ranged.scope))


def aggregated(lowering: ExpressionLowering, expr: checked.Aggregated, scope: Scope) -> Expr:
    ranged = range_over(lowering, expr.variables, scope)
    where = _where(lowering, ranged, expr.where)
    body = build.number(1) if expr.body is None else lowering.lower(expr.body, ranged.scope)
    aggregation = Aggregation(expr.operation)
    sort: Sort = OptionSort(body.sort)
    if aggregation in (Aggregation.COUNT, Aggregation.SUM):
        sort = build.bounded(times(build.interval(body), most_bindings(ranged.bindings)), expr.span)
    return Aggregate(aggregation, ranged.bindings, where, body, sort)


def set_of(lowering: ExpressionLowering, expr: checked.SetOf, scope: Scope) -> Expr:
    ranged = range_over(lowering, (expr.variable,), scope)
    (binding,) = ranged.bindings
    return SetComprehension(binding, _where(lowering, ranged, expr.where), SetSort(binding.local.sort))


def map_of(lowering: ExpressionLowering, expr: checked.MapOf, scope: Scope) -> Expr:
    keys = lowering.context.sort(expr.key.type, expr.span)
    # Checks that there are not too many keys.
    lowering.context.sort(expr.type, expr.span)

    def entry(key: Expr, inside: Scope) -> Expr:
        return lowering.lower(expr.body, inside.bind(expr.key, key))

    return build_map(lowering, lowering.context.fresh(expr.key.name, keys), entry, scope)


Entry = Callable[[Expr, Scope], Expr]
"""The entry of a map at a key."""


def build_map(lowering: ExpressionLowering, key: Local, entry: Entry, scope: Scope, value: Sort | None = None) -> Expr:
    """The map of all keys; of those that are objects: of the ones alive where `scope` is. `value`, if given, is the
    sort of the entries."""
    if not isinstance(key.sort, ObjectSort):
        body = entry(Use(key), scope)
        return MapBuild(key, body, MapSort(key.sort, value or body.sort), scope.moment)
    body = entry(Use(key), scope.with_alive(key, scope.moment))
    sort = MapSort(key.sort, value or body.sort)
    if eyes(lowering.context, scope, key.sort.kind) is not None:
        seen = staging.is_there(lowering.context, scope, Use(key))
        body = build.conditional(seen, body, Literal(zero(sort.value), sort.value))
    if staging.changes_lives(scope, key.sort.kind):
        alive = staging.is_alive(lowering.context, scope, Use(key))
        body = build.conditional(alive, body, Literal(zero(sort.value), sort.value))
    result: Expr = MapBuild(key, body, sort, scope.moment)
    for created, there in created_objects(lowering, scope, key.sort):
        held = entry(created, scope)
        sort = MapSort(key.sort, value or build.common_sort(body, held, NOWHERE))
        result = build.conditional(there, MapWith(result, created, held, sort), result)
    return result


def for_all_objects(lowering: ExpressionLowering, kind: ObjectSort, scope: Scope, body: Callable[[Expr], Expr]) -> Expr:
    """Whether the body holds for every object alive where `scope` is."""
    ranged = existing(lowering, kind.kind, kind, Ranged((), TRUE, scope))
    return Quantifier(Quantified.FORALL, ranged.bindings, ranged.filter, body(Use(ranged.bindings[0].local)))


def created_objects(lowering: ExpressionLowering, scope: Scope, kind: ObjectSort) -> list[tuple[Expr, Expr]]:
    """The objects of a kind that the body created before, each with the condition that it did and it is still there."""
    status = names.status(kind.kind)
    created = [write for write in scope.writes if write.variable == status and write.value == staging.LIVE]
    return [
        (write.index[0], build.conjunction(write.condition, staging.is_alive(lowering.context, scope, write.index[0])))
        for write in created
    ]


def equal_entries(lowering: ExpressionLowering, left: Expr, right: Expr, scope: Scope) -> Expr | None:
    """Equality of maps whose keys are objects that come and go: the entries of other slots do not count. Else None."""
    sort = left.sort
    if not isinstance(sort, MapSort) or not isinstance(sort.key, ObjectSort):
        return None
    if lowering.context.kind(sort.key.kind).permanent:
        return None
    lets: list[tuple[Local, Expr]] = []
    maps = [lowering.bind("map", side, lets) for side in (left, right)]

    def same_at(key: Expr) -> Expr:
        left, right = (MapRead(side, key, side.sort.value) for side in maps if isinstance(side.sort, MapSort))
        return build.equal(left, right)

    return lowering.within_lets(lets, for_all_objects(lowering, sort.key, scope, same_at))


def empty(collection: Sort) -> Literal:
    nothing: Value = frozenset() if isinstance(collection, SetSort) else ()
    return Literal(nothing, collection)


def _where(lowering: ExpressionLowering, ranged: Ranged, where: checked.Expr | None) -> Expr:
    if where is None:
        return ranged.filter
    return build.conjunction(ranged.filter, lowering.lower(where, ranged.scope))


def _add(lowering: ExpressionLowering, variable: checked.Variable, before: Ranged) -> Ranged:
    context = lowering.context
    match variable.domain:
        case checked.MembersOf(source):
            collection = lowering.lower(source, before.scope)
            assert isinstance(collection.sort, SetSort | SeqSort)
            # For values that are not meant nothing may be evaluated that could fail.
            guarded = build.conditional(before.filter, collection, empty(collection.sort))
            local = context.fresh(variable.local.name, collection.sort.element)
            return _extend(before, variable.local, local, Members(guarded))
        case checked.AllOf(KindType(name)) as every:
            kind = context.kind(name).sort
            ranged = _of_kind(lowering, every, variable.local.name, kind, before)
            return replace(ranged, scope=ranged.scope.bind(variable.local, Use(ranged.bindings[-1].local)))
        case checked.AllOf(type, span):
            sort = context.sort(type, span)
            local = context.fresh(variable.local.name, sort)
            return _extend(before, variable.local, local, AllValues(sort))


def _extend(before: Ranged, of: checked.Local, local: Local, domain: Domain) -> Ranged:
    bindings = (*before.bindings, Binding(local, domain))
    return Ranged(bindings, before.filter, before.scope.bind(of, Use(local)))


def _of_kind(lowering: ExpressionLowering, every: checked.AllOf, name: str, kind: ObjectSort, before: Ranged) -> Ranged:
    context, scope = lowering.context, before.scope
    local = context.fresh(name, kind)
    permanent = context.kind(kind.kind).permanent
    match every.modifier:
        case "created":
            domain: Domain = Created(kind)
            scope = scope.with_alive(local, Moment.NEW)
        case "deleted":
            domain = Deleted(kind)
            scope = scope.with_alive(local, Moment.OLD)
        case _ if every.both and not permanent:
            domain = ExistingInBoth(kind)
            scope = scope.with_alive(local, Moment.NEW, Moment.OLD)
        case _:
            return existing(lowering, name, kind, before)
    return Ranged((*before.bindings, Binding(local, domain)), before.filter, scope)


def existing(lowering: ExpressionLowering, name: str, kind: ObjectSort, before: Ranged) -> Ranged:
    """The objects that are there where the scope looks: after creates and deletes of the body, and in a view, slots
    whose object is."""
    scope = before.scope
    local = lowering.context.fresh(name, kind)
    if eyes(lowering.context, scope, kind.kind) is not None:
        seen = staging.is_there(lowering.context, scope, Use(local))
        held = replace(scope, held=scope.held | {local.id})
        return Ranged((*before.bindings, Binding(local, Slots(kind))), build.conjunction(before.filter, seen), held)
    inside = scope.with_alive(local, scope.moment)
    if not staging.changes_lives(scope, kind.kind):
        return Ranged((*before.bindings, Binding(local, Existing(kind, scope.moment))), before.filter, inside)
    alive = staging.is_alive(lowering.context, scope, Use(local))
    bindings = (*before.bindings, Binding(local, Slots(kind)))
    return Ranged(bindings, build.conjunction(before.filter, alive), inside)
