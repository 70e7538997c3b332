"""The states of a level, where they stand in memory, and how workers share them out."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from kspec.explore.machine.allocation import Allocator, Row, address_of
from kspec.explore.machine.memory import Shape
from kspec.explore.machine.program import Words

LARGEST_ITEM: Final = 1024
"""The most states that a worker takes at a time."""
ITEMS_EACH: Final = 16
"""How many items of work a worker should find at least, so that all end at about the same time."""

FIRST_SLAB: Final = 1 << 16
LARGEST_SLAB: Final = 1 << 23
"""Bytes of memory taken at a time for new states."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """States that stand one behind the other."""

    address: int
    count: int


@dataclass(frozen=True, slots=True)
class Level:
    """The states at one distance from the initial states."""

    stretches: tuple[Stretch, ...]

    @property
    def count(self) -> int:
        return sum(stretch.count for stretch in self.stretches)

    def items(self, shape: Shape, workers: int) -> Row:
        """The work of the level: pairs of an address and a number of states."""
        size = max(1, min(LARGEST_ITEM, self.count // (workers * ITEMS_EACH)))
        return np.concatenate([_items(stretch, size, shape.state_bytes) for stretch in self.stretches])


def _items(stretch: Stretch, size: int, state_bytes: int) -> Row:
    starts = np.arange(0, stretch.count, size, dtype=np.uint64)
    items = np.empty((len(starts), 2), dtype=np.uint64)
    items[:, 0] = starts * np.uint64(state_bytes) + np.uint64(stretch.address)
    items[:, 1] = np.minimum(np.uint64(size), np.uint64(stretch.count) - starts)
    return items.ravel()


class Arena:
    """The memory that the new states of one worker go to. They stay there until older ones are forgotten."""

    def __init__(self, shape: Shape, allocator: Allocator) -> None:
        self._state_bytes = shape.state_bytes
        self._allocator = allocator
        self._slabs: list[Row] = []
        self._slab_bytes = FIRST_SLAB
        self._start = 0
        """Where the states begin that belong to no stretch yet."""
        self.end = 0
        """Where the slab has no room for another state."""
        self._stretches: list[Stretch] = []
        self._before = 0
        """States that belong to a stretch."""
        self._latest_from = 0
        """Which slab the level that ended last begins in."""
        self._next_from = 0
        """Which slab the next one begins in."""

    def stored(self, out: int) -> int:
        """How many states there are in all, if the next goes to `out`."""
        return self._before + (out - self._start) // self._state_bytes

    def next_slab(self, out: int) -> int | None:
        """Where the next state goes, now that the slab is full; None if there is no memory."""
        self._end_stretch(out)
        count = max(1, self._slab_bytes // self._state_bytes)
        slab = self._allocator.row(count * self._state_bytes // 8)
        if slab is None:
            self._start = out
            return None
        self._slabs.append(slab)
        self._slab_bytes = min(2 * self._slab_bytes, LARGEST_SLAB)
        self._start = address_of(slab)
        self.end = self._start + count * self._state_bytes
        return self._start

    def end_level(self, out: int) -> list[Stretch]:
        """What was stored since the last call."""
        self._end_stretch(out)
        stretches, self._stretches = self._stretches, []
        self._latest_from, self._next_from = self._next_from, max(0, len(self._slabs) - 1)
        return stretches

    def forget_older(self) -> None:
        """Gives back the memory of the states before those that `end_level` gave last."""
        for slab in self._slabs[: self._latest_from]:
            self._allocator.release(slab)
        del self._slabs[: self._latest_from]
        self._next_from -= self._latest_from
        self._latest_from = 0

    def _end_stretch(self, out: int) -> None:
        count = (out - self._start) // self._state_bytes
        if count:
            self._stretches.append(Stretch(self._start, count))
        self._before += count
        self._start = out


def states_at(stretch: Stretch, words: int) -> Iterator[Words]:
    """The states of a stretch."""
    for number in range(stretch.count):
        yield words_at(stretch.address + 8 * words * number, words)


def words_at(address: int, words: int) -> Words:
    """The state at an address."""
    return tuple((ctypes.c_uint64 * words).from_address(address))
