"""The states of a search in an order that depends on the system alone: by distance, then by their words."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from kspec.explore.machine.allocation import Row
from kspec.explore.machine.frontier import Level, Stretch
from kspec.explore.watch import Watch


def put_in_order(levels: Sequence[Level], words: int, target: Row, workers: int, watch: Watch) -> None:
    """Writes the states of all levels to a row, one behind the other. Raises SearchStopped where time is up."""
    rows = target.reshape(-1, words)
    ends = np.cumsum([level.count for level in levels])

    def one(level: Level, end: int) -> None:
        watch.check()
        _put_level(level, words, rows[end - level.count : end])

    with ThreadPoolExecutor(workers, "ordering") as threads:
        for done in [threads.submit(one, level, int(end)) for level, end in zip(levels, ends, strict=True)]:
            done.result()


def _put_level(level: Level, words: int, target: Row) -> None:
    start = 0
    for stretch in level.stretches:
        target[start : start + stretch.count] = _states(stretch, words)
        start += stretch.count
    if words == 1:
        target[:, 0].sort()
    else:
        target[:] = target[np.lexsort(target.T[::-1])]


def _states(stretch: Stretch, words: int) -> Row:
    memory = (ctypes.c_uint64 * (words * stretch.count)).from_address(stretch.address)
    return np.ctypeslib.as_array(memory).reshape(-1, words)
