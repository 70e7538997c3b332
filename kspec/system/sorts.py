"""Sorts: the finite types of the system, with every bound a number.

A value of a sort is a plain Python value:

| sort        | value                                                              |
|-------------|--------------------------------------------------------------------|
| BoolSort    | `bool`                                                             |
| IntSort     | `int`                                                              |
| EnumSort    | `int`, the position in `members`                                   |
| ObjectSort  | `int`, the slot                                                    |
| OptionSort  | `None`, or a value of `inner`                                      |
| SetSort     | `frozenset` of values of `element`                                 |
| MapSort     | `tuple` of values of `value`, one a key, in the order of the keys  |
| SeqSort     | `tuple` of values of `element`                                     |
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias, Union

from kspec.system.amounts import Unit

Value: TypeAlias = Union[bool, int, None, "frozenset[Value]", "tuple[Value, ...]"]


@dataclass(frozen=True, slots=True)
class BoolSort:
    pass


@dataclass(frozen=True, slots=True)
class IntSort:
    """Whole numbers from `lo` to `hi`, both included; `None` is no bound on that side.

    For a state variable these are the declared bounds, which a stored value must keep. For any other expression they
    are an interval that contains every value it can take. `unit`: they stand for amounts, and are shown so; this takes
    no part in comparing sorts.
    """

    lo: int | None
    hi: int | None
    unit: Unit | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class EnumSort:
    name: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ObjectSort:
    """References to objects of a kind; `slots` is how many the kind has room for."""

    kind: str
    slots: int


@dataclass(frozen=True, slots=True)
class OptionSort:
    inner: Sort


@dataclass(frozen=True, slots=True)
class SetSort:
    element: Sort


@dataclass(frozen=True, slots=True)
class MapSort:
    key: Sort
    value: Sort


@dataclass(frozen=True, slots=True)
class SeqSort:
    element: Sort
    capacity: int


Sort: TypeAlias = BoolSort | IntSort | EnumSort | ObjectSort | OptionSort | SetSort | MapSort | SeqSort

BOOL = BoolSort()


def cardinality(sort: Sort) -> int | None:
    """How many values a sort has; None where it has no bound."""
    match sort:
        case BoolSort():
            return 2
        case IntSort(lo, hi):
            return None if lo is None or hi is None else max(0, hi - lo + 1)
        case EnumSort(_, members):
            return len(members)
        case ObjectSort(_, slots):
            return slots
        case OptionSort(inner):
            size = cardinality(inner)
            return None if size is None else size + 1
        case SetSort(element):
            size = cardinality(element)
            return None if size is None or size > 64 else 1 << size
        case MapSort(key, value):
            keys, values = cardinality(key), cardinality(value)
            return None if keys is None or values is None or keys > 64 else values**keys
        case SeqSort(element, capacity):
            size = cardinality(element)
            return None if size is None or capacity > 64 else sum(size**n for n in range(capacity + 1))


def zero(sort: Sort) -> Value:
    """The value that fills cleared state: never seen by a model, but the same everywhere."""
    match sort:
        case BoolSort():
            return False
        case IntSort(lo, hi):
            return lo if lo is not None else (hi if hi is not None and hi < 0 else 0)
        case EnumSort() | ObjectSort():
            return 0
        case OptionSort():
            return None
        case SetSort():
            return frozenset()
        case MapSort(key, value):
            return (zero(value),) * len(values_of(key))
        case SeqSort():
            return ()


def values_of(sort: Sort) -> tuple[Value, ...] | range:
    """Every value of an enumerable sort, in its fixed order. Objects: all slots, whether an object is there or not.

    Raises ValueError for numbers without bounds and for sets, maps and sequences, which nothing enumerates.
    """
    match sort:
        case BoolSort():
            return (False, True)
        case IntSort(int(lo), int(hi)):
            return range(lo, hi + 1)
        case EnumSort(_, members):
            return range(len(members))
        case ObjectSort(_, slots):
            return range(slots)
        case OptionSort(inner):
            return (None, *values_of(inner))
        case _:
            raise ValueError(f"not enumerable: {sort}")


def contains_objects(sort: Sort) -> bool:
    """Whether values of the sort can refer to objects (map keys are no references)."""
    match sort:
        case ObjectSort():
            return True
        case OptionSort(inner):
            return contains_objects(inner)
        case SetSort(element) | SeqSort(element, _):
            return contains_objects(element)
        case MapSort(_, value):
            return contains_objects(value)
        case _:
            return False


def units_in(sort: Sort) -> Iterator[Unit]:
    """The units of the amounts that values of the sort hold."""
    match sort:
        case IntSort(unit=Unit() as unit):
            yield unit
        case OptionSort(inner) | SetSort(inner) | SeqSort(inner, _) | MapSort(_, inner):
            yield from units_in(inner)
        case _:
            pass


def contains(outer: IntSort, inner: IntSort) -> bool:
    """Whether every number of `inner` lies in `outer`."""
    low = outer.lo is None or (inner.lo is not None and outer.lo <= inner.lo)
    high = outer.hi is None or (inner.hi is not None and inner.hi <= outer.hi)
    return low and high


def fits(value: Value, sort: Sort) -> bool:
    """Whether a value lies within the bounds of the sort it is stored in."""
    match sort, value:
        case IntSort(lo, hi), int(number):
            return (lo is None or lo <= number) and (hi is None or number <= hi)
        case OptionSort(inner), _:
            return value is None or fits(value, inner)
        case SetSort(element), frozenset(members):
            return all(fits(member, element) for member in members)
        case MapSort(_, inner), tuple(entries):
            return all(fits(entry, inner) for entry in entries)
        case SeqSort(element, capacity), tuple(entries):
            return len(entries) <= capacity and all(fits(entry, element) for entry in entries)
        case _:
            return True
