"""What stands where in the memory that the code of the graph and Python share.

There is one row of numbers for all workers and one for each. A worker's row goes on behind the cells named here with
its ring of successors that wait to be looked up, and the units of fairness of the state that it expands. Pointers stand
there as numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

RING_SIZE: Final = 32
"""Successors that wait while their places in the table are fetched into the cache; a power of two."""

TARGET_BITS: Final = 32
ACTION_BITS: Final = 16
UNIT_SHIFT: Final = TARGET_BITS + ACTION_BITS
"""A step is one number: the number of the state it leads to, then its action, then its unit."""


class Shared(IntEnum):
    """The cells of all workers. The one that they write has a cache line of its own."""

    STOP = 0
    """1 if the workers are to stop at once."""
    STATES = 1
    """A pointer to the states, by number."""
    STATE_COUNT = 2
    ITEM_SIZE = 3
    """How many states a worker takes at a time."""
    TABLE = 4
    """The table of the search; its places are those of `NUMBERS`."""
    SHIFT = 5
    MASK = 6
    NUMBERS = 7
    """A pointer to the number of the state in each place of the table, 32 bits each."""
    OFFSETS = 8
    """A pointer to how many steps each state has, behind a number that is left alone."""
    SERVED = 9
    WAITING = 10
    CUT = 11
    """Pointers to what `StateGraph` has of these."""
    BEGINS = 12
    """A pointer to where, in the steps of the worker that took it, each item begins."""
    OWNERS = 13
    """A pointer to the number of the worker that took each item."""
    MORE_ROOM = 14
    """A pointer to `void (i64 worker)`: makes room for more steps of a worker, or sets STOP."""
    NEXT_ITEM = 24
    SIZE = 40


class Own(IntEnum):
    """The cells of one worker."""

    SHARED = 0
    NUMBER = 1
    OUT = 2
    """Where the next step goes."""
    LIMIT = 3
    """Where OUT may not go on without MORE_ROOM."""
    COUNT = 4
    """How many steps it wrote."""
    RING = 5
    """How many successors came to the ring."""
    LOST = 6
    """How many successors are not in the table: none, or something is wrong."""
    SIZE = 8


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes that the code of a graph is made for. `columns`: the masks of 64 units that a state has."""

    words: int
    columns: int

    @property
    def ring(self) -> int:
        return Own.SIZE

    @property
    def ring_entry(self) -> int:
        """The size of an entry of the ring: a state, its hash, and where its number is to be written."""
        return self.words + 2

    @property
    def enabled(self) -> int:
        """Where the masks of units begin that are enabled."""
        return self.ring + RING_SIZE * self.ring_entry

    @property
    def in_queue(self) -> int:
        """Where the masks of units begin that wait in a queue."""
        return self.enabled + self.columns

    @property
    def gone(self) -> int:
        """Where the masks of units begin that are about an object that does not exist."""
        return self.in_queue + self.columns

    @property
    def worker(self) -> int:
        """The size of the row of a worker."""
        return self.gone + self.columns

    @property
    def state_bytes(self) -> int:
        return 8 * self.words
