"""What stands where in the memory that the code of the search and Python share.

There is one row of numbers for the whole search and one for each worker. A worker's row goes on behind the cells named
here with its ring of waiting successors, its counters and its findings. Pointers stand there as numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

PRESENT: Final = 1 << 63
"""In word 0 of an entry of the table, or of the ring: there is a state."""
WRITING: Final = 1 << 62
"""In word 0 of an entry of the table: a state comes here; its other words are not there yet."""

RING_SIZE: Final = 32
"""Successors that wait while the place in the table that each may have is fetched into the cache."""

FILTER_SPREAD: Final = 0xD6E8FEB86659FD93
"""What a word is multiplied by, so that the top bits of the product depend on all of it."""


def filter_bit(word: int) -> int:
    """The bit of a target in `Own.FILTER`, by its word 0."""
    return 1 << (word * FILTER_SPREAD % (1 << 64) >> 58)


class Signal(IntEnum):
    """What every worker looks at before it expands a state."""

    GO = 0
    MEET = 1
    STOP = 2


class Shared(IntEnum):
    """The cells of the whole search. Those that workers write have a cache line of their own."""

    SIGNAL = 0
    ITEMS = 1
    """A pointer to the work of a level: pairs of the address of a first state and a number of states."""
    ITEM_COUNT = 2
    MEET = 3
    """A pointer to `void (i64 worker)`: waits until all workers met, and does what they met for."""
    MORE_ROOM = 4
    """A pointer to `void (i64 worker)`: makes room for more states of a worker, or sets STOP."""
    OLD_TABLE = 5
    """While the table grows: the one that it grows from."""
    OLD_CAPACITY = 6
    NEXT_ITEM = 16
    NEXT_STRIPE = 32
    SIZE = 48


class Own(IntEnum):
    """The cells of one worker."""

    SHARED = 0
    NUMBER = 1
    TABLE = 2
    SHIFT = 3
    """64 less the binary logarithm of the table's capacity: the top bits of a hash are a state's place."""
    MASK = 4
    """The table's capacity less 1."""
    OUT = 5
    """Where the next new state goes."""
    LIMIT = 6
    """Where OUT may not go on without MORE_ROOM."""
    RING = 7
    """How many successors came to the ring."""
    REPORTED = 8
    """1 if a finding was told that was not told before."""
    SOURCE = 9
    """The state that is being expanded."""
    TARGETS = 10
    """While predecessors are looked for: the states that they are looked for of; else 0."""
    TARGET_COUNT = 11
    FILTER = 12
    """A bit for each target; successors whose bit is not there are none."""
    SIZE = 16


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes that the code of a search is made for."""

    words: int
    counters: int
    findings: int
    fingerprint: int | None = None
    """How many bits the fingerprints have that the table keeps in place of states; None: it keeps states."""

    @property
    def entry(self) -> int:
        """The size of an entry of the table: a state, or its fingerprint."""
        return self.words if self.fingerprint is None else 1

    # --- the row of a worker -----------------------------------------------------------------------------------------

    @property
    def ring(self) -> int:
        """Where the ring begins."""
        return Own.SIZE

    @property
    def ring_entry(self) -> int:
        """The size of an entry of the ring: a state, and its hash."""
        return self.words + 1

    @property
    def first_counter(self) -> int:
        return self.ring + RING_SIZE * self.ring_entry

    @property
    def first_finding(self) -> int:
        return self.first_counter + self.counters

    @property
    def finding(self) -> int:
        """The size of a finding: whether it was told, and the least state it was told of."""
        return 1 + self.words

    @property
    def worker(self) -> int:
        """The size of the row of a worker."""
        return self.first_finding + self.findings * self.finding

    # --- targets -----------------------------------------------------------------------------------------------------

    @property
    def target(self) -> int:
        """The size of a target: a state, whether a predecessor was found, and the least one."""
        return 2 * self.words + 1

    @property
    def state_bytes(self) -> int:
        return 8 * self.words

    @property
    def bytes_a_state(self) -> int:
        """What a state that was expanded takes: its entry of the table and, where levels are kept, itself."""
        return 8 * self.entry + (self.state_bytes if self.fingerprint is None else 0)
