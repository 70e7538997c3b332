"""Sets, maps and sequences, and what is built in for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from kspec.language import checked
from kspec.language.codes import Code
from kspec.lower import build, staging
from kspec.lower.narrowed import narrow
from kspec.lower.problems import VALUE_LIMIT, Problem
from kspec.lower.scope import Scope
from kspec.lower.shapes import NOTHING, adapt, join
from kspec.lower.sizes import most_members
from kspec.system.expressions import (
    Contains,
    Expr,
    First,
    Literal,
    Local,
    MapRead,
    NumberRange,
    Order,
    Pop,
    Push,
    SeqLiteral,
    SetLiteral,
    SetOperation,
    SetOperator,
    Size,
    Subset,
)
from kspec.system.sorts import IntSort, MapSort, SeqSort, SetSort, Sort, cardinality
from kspec.system.spans import Span

if TYPE_CHECKING:
    from kspec.lower.expressions import ExpressionLowering

Collection: TypeAlias = (
    checked.SetLiteral
    | checked.NumberRange
    | checked.SetOperation
    | checked.Contains
    | checked.Subset
    | checked.SeqLiteral
    | checked.MapRead
    | checked.Builtin
)


def lower_collection(lowering: ExpressionLowering, expr: Collection, scope: Scope) -> Expr:
    match expr:
        case checked.SetLiteral():
            return _set(*_elements(lowering, expr, scope))
        case checked.NumberRange(low, high, _, span):
            return _range(lowering.lower(low, scope), lowering.lower(high, scope), span)
        case checked.SetOperation(operator, left, right, _, span):
            return _operation(SetOperator(operator), lowering.lower(left, scope), lowering.lower(right, scope), span)
        case checked.Contains():
            return _contains(lowering, expr, scope)
        case checked.Subset(left, right, span):
            return Subset(*_alike(lowering.lower(left, scope), lowering.lower(right, scope), span))
        case checked.SeqLiteral():
            return _sequence(*_elements(lowering, expr, scope))
        case checked.MapRead(held, key, _, span):
            lowered = lowering.lower(held, scope)
            assert isinstance(lowered.sort, MapSort)
            entry = MapRead(lowered, lowering.lower(key, scope), lowered.sort.value, span)
            return narrow(lowering.context, expr, entry, scope)
        case checked.Builtin():
            return _builtin(lowering, expr, scope)


def element_sort(collection: Expr) -> Sort:
    assert isinstance(collection.sort, SetSort | SeqSort)
    return collection.sort.element


def _elements(
    lowering: ExpressionLowering, expr: checked.SetLiteral | checked.SeqLiteral, scope: Scope
) -> tuple[list[Expr], Sort]:
    """What is written out, and the sort that has all of it."""
    if not expr.elements:
        return [], lowering.context.sort_of_absent(expr.type.element, expr.span)
    elements = [lowering.lower(element, scope) for element in expr.elements]
    sort: Sort = NOTHING
    for element in elements:
        sort = build.common_sort(Literal(None, sort), element, expr.span)
    return elements, sort


def _set(elements: list[Expr], sort: Sort) -> Expr:
    values = [element.value for element in elements if isinstance(element, Literal)]
    if len(values) == len(elements):
        return Literal(frozenset(values), SetSort(sort))
    return SetLiteral(tuple(adapt(element, sort) for element in elements), SetSort(sort))


def _sequence(elements: list[Expr], sort: Sort) -> Expr:
    values = tuple(element.value for element in elements if isinstance(element, Literal))
    if len(values) == len(elements):
        return Literal(values, SeqSort(sort, len(values)))
    return SeqLiteral(tuple(adapt(element, sort) for element in elements), SeqSort(sort, len(elements)))


def _range(low: Expr, high: Expr, span: Span) -> Expr:
    sort = IntSort(build.interval(low).lo, build.interval(high).hi)
    count = cardinality(sort)
    if count is None or count > VALUE_LIMIT:
        message = f"this set of numbers can have more than {VALUE_LIMIT:,} members"
        raise Problem(Code.KS603, message, span, "compare with `<=` instead, or use smaller ranges")
    return NumberRange(low, high, SetSort(sort))


def _operation(operator: SetOperator, left: Expr, right: Expr, span: Span) -> Expr:
    left, right = _alike(left, right, span)
    sort = build.common_sort(left, right, span) if operator is SetOperator.UNION else left.sort
    assert isinstance(sort, SetSort)
    return SetOperation(operator, left, right, sort)


def _alike(left: Expr, right: Expr, span: Span) -> tuple[Expr, Expr]:
    """Both sides, with literals as wide as the other side."""
    sort = build.common_sort(left, right, span)
    return adapt(left, sort), adapt(right, sort)


def _contains(lowering: ExpressionLowering, expr: checked.Contains, scope: Scope) -> Expr:
    element = lowering.lower(expr.element, scope)
    if isinstance(expr.collection, checked.NumberRange):
        return _between(lowering, element, expr.collection, scope)
    collection = lowering.lower(expr.collection, scope)
    wanted = join(element.sort, element_sort(collection))
    return Contains(adapt(element, wanted), collection)


def _between(lowering: ExpressionLowering, element: Expr, range: checked.NumberRange, scope: Scope) -> Expr:
    """`x in low..high` needs no set, so that the range may be large."""
    lets: list[tuple[Local, Expr]] = []
    ends = (element, lowering.lower(range.low, scope), lowering.lower(range.high, scope))
    it, low, high = (lowering.bind("number", end, lets) for end in ends)
    between = build.conjunction(build.compare(Order.AT_MOST, low, it), build.compare(Order.AT_MOST, it, high))
    return lowering.within_lets(lets, between)


def _builtin(lowering: ExpressionLowering, expr: checked.Builtin, scope: Scope) -> Expr:
    arguments = [lowering.lower(argument, scope) for argument in expr.arguments]
    match expr.name, arguments:
        case "alive", [item]:
            return lowering.let("object", item, lambda it: staging.is_there(lowering.context, scope, it))
        case "gone", [item]:
            return lowering.let("object", item, lambda it: build.negate(staging.is_there(lowering.context, scope, it)))
        case "size" | "length", [collection]:
            return Size(collection, IntSort(0, most_members(collection)))
        case "first", [sequence]:
            return First(sequence, element_sort(sequence), expr.span)
        case "push", [sequence, element]:
            return _push(sequence, element, expr.span)
        case "pop", [sequence]:
            return Pop(sequence, sequence.sort, expr.span)
        case name, _:
            raise AssertionError(f"nothing built in is called `{name}`")


def _push(sequence: Expr, element: Expr, span: Span) -> Expr:
    assert isinstance(sequence.sort, SeqSort)
    sort = build.common_sort(Literal(None, sequence.sort.element), element, span)
    return Push(sequence, adapt(element, sort), SeqSort(sort, sequence.sort.capacity + 1))
