"""Rows of numbers in huge pages, within a limit of memory."""

from __future__ import annotations

import mmap
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from kspec.explore.watch import resident_bytes

Row: TypeAlias = NDArray[np.uint64]

_FLAGS: Final = getattr(mmap, "MAP_PRIVATE", 0) | getattr(mmap, "MAP_ANONYMOUS", 0)


class Allocator:
    """Gives rows of zeros, of which only the pages that are written to take memory, and knows how much it gave.

    The limit is that of the process: what the process had in use before counts too.
    """

    def __init__(self, limit: int | None) -> None:
        self._limit = limit
        self._before = resident_bytes()
        self.used = 0

    def row(self, size: int) -> Row | None:
        """A row of so many numbers; None where it does not fit within the limit, or the system has no memory."""
        if self._limit is not None and self._before + self.used + 8 * size > self._limit:
            return None
        try:
            return self.first_row(size)
        except (OSError, OverflowError):
            return None

    def first_row(self, size: int) -> Row:
        """A row that a search cannot begin without: the limit is not asked, so that it is small."""
        pages = mmap.mmap(-1, 8 * size, flags=_FLAGS) if _FLAGS else mmap.mmap(-1, 8 * size)
        if hasattr(mmap, "MADV_HUGEPAGE"):
            pages.madvise(mmap.MADV_HUGEPAGE)
        self.used += 8 * size
        return np.frombuffer(pages, dtype=np.uint64)

    def release(self, row: Row) -> None:
        """The row is not used any more; its memory is free when the last reference to it is gone."""
        self.used -= row.nbytes


def address_of(row: Row) -> int:
    return int(row.ctypes.data)
