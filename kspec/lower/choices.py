"""Initial choices: `any …` in a cluster."""

from __future__ import annotations

from itertools import combinations, product
from typing import TYPE_CHECKING

from kspec.evaluate.values import in_order
from kspec.language.codes import Code
from kspec.lower.constants import outside
from kspec.lower.problems import VALUE_LIMIT, Problem
from kspec.lower.shapes import describe
from kspec.lower.slots import present
from kspec.system.expressions import Expr, Fits, Literal, Read
from kspec.system.sorts import (
    IntSort,
    MapSort,
    ObjectSort,
    OptionSort,
    SeqSort,
    SetSort,
    Sort,
    Value,
    cardinality,
    fits,
    values_of,
    zero,
)
from kspec.system.spans import Span
from kspec.system.system import InitialChoice, Place, Variable

if TYPE_CHECKING:
    from kspec.lower.context import Context


def choose_in(variable: Variable, place: Place, values: list[Value], span: Span) -> InitialChoice:
    """One of the values listed."""
    for value in values:
        if not fits(value, variable.sort):
            raise outside(f"`{variable.name}`", value, variable.sort, span)
    return InitialChoice(place, tuple(in_order(set(values))), span)


def choose_any(
    context: Context, variable: Variable, place: Place, wanted: Sort, span: Span
) -> tuple[InitialChoice, list[Expr]]:
    """Any value of a sort: listed, or, where there are too many numbers to list, any of the place with a condition."""
    numbers = wanted.inner if isinstance(wanted, OptionSort) else wanted
    if isinstance(numbers, IntSort):
        _require_within(variable, numbers, span)
        if wanted == variable.sort:
            return InitialChoice(place, None, span), []
        if (cardinality(wanted) or 0) > VALUE_LIMIT and type(wanted) is type(variable.sort):
            index = tuple(Literal(place.number, sort) for sort in variable.index)
            return InitialChoice(place, None, span), [Fits(Read(variable.name, index, variable.sort), wanted)]
    count = _count(context, wanted)
    if count > VALUE_LIMIT:
        message = f"`{describe(wanted)}` has more than {VALUE_LIMIT:,} values to choose from"
        raise Problem(Code.KS603, message, span, "list some of them: `any {…}`")
    return InitialChoice(place, tuple(_values(context, wanted)), span), []


def _require_within(variable: Variable, wanted: IntSort, span: Span) -> None:
    own = variable.sort.inner if isinstance(variable.sort, OptionSort) else variable.sort
    for bound in (wanted.lo, wanted.hi):
        if bound is not None and cardinality(wanted) != 0 and not fits(bound, own):
            raise outside(f"`{variable.name}`", bound, own, span)


def _count(context: Context, sort: Sort) -> int:
    """How many values there are to choose from; of objects: those at the start."""
    match sort:
        case ObjectSort(kind, _):
            return present(context, kind)
        case OptionSort(inner):
            return _count(context, inner) + 1
        case SetSort(element):
            return _power(2, _count(context, element))
        case MapSort(key, value):
            return _power(_count(context, value), _count(context, key))
        case SeqSort(element, capacity):
            size = _count(context, element)
            return sum(_power(size, length) for length in range(min(capacity, 17) + 1)) if size else 1
        case _:
            return cardinality(sort) or 0


def _power(base: int, exponent: int) -> int:
    """A power, or some number over the limit if that is less."""
    return base**exponent if base <= 1 or exponent <= 17 else VALUE_LIMIT + 1


def _values(context: Context, sort: Sort) -> list[Value]:
    match sort:
        case ObjectSort(kind, _):
            return list(range(present(context, kind)))
        case OptionSort(inner):
            return [None, *_values(context, inner)]
        case SetSort(element):
            members = _values(context, element)
            sizes = range(len(members) + 1)
            return [frozenset(chosen) for size in sizes for chosen in combinations(members, size)]
        case MapSort(key, value):
            free = (cardinality(key) or 0) - _count(context, key)
            rest = (zero(value),) * free
            return [(*entries, *rest) for entries in product(_values(context, value), repeat=_count(context, key))]
        case SeqSort(element, capacity):
            members = _values(context, element)
            lengths = range(capacity + 1 if members else 1)
            return [entries for length in lengths for entries in product(members, repeat=length)]
        case _:
            return list(values_of(sort))
