"""Values as cells: rows of 64-bit numbers.

| sort                                             | cells                                                            |
|--------------------------------------------------|------------------------------------------------------------------|
| bool, numbers, enums, objects                    | the value                                                        |
| option of these                                  | the value; none is -1, of numbers `NO_NUMBER`                    |
| set over at most `SMALL` values                  | one bit for each value                                           |
| other sets                                       | `CHUNK` bits a cell                                              |
| option of sets, maps, sequences                  | 1 or 0 (none), then the value                                    |
| map                                              | the entries                                                      |
| sequence                                         | the length, then room for all entries                            |

The first three are *scalar*: one cell, and no address is needed to work with it. Cells of a value that is not there
(entries behind the length, the value of none) may be anything while computing; in a state they are what zero bits
decode to.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import assert_never

from kspec.explore.machine.program import NotCompilable
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
)

SMALL = 62
"""The most values of a set that is one cell, and the most bits of a number."""
CHUNK = 32
NO_NUMBER = -(1 << 63)
"""None, where the others are numbers."""
MOST_CELLS = 1 << 13
"""Of one value; more would fill the stack."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """How a cell is packed: 0 bits are `zero`, other bits are the cell less `bias`."""

    bits: int
    bias: int
    zero: int

    def decode(self, bits: int) -> int:
        return bits + self.bias if bits else self.zero

    def encode(self, cell: int) -> int:
        return 0 if cell == self.zero else cell - self.bias


@dataclass(frozen=True, slots=True)
class Universe:
    """The values of a sort by their ordinals, from 0: `value - origin`, but 0 for a `none` that is `NO_NUMBER`."""

    origin: int
    size: int
    none: int | None
    """The cell of none, if it is among the values."""


# --- scalars ---------------------------------------------------------------------------------------------------------


def is_scalar(sort: Sort) -> bool:
    match sort:
        case OptionSort(inner):
            return is_scalar(inner) and not isinstance(inner, SetSort)
        case SetSort(element):
            return universe(element).size <= SMALL
        case MapSort() | SeqSort():
            return False
        case _:
            return True


def plain(sort: Sort) -> Sort:
    """The sort without the options around it."""
    return plain(sort.inner) if isinstance(sort, OptionSort) else sort


def none_cell(sort: Sort) -> int:
    """The cell of none, in options of this scalar sort."""
    return NO_NUMBER if isinstance(plain(sort), IntSort) else -1


def bounds(sort: IntSort) -> tuple[int, int]:
    """The bounds of a number. Raises NotCompilable where there are none, or they are too far apart."""
    lo, hi = sort.lo, sort.hi
    if lo is None or hi is None or lo <= -(1 << SMALL) or hi >= 1 << SMALL or hi - lo >= (1 << SMALL) - 1:
        raise NotCompilable(f"a number of more than {SMALL} bits")
    return lo, hi


def universe(sort: Sort) -> Universe:
    """The ordinals of the values of an enumerable sort."""
    match sort:
        case OptionSort(inner) if isinstance(inner, OptionSort):
            return universe(inner)
        case OptionSort(inner):
            of_inner = universe(inner)
            return Universe(of_inner.origin - 1, of_inner.size + 1, none_cell(inner))
        case IntSort():
            lo, hi = bounds(sort)
            return Universe(lo, max(0, hi - lo + 1), None)
        case BoolSort() | EnumSort() | ObjectSort():
            return Universe(0, cardinality(sort) or 0, None)
        case SetSort() | MapSort() | SeqSort():
            raise NotCompilable(f"a set or map over {sort}")
        case _:
            assert_never(sort)


# --- cells -----------------------------------------------------------------------------------------------------------


def cells(sort: Sort) -> int:
    """How many cells a value has."""
    count = _count(sort)
    if count > MOST_CELLS:
        raise NotCompilable(f"a value of more than {MOST_CELLS:,} cells")
    return count


def _count(sort: Sort) -> int:
    if is_scalar(sort):
        return 1
    match sort:
        case OptionSort(inner):
            return 1 + _count(inner)
        case SetSort(element):
            return chunks(universe(element).size)
        case MapSort(key, value):
            return universe(key).size * _count(value)
        case SeqSort(element, capacity):
            return 1 + capacity * _count(element)
        case _:
            return 1


def chunks(size: int) -> int:
    """The cells of a set over so many values."""
    return 1 if size <= SMALL else -(-size // CHUNK)


def leaves(sort: Sort) -> Iterator[Leaf]:
    """How each cell of a value is packed."""
    match sort:
        case BoolSort() | EnumSort() | ObjectSort() | IntSort():
            yield _scalar_leaf(sort, None)
        case OptionSort(inner) if is_scalar(sort):
            yield _scalar_leaf(plain(inner), none_cell(inner))
        case OptionSort(inner):
            yield Leaf(1, 0, 0)
            yield from leaves(inner)
        case SetSort(element):
            size = universe(element).size
            width = SMALL if size <= SMALL else CHUNK
            for start in range(0, max(size, 1), width):
                yield Leaf(min(width, size - start), 0, 0)
        case MapSort(key, value):
            for entry in repeat(tuple(leaves(value)), universe(key).size):
                yield from entry
        case SeqSort(element, capacity):
            yield Leaf(capacity.bit_length(), 0, 0)
            for entry in repeat(tuple(leaves(element)), capacity):
                yield from entry
        case _:
            assert_never(sort)


def _scalar_leaf(sort: Sort, none: int | None) -> Leaf:
    """The values by their ordinals, behind none."""
    values = universe(sort)
    if none is None:
        return Leaf(max(values.size - 1, 0).bit_length(), values.origin, values.origin)
    return Leaf(values.size.bit_length(), values.origin - 1, none)


# --- values and their cells ------------------------------------------------------------------------------------------


def to_cells(value: Value, sort: Sort) -> list[int]:
    """The cells of a value of a sort, those that are not there as zero bits."""
    match sort, value:
        case OptionSort(inner), _ if is_scalar(sort):
            return [none_cell(inner)] if value is None else to_cells(value, inner)
        case OptionSort(inner), None:
            return [0, *(leaf.zero for leaf in leaves(inner))]
        case OptionSort(inner), _:
            return [1, *to_cells(value, inner)]
        case SetSort(element), frozenset(members):
            return _set_cells(members, universe(element))
        case MapSort(_, of), tuple(entries):
            return [cell for entry in entries for cell in to_cells(entry, of)]
        case SeqSort(element, capacity), tuple(entries):
            empty = [leaf.zero for leaf in leaves(element)] * (capacity - len(entries))
            return [len(entries), *(cell for entry in entries for cell in to_cells(entry, element)), *empty]
        case _, int(number):
            return [int(number)]
        case _:
            raise TypeError(f"no value of {sort}: {value}")


def _set_cells(members: frozenset[Value], values: Universe) -> list[int]:
    width = SMALL if values.size <= SMALL else CHUNK
    found = [0] * chunks(values.size)
    for member in members:
        ordinal = 0 if member is None else int(_number(member)) - values.origin
        found[ordinal // width] |= 1 << ordinal % width
    return found


def from_cells(found: Sequence[int], sort: Sort) -> Value:
    """The value that cells stand for."""
    match sort:
        case OptionSort(inner) if is_scalar(sort):
            return None if found[0] == none_cell(inner) else from_cells(found, inner)
        case OptionSort(inner):
            return from_cells(found[1:], inner) if found[0] else None
        case BoolSort():
            return bool(found[0])
        case IntSort() | EnumSort() | ObjectSort():
            return found[0]
        case SetSort(element):
            return _members(found, universe(element), plain(element))
        case MapSort(key, value):
            width = cells(value)
            return tuple(from_cells(found[n * width : (n + 1) * width], value) for n in range(universe(key).size))
        case SeqSort(element, _):
            width = cells(element)
            return tuple(from_cells(found[1 + n * width : 1 + (n + 1) * width], element) for n in range(found[0]))
        case _:
            assert_never(sort)


def _members(found: Sequence[int], values: Universe, element: Sort) -> frozenset[Value]:
    width = SMALL if values.size <= SMALL else CHUNK
    members: list[Value] = []
    for ordinal in range(values.size):
        if found[ordinal // width] >> ordinal % width & 1:
            is_none = ordinal == 0 and values.none is not None
            members.append(None if is_none else from_cells([ordinal + values.origin], element))
    return frozenset(members)


def _number(value: Value) -> int:
    if not isinstance(value, int):
        raise TypeError(f"not a scalar: {value}")
    return value
