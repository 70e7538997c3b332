"""The workers of a search, the threads they run on, and what the code calls back for."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from types import TracebackType
from typing import Any, Final

import numpy as np

from kspec.explore.machine.allocation import Allocator, address_of
from kspec.explore.machine.frontier import Level, Stretch
from kspec.explore.machine.meeting import Meeting
from kspec.explore.machine.memory import Shape, Shared, Signal
from kspec.explore.machine.program import Words
from kspec.explore.machine.tiered import TieredCode
from kspec.explore.machine.visited import Visited
from kspec.explore.machine.worker import Worker
from kspec.explore.result import Limit
from kspec.explore.watch import SearchStopped

TICK: Final = 0.05
"""Seconds between two looks at the limits while workers run."""

FEW: Final = 64
"""A level of so few states is expanded on the calling thread."""

_Callback: Final = ctypes.CFUNCTYPE(None, ctypes.c_int64)


class Crew:
    """Expands levels with all workers. Use as a context: it holds much memory, and threads."""

    def __init__(self, code: TieredCode, shape: Shape, allocator: Allocator, workers: int, capacity: int) -> None:
        self._code = code
        self._shape = shape
        self._allocator = allocator
        self._shared = np.zeros(Shared.SIZE, dtype=np.uint64)
        self._visited = Visited(shape, allocator, capacity)
        self.workers = tuple(Worker(n, shape, allocator, address_of(self._shared)) for n in range(workers))
        for worker in self.workers:
            self._visited.describe(worker.row)
        self._meeting = Meeting()
        self._lock = threading.Lock()
        self._growing = False
        self._stopped: BaseException | None = None
        self._callbacks = [self._install(Shared.MEET, self._meet), self._install(Shared.MORE_ROOM, self._more_room)]
        self._threads = ThreadPoolExecutor(workers, "explorer")

    def __enter__(self) -> Crew:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._threads.shutdown()
        self._callbacks.clear()  # they refer to the crew, and would keep its memory until cycles are collected

    @property
    def stored(self) -> int:
        """How many states were found."""
        return sum(worker.stored for worker in self.workers)

    @property
    def bytes(self) -> int:
        """The memory of the table and of the states."""
        return self._allocator.used

    # --- the work ----------------------------------------------------------------------------------------------------

    def add(self, state: Words) -> None:
        """Stores an initial state, if it is new."""
        words = (ctypes.c_uint64 * self._shape.words)(*state)
        self._begin(1)
        self._here(self._code.best.emit, self.workers[0].address, ctypes.addressof(words))

    def add_waiting(self) -> None:
        """Stores the initial states that still wait in a ring."""
        self._begin(1)
        self._here(self._code.best.drain, self.workers[0].address)

    def expand(self, level: Level, tick: Callable[[int], None]) -> None:
        """Expands the states of a level. `tick` is called now and then with the number of states that wait.

        Raises what `tick` raises, and SearchStopped where there is no memory; some states are not expanded then.
        """
        self._work(self._code.best.run, level, tick)

    def restore(self, level: Level, tick: Callable[[int], None]) -> None:
        """Stores the states of a level, which stand elsewhere, as those of the next level. Raises as `expand` does."""
        self._work(self._code.best.restore, level, tick)

    def _work(self, function: Callable[[int], None], level: Level, tick: Callable[[int], None]) -> None:
        items = level.items(self._shape, len(self.workers))
        self._shared[Shared.ITEMS] = address_of(items)
        self._shared[Shared.ITEM_COUNT] = len(items) // 2
        self._shared[Shared.NEXT_ITEM] = 0
        self._code.notice(self.stored)
        tick(level.count)
        if level.count <= FEW:
            self._begin(1)
            self._here(function, self.workers[0].address)
            return
        self._begin(len(self.workers))
        running = [self._threads.submit(self._there, function, worker) for worker in self.workers]
        try:
            self._wait(running, items, tick)
        except BaseException:
            self._signal(Signal.STOP)
            raise
        finally:
            wait(running)
        self._raise_if_stopped()

    def take_level(self) -> Level:
        """The states that were found since the last call."""
        stretches: list[Stretch] = []
        for worker in self.workers:
            stretches += worker.arena.end_level(worker.out)
        return Level(tuple(stretches))

    def forget_older(self) -> None:
        """Gives back the memory of all levels before the one that was taken last."""
        for worker in self.workers:
            worker.arena.forget_older()

    def begin_with(self, counters: Sequence[int]) -> None:
        """The workers forget what they counted and found, and go on from these sums."""
        for worker in self.workers:
            worker.begin_with([0] * len(counters))
        self.workers[0].begin_with(counters)

    def reset(self) -> None:
        """Makes the crew ready for another use, after a search that perhaps stopped."""
        self._shared[Shared.SIGNAL] = Signal.GO
        self._stopped = None
        for worker in self.workers:
            worker.forget_waiting()

    def _wait(self, running: list[Future[None]], items: Any, tick: Callable[[int], None]) -> None:
        sizes = items[1::2]
        while True:
            done, pending = wait(running, timeout=TICK)
            if not pending:
                break
            self._code.notice(self.stored)
            tick(int(sizes[int(self._shared[Shared.NEXT_ITEM]) :].sum()))
        for future in done:
            future.result()

    def _begin(self, workers: int) -> None:
        self._meeting.begin(workers)

    def _here(self, function: Callable[..., None], *arguments: int) -> None:
        """Runs code on this thread, as the only worker."""
        try:
            function(*arguments)
        finally:
            self._meeting.leave()
        self._raise_if_stopped()

    def _there(self, function: Callable[[int], None], worker: Worker) -> None:
        try:
            function(worker.address)
        finally:
            self._meeting.leave()

    # --- what the code calls back for --------------------------------------------------------------------------------

    def _install(self, cell: Shared, act: Callable[[Worker], None]) -> object:
        """Lets the code call a function through a cell. What is returned must live as long as the code runs."""
        callback = _Callback(self._guarded(act))
        self._shared[cell] = ctypes.c_void_p.from_buffer(callback).value or 0  # `cast` would make a reference cycle
        return callback

    def _guarded(self, act: Callable[[Worker], None]) -> Callable[[int], None]:
        """No exception may pass through the code: the search stops instead, and the exception is raised behind it."""

        def call(number: int) -> None:
            try:
                act(self.workers[number])
            except BaseException as error:  # an interrupt may come at any point
                self._stop(error)

        return call

    def _more_room(self, worker: Worker) -> None:
        if worker.out == worker.arena.end:
            with self._lock:
                has_room = worker.next_slab()
            if not has_room:
                self._stop(SearchStopped(Limit.MEMORY, "no memory for more states"))
                return
        while worker.must_ask and self._shared[Shared.SIGNAL] != Signal.STOP:
            with self._lock:
                worker.granted += self._visited.grant(len(self.workers))
            if worker.must_ask:
                self._signal(Signal.MEET)
                self._meet(worker)
        worker.limit()

    def _meet(self, worker: Worker) -> None:
        self._meeting.gather(self._begin_growing)
        if self._growing:
            self._code.best.rehash(worker.address)
            self._meeting.gather(self._end_growing)

    def _begin_growing(self) -> None:
        self._growing = False
        for worker in self.workers:
            worker.revoke()
        self._visited.revoke(self.stored)
        if self._visited.begin_growing(self._shared):
            for worker in self.workers:
                self._visited.describe(worker.row)
            self._growing = True
        elif self._visited.fill_more():
            self._signal(Signal.GO)
        else:
            self._stop(SearchStopped(Limit.MEMORY, "no memory for a larger table"))

    def _end_growing(self) -> None:
        self._visited.end_growing()
        self._signal(Signal.GO)

    def _stop(self, error: BaseException) -> None:
        self._stopped = error
        self._signal(Signal.STOP)

    def _signal(self, signal: Signal) -> None:
        """STOP is for good."""
        with self._lock:
            if self._shared[Shared.SIGNAL] != Signal.STOP:
                self._shared[Shared.SIGNAL] = signal

    def _raise_if_stopped(self) -> None:
        if self._stopped is not None:
            raise self._stopped
