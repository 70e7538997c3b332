"""One worker of a search: its row of numbers, and the memory of its new states."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kspec.explore.machine.allocation import Allocator, address_of
from kspec.explore.machine.frontier import Arena, words_at
from kspec.explore.machine.memory import RING_SIZE, Own, Shape
from kspec.explore.machine.program import Words

_PADDING = 16
"""Numbers between the rows of two workers, so that they share no cache line."""


class Worker:
    def __init__(self, number: int, shape: Shape, allocator: Allocator, shared: int) -> None:
        self._shape = shape
        self.row = np.zeros(shape.worker + _PADDING, dtype=np.uint64)
        self.address = address_of(self.row)
        self.row[Own.NUMBER] = number
        self.row[Own.SHARED] = shared
        self.arena = Arena(shape, allocator)
        self.granted = 0
        """How many states it may store in all before it must ask again."""

    @property
    def out(self) -> int:
        return int(self.row[Own.OUT])

    @property
    def stored(self) -> int:
        """How many states it found."""
        return self.arena.stored(self.out)

    @property
    def must_ask(self) -> bool:
        return self.stored == self.granted

    def limit(self) -> None:
        """Lets the code store states up to the end of what is granted, or of the slab."""
        granted = self.out + (self.granted - self.stored) * self._shape.state_bytes
        self.row[Own.LIMIT] = min(granted, self.arena.end)

    def next_slab(self) -> bool:
        """Goes on in new memory. False if there is none."""
        start = self.arena.next_slab(self.out)
        if start is None:
            return False
        self.row[Own.OUT] = self.row[Own.LIMIT] = start
        return True

    def revoke(self) -> None:
        """Takes back what was granted and not used."""
        self.granted = self.stored
        self.row[Own.LIMIT] = self.out

    def forget_waiting(self) -> None:
        """Clears the ring of successors, of a search that stopped."""
        shape = self._shape
        self.row[shape.ring : shape.ring + RING_SIZE * shape.ring_entry] = 0

    # --- what it counted and found -----------------------------------------------------------------------------------

    def counters(self) -> list[int]:
        shape = self._shape
        counted: list[int] = self.row[shape.first_counter : shape.first_finding].tolist()
        return counted

    def begin_with(self, counters: Sequence[int]) -> None:
        """Forgets what it counted and found, and goes on from these counts."""
        shape = self._shape
        self.row[shape.first_counter : shape.first_finding] = np.array(counters, dtype=np.uint64)
        self.row[shape.first_finding : shape.worker] = 0
        self.row[Own.REPORTED] = 0

    def has_reported(self) -> bool:
        """Whether something was reported that was not before; asks once."""
        reported = bool(self.row[Own.REPORTED])
        self.row[Own.REPORTED] = 0
        return reported

    def sighting(self, finding: int) -> Words | None:
        """The least state that a finding was reported of."""
        start = self._shape.first_finding + finding * self._shape.finding
        if not self.row[start]:
            return None
        return words_at(self.address + 8 * (start + 1), self._shape.words)
