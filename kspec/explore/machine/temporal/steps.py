"""The steps that workers write, in slabs of memory, and how they become arrays by state."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from kspec.explore.machine.allocation import Allocator, Row, address_of
from kspec.explore.machine.temporal.memory import TARGET_BITS, UNIT_SHIFT, Own

SLAB: Final = 1 << 20
"""How many steps one piece of memory holds."""

_TARGET: Final = np.uint64((1 << TARGET_BITS) - 1)


@dataclass(slots=True)
class Slabs:
    """The steps of one worker, in the order in which it wrote them."""

    rows: list[Row | None] = field(default_factory=list)

    def next(self, allocator: Allocator, own: Row) -> bool:
        """Goes on in new memory. False if there is none."""
        row = allocator.row(SLAB)
        if row is None:
            return False
        self.rows.append(row)
        own[Own.OUT] = address_of(row)
        own[Own.LIMIT] = address_of(row) + row.nbytes
        return True


@dataclass(frozen=True, slots=True)
class StepArrays:
    """See `StateGraph`."""

    targets: np.ndarray[Any, np.dtype[np.uint32]]
    actions: np.ndarray[Any, np.dtype[np.uint16]]
    units: np.ndarray[Any, np.dtype[np.uint16]]


@dataclass(frozen=True, slots=True)
class Piece:
    """Steps of one worker that stand one behind the other there, from `begin` on, and go to `start`."""

    begin: int
    start: int
    count: int

    @property
    def end(self) -> int:
        """Behind the last of them, where `begin` is."""
        return self.begin + self.count


def step_arrays(count: int, allocator: Allocator) -> StepArrays | None:
    """Room for so many steps; None if there is no memory."""
    rows = [allocator.row(-(-max(count, 1) // parts)) for parts in (2, 4, 4)]
    if any(row is None for row in rows):
        return None
    targets, actions, units = (row for row in rows if row is not None)
    return StepArrays(targets.view(np.uint32)[:count], actions.view(np.uint16)[:count], units.view(np.uint16)[:count])


def move(slab: Row, first: int, pieces: list[Piece], arrays: StepArrays) -> None:
    """Moves the parts of these pieces that a slab has to their places. `first`: the position of its first step."""
    for piece in pieces:
        begin, end = max(piece.begin, first), min(piece.end, first + SLAB)
        steps = slab[begin - first : end - first]
        to = slice(piece.start + begin - piece.begin, piece.start + end - piece.begin)
        arrays.targets[to] = steps & _TARGET
        arrays.actions[to] = steps >> np.uint64(TARGET_BITS) & np.uint64((1 << UNIT_SHIFT - TARGET_BITS) - 1)
        arrays.units[to] = steps >> np.uint64(UNIT_SHIFT)
