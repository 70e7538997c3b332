"""Shortest ways to states: back through the levels, from each state to the least one that leads to it.

A way costs no memory while the search runs. One pass over the levels, in machine code, serves all ways.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from kspec.explore.machine.allocation import Row, address_of
from kspec.explore.machine.crew import Crew
from kspec.explore.machine.frontier import Level
from kspec.explore.machine.memory import Own, Shape, filter_bit
from kspec.explore.machine.program import Words

Way = tuple[Words, ...]
"""States from an initial one on, each with a step to the next."""


class NoPredecessor(Exception):
    """No state of the level before leads to a state."""


@dataclass(frozen=True, slots=True)
class End:
    """A state and its distance."""

    depth: int
    state: Words


class Past(Protocol):
    """The levels of a search that is over."""

    def at(self, depth: int) -> tuple[Crew, Level]:
        """A level, and a crew that can expand it. It is asked for one after the other, from the last one back."""
        ...


class KeptPast:
    """All levels are still in memory."""

    def __init__(self, crew: Crew, levels: Mapping[int, Level]) -> None:
        crew.reset()
        self._crew = crew
        self._levels = levels

    def at(self, depth: int) -> tuple[Crew, Level]:
        return self._crew, self._levels[depth]


def find_ways(past: Past, shape: Shape, ends: Sequence[End]) -> dict[End, Way]:
    """A shortest way to each end. Raises NoPredecessor."""
    ways: dict[End, list[Words]] = {end: [end.state] for end in ends}
    for depth in range(max((end.depth for end in ends), default=0), 0, -1):
        open_ways = [way for end, way in ways.items() if end.depth >= depth]
        before = _predecessors(past, depth, shape, sorted({way[-1] for way in open_ways}))
        for way in open_ways:
            way.append(before[way[-1]])
    return {end: tuple(reversed(way)) for end, way in ways.items()}


def _predecessors(past: Past, depth: int, shape: Shape, targets: list[Words]) -> dict[Words, Words]:
    """For each target, a state at a depth, the least state of the level before with a step to it."""
    crew, level = past.at(depth - 1)
    tables = [_target_table(shape, targets) for _ in crew.workers]
    for worker, table in zip(crew.workers, tables, strict=True):
        worker.row[Own.TARGETS] = address_of(table)
        worker.row[Own.TARGET_COUNT] = len(targets)
        worker.row[Own.FILTER] = _filter(targets)
    try:
        crew.expand(level, lambda waiting: None)
    finally:
        for worker in crew.workers:
            worker.row[Own.TARGETS] = 0
    return {target: _least(shape, tables, number) for number, target in enumerate(targets)}


def _target_table(shape: Shape, targets: list[Words]) -> Row:
    table = np.zeros((len(targets), shape.target), dtype=np.uint64)
    for row, target in zip(table, targets, strict=True):
        row[: shape.words] = target
    return table.ravel()


def _filter(targets: list[Words]) -> int:
    bits = 0
    for target in targets:
        bits |= filter_bit(target[0])
    return bits


def _least(shape: Shape, tables: list[Row], number: int) -> Words:
    """The least of what the workers found for a target."""
    start = number * shape.target + shape.words
    end = start + 1 + shape.words
    found = [tuple(table[start + 1 : end].tolist()) for table in tables if table[start]]
    if not found:
        raise NoPredecessor("a state of a level has no predecessor in the level before")
    return min(found)
