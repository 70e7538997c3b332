"""Runs the code of a search over the row that describes its memory."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any, Final, TypeAlias

import numpy as np

from kspec.explore.machine.allocation import Row, address_of
from kspec.explore.machine.cycles.code import Function
from kspec.explore.result import Limit
from kspec.explore.watch import SearchStopped, Watch

TICK: Final = 0.05
"""Seconds between two looks at the limits."""

STOP: Final = 0
"""The cell of every row that stops the code where it is not 0."""

Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]


def run(function: Function, row: Row, watch: Watch) -> None:
    """On a thread of its own, so that limits and interrupts are seen. Raises SearchStopped."""
    watch.check()
    row[STOP] = 0
    with ThreadPoolExecutor(1, "cycles") as threads:
        running = threads.submit(function.call, address_of(row))
        try:
            while wait([running], timeout=TICK).not_done:
                watch.check()
        finally:
            row[STOP] = 1
    running.result()


def point(row: Row, cell: int, array: Array) -> None:
    """The caller keeps the array for as long as the code may use it."""
    assert array.flags.c_contiguous
    row[cell] = int(array.ctypes.data)


def zeros(size: int, of: type[np.generic]) -> Array:
    """Only what is written to takes memory. Raises SearchStopped where there is none."""
    try:
        return np.zeros(size, dtype=of)
    except MemoryError as error:
        raise SearchStopped(Limit.MEMORY, "no memory for the search for a cycle") from error
