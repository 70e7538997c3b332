"""The order of values, and their positions among the values of a sort."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kspec.evaluate.errors import ENUMERATION_LIMIT, EnumerationTooLarge
from kspec.system.sorts import (
    BoolSort,
    EnumSort,
    IntSort,
    MapSort,
    ObjectSort,
    OptionSort,
    SeqSort,
    SetSort,
    Sort,
    Value,
    cardinality,
    values_of,
)


def in_order(values: Iterable[Value]) -> list[Value]:
    """Values of one sort, smallest first.

    The order is total: none before all, false before true, numbers by size, sequences and maps entry by entry, sets as
    the sequences of their members in order.
    """
    return sorted(values, key=_order_key)


def _order_key(value: Value) -> tuple[Any, ...]:
    match value:
        case None:
            return ()
        case int():
            return (value,)
        case frozenset():
            return (tuple(sorted(map(_order_key, value))),)
        case tuple():
            return (tuple(map(_order_key, value)),)


def ordinal(value: Any, sort: Sort) -> int | None:
    """The position of a value in `values_of(sort)`; None where it is not among them."""
    match sort:
        case BoolSort():
            return int(value)
        case EnumSort(_, members):
            return value if 0 <= value < len(members) else None
        case ObjectSort(_, slots):
            return value if 0 <= value < slots else None
        case IntSort(lo, hi):
            if lo is None:
                raise ValueError(f"not enumerable: {sort}")
            return value - lo if lo <= value and (hi is None or value <= hi) else None
        case OptionSort(inner):
            if value is None:
                return 0
            position = ordinal(value, inner)
            return None if position is None else position + 1
        case SetSort() | MapSort() | SeqSort():
            raise ValueError(f"not enumerable: {sort}")


def enumerate_values(what: str, sort: Sort) -> tuple[Value, ...] | range:
    """Every value of a sort, in order, for `what`: refused where there are too many."""
    count = cardinality(sort)
    if count is None or count > ENUMERATION_LIMIT:
        raise EnumerationTooLarge(what, count)
    return values_of(sort)
