"""Values on their way into the state: evaluated, then checked against the range of the place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from kspec.evaluate.walk import outside
from kspec.language import checked
from kspec.lower import build, quantifiers, staging
from kspec.lower.scope import Scope
from kspec.lower.shapes import adapt, always_fits, describe
from kspec.system.expressions import Expr, FailureKind, Fits, Literal, MapRead, MapWith
from kspec.system.sorts import MapSort, ObjectSort, Sort, zero
from kspec.system.spans import Span

if TYPE_CHECKING:
    from kspec.lower.expressions import ExpressionLowering


class Point(Protocol):
    """A point of a body where values are evaluated: the end of a path, or of what one iteration of a `for` does."""

    def scope(self) -> Scope: ...

    def evaluate(self, name: str, value: Expr) -> Expr:
        """An atom for a value that is evaluated here if the body gets here."""

    def check(self, condition: Expr, failure: FailureKind, message: str, span: Span) -> None:
        """Fails unless `condition`, if the body gets here."""


def store(lowering: ExpressionLowering, point: Point, value: Expr, sort: Sort, what: str, span: Span) -> Expr:
    """An atom for the value, which lies in `sort` where the body goes on; `what` is the place, for messages."""
    atom = point.evaluate(what, widen(value, sort, span))
    if has_open_keys(lowering, sort):
        assert isinstance(sort, MapSort)
        return _store_map(lowering, point, atom, sort, what, span)
    point.check(build.within(atom, sort), FailureKind.RANGES, message(what, sort), span)
    return atom


def widen(value: Expr, sort: Sort, span: Span) -> Expr:
    """The value with its literals as wide as the place, wider where the value is."""
    return adapt(value, build.common_sort(value, Literal(None, sort), span))


def message(what: str, sort: Sort) -> str:
    return f"value outside {describe(sort)} of {what}"


def has_open_keys(lowering: ExpressionLowering, sort: Sort) -> bool:
    """Whether values of a sort are maps whose keys are objects that come and go."""
    if not isinstance(sort, MapSort) or not isinstance(sort.key, ObjectSort):
        return False
    return not lowering.context.kind(sort.key.kind).permanent


def _store_map(lowering: ExpressionLowering, point: Point, value: Expr, sort: MapSort, what: str, span: Span) -> Expr:
    """A map has an entry for every slot. Those of slots without an object are `zero` of its sort, and no one's value:
    they are not checked, and become `zero` of the place's sort, so that equal maps are equal states."""
    scope, held = point.scope(), value.sort
    assert isinstance(held, MapSort)
    assert isinstance(sort.key, ObjectSort)

    def entry(key: Expr, _: Scope) -> Expr:
        return MapRead(value, key, held.value)

    if not always_fits(held.value, sort.value):
        fits = quantifiers.for_all_objects(
            lowering, sort.key, scope, lambda key: build.within(entry(key, scope), sort.value)
        )
        point.check(fits, FailureKind.RANGES, message(what, sort), span)
    if zero(held.value) == zero(sort.value) and not staging.changes_lives(scope, sort.key.kind):
        return value
    key = lowering.context.fresh("key", sort.key)
    return point.evaluate(what, quantifiers.build_map(lowering, key, entry, scope, sort.value))


def lower_keys(lowering: ExpressionLowering, point: Point, keys: tuple[checked.Expr, ...]) -> tuple[Expr, ...]:
    """Atoms for the keys on the way to an entry of a map."""
    return tuple(point.evaluate("key", lowering.lower(key, point.scope())) for key in keys)


def check_keys(point: Point, keys: tuple[Expr, ...], sort: Sort, condition: Expr, variable: str, span: Span) -> None:
    """Each key is one of the map's, where the entry is written."""
    for key in keys:
        assert isinstance(sort, MapSort)
        if outside(key.sort, sort.key):
            text = f"key outside {describe(sort.key)} of {variable}"
            point.check(build.implies(condition, Fits(key, sort.key)), FailureKind.RANGES, text, span)
        sort = sort.value


def with_entry(held: Expr, keys: tuple[Expr, ...], value: Expr) -> Expr:
    """A map with the entry behind some keys replaced."""
    if not keys:
        return value
    assert isinstance(held.sort, MapSort)
    inside = MapRead(held, keys[0], held.sort.value)
    return MapWith(held, keys[0], with_entry(inside, keys[1:], value), held.sort)
