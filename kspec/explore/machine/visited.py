"""The memory of the table of all states found so far, and how full it may be."""

from __future__ import annotations

from typing import Final

from kspec.explore.machine.allocation import Allocator, Row, address_of
from kspec.explore.machine.memory import Own, Shape, Shared

CAPACITY: Final = 1 << 16
"""Entries at first; a power of two."""

_USUAL: Final = (5, 8)
_DENSE: Final = (7, 8)
"""How full the table may be; dense where there is no memory for a larger one."""

_GRANTS: Final = 16
"""A worker may store a sixteenth of what all may, before it asks again."""


class Visited:
    """Workers ask for grants: how many more states each may store before the table must grow."""

    def __init__(self, shape: Shape, allocator: Allocator, capacity: int) -> None:
        self._entry = shape.entry
        self._allocator = allocator
        self._row: Row = allocator.first_row(capacity * shape.entry)
        self._old: Row | None = None
        self.capacity = capacity
        self._share = _USUAL
        self._granted = 0

    @property
    def bytes(self) -> int:
        return self._row.nbytes

    @property
    def _most(self) -> int:
        part, whole = self._share
        return self.capacity * part // whole

    def grant(self, workers: int) -> int:
        """How many states a worker may store now; 0 if the table must grow first."""
        count = min(max(1, self._most // (workers * _GRANTS)), self._most - self._granted)
        self._granted += count
        return count

    def revoke(self, stored: int) -> None:
        """Takes back the grants that are not used: the table has so many states."""
        self._granted = stored

    def describe(self, row: Row) -> None:
        """Tells a worker where the table is."""
        row[Own.TABLE] = address_of(self._row)
        row[Own.SHIFT] = 64 - (self.capacity.bit_length() - 1)
        row[Own.MASK] = self.capacity - 1

    # --- growing -----------------------------------------------------------------------------------------------------

    def begin_growing(self, shared: Row) -> bool:
        """Makes a table of twice the size, which is still empty. False if there is no memory for it, and the table may
        only be filled more than usual, or not even that."""
        row = self._allocator.row(2 * self.capacity * self._entry)
        if row is None:
            return False
        shared[Shared.OLD_TABLE] = address_of(self._row)
        shared[Shared.OLD_CAPACITY] = self.capacity
        shared[Shared.NEXT_STRIPE] = 0
        self._old, self._row = self._row, row
        self.capacity *= 2
        self._share = _USUAL
        return True

    def end_growing(self) -> None:
        """All states have been moved."""
        if self._old is not None:
            self._allocator.release(self._old)
            self._old = None

    def fill_more(self) -> bool:
        """Lets the table become denser. False if it is as dense as it may be."""
        if self._share == _DENSE:
            return False
        self._share = _DENSE
        return True
