"""The workers that build a graph, and the threads they run on."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Final

import numpy as np

from kspec.explore.machine.allocation import Allocator, Row, address_of
from kspec.explore.machine.temporal.memory import Own, Shape, Shared
from kspec.explore.machine.temporal.steps import Slabs
from kspec.explore.result import Limit
from kspec.explore.watch import SearchStopped, Watch

TICK: Final = 0.05
"""Seconds between two looks at the limits while workers run."""

_PADDING: Final = 16
"""Numbers between the rows of two workers, so that they share no cache line."""

_Callback: Final = ctypes.CFUNCTYPE(None, ctypes.c_int64)


class Workers:
    """What all workers share is in `shared`, by `Shared`. Each writes its steps to slabs of its own."""

    def __init__(self, shape: Shape, allocator: Allocator, watch: Watch, workers: int) -> None:
        self._allocator = allocator
        self._watch = watch
        self._lock = threading.Lock()
        self._stopped: BaseException | None = None
        self._callback = _Callback(self._more_room)
        self.shared: Row = np.zeros(Shared.SIZE, dtype=np.uint64)
        self.shared[Shared.MORE_ROOM] = ctypes.c_void_p.from_buffer(self._callback).value or 0
        self._rows = [np.zeros(shape.worker + _PADDING, dtype=np.uint64) for _ in range(workers)]
        for number, row in enumerate(self._rows):
            row[Own.SHARED], row[Own.NUMBER] = address_of(self.shared), number
        self.slabs = tuple(Slabs() for _ in range(workers))

    @property
    def lost(self) -> int:
        """How many successors were not found in the table."""
        return sum(int(row[Own.LOST]) for row in self._rows)

    def point(self, rows: Mapping[Shared, Row]) -> None:
        """Has cells that all workers share point to these rows, which must live as long as the code runs."""
        for cell, row in rows.items():
            self.shared[cell] = address_of(row)

    def work(self, function: Callable[[int], None], item_size: int) -> None:
        """Runs a function of the code on all workers, until no item is left. Raises SearchStopped where a limit is met,
        and KeyboardInterrupt."""
        self._watch.check()
        self.shared[Shared.NEXT_ITEM] = 0
        self.shared[Shared.ITEM_SIZE] = item_size
        with ThreadPoolExecutor(len(self._rows), "graph") as threads:
            running = [threads.submit(function, address_of(row)) for row in self._rows]
            try:
                while wait(running, timeout=TICK).not_done:
                    self._watch.check()
            except BaseException:
                self.shared[Shared.STOP] = 1
                raise
        for future in running:
            future.result()
        if self._stopped is not None:
            raise self._stopped

    def _more_room(self, number: int) -> None:
        """No exception may pass through the code: it is raised behind it."""
        try:
            with self._lock:
                if not self.slabs[number].next(self._allocator, self._rows[number]):
                    raise SearchStopped(Limit.MEMORY, "no memory for more steps")
        except BaseException as error:  # an interrupt may come at any point
            self._stopped = error
            self.shared[Shared.STOP] = 1

    def close(self) -> None:
        """The callback refers to the workers, and would keep their memory until cycles are collected."""
        del self._callback
