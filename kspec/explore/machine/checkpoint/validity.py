"""Whether words are packed states: machine code reads what it is given without looking, and must not be misled."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import repeat
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from kspec.explore.machine.layout import WORD, PackedLayout
from kspec.explore.machine.shapes import is_scalar, leaves, plain, universe
from kspec.system.sorts import BoolSort, EnumSort, IntSort, MapSort, ObjectSort, OptionSort, SeqSort, SetSort, Sort


class Validity:
    """Knows for each cell of a layout the largest number of its bits that stands for a value."""

    def __init__(self, layout: PackedLayout) -> None:
        largest = [
            number
            for stretch in layout.stretches.values()
            for number in tuple(largest_bits(stretch.variable.sort)) * stretch.count
        ]
        self._used = np.zeros(layout.words, dtype=np.uint64)
        self._bounded: list[tuple[int, np.uint64, np.uint64, np.uint64]] = []
        """Word, shift, mask and largest number of the cells that do not use all of their bits."""
        for leaf, position, most in zip(layout.leaves, layout.positions, largest, strict=True):
            word, shift = divmod(position, WORD)
            mask = (1 << leaf.bits) - 1
            self._used[word] |= np.uint64(mask << shift)
            if most < mask:
                self._bounded.append((word, np.uint64(shift), np.uint64(mask), np.uint64(most)))

    def admits(self, states: NDArray[np.uint64]) -> bool:
        """Whether all rows are packed states, each cell with one of its values."""
        if np.any(states & ~self._used):
            return False
        return all(bool(np.all((states[:, word] >> shift) & mask <= most)) for word, shift, mask, most in self._bounded)


def largest_bits(sort: Sort) -> Iterator[int]:
    """For each of the `leaves` of a sort the largest number of its bits."""
    match sort:
        case OptionSort(inner) if is_scalar(sort):
            yield universe(plain(inner)).size
        case OptionSort(inner):
            yield 1
            yield from largest_bits(inner)
        case SetSort():
            yield from ((1 << leaf.bits) - 1 for leaf in leaves(sort))
        case MapSort(key, value):
            for entry in repeat(tuple(largest_bits(value)), universe(key).size):
                yield from entry
        case SeqSort(element, capacity):
            yield capacity
            for entry in repeat(tuple(largest_bits(element)), capacity):
                yield from entry
        case BoolSort() | EnumSort() | ObjectSort() | IntSort():
            yield max(universe(sort).size - 1, 0)
        case _:
            assert_never(sort)
