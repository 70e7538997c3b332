"""The complete graph of a system, from a search that is done: every state is expanded once more."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np

from kspec.explore.machine.allocation import Allocator, Row
from kspec.explore.machine.crew import Crew
from kspec.explore.machine.frontier import ITEMS_EACH, LARGEST_ITEM
from kspec.explore.machine.memory import Own
from kspec.explore.machine.temporal.make import GraphCode
from kspec.explore.machine.temporal.memory import Shared
from kspec.explore.machine.temporal.steps import SLAB, Piece, Slabs, StepArrays, move, step_arrays
from kspec.explore.machine.temporal.workers import Workers
from kspec.explore.result import Limit
from kspec.explore.temporal.graph import Flags, Masks, Offsets
from kspec.explore.watch import SearchStopped, Watch

MOST_STATES: Final = (1 << 32) - 2
"""A number of a state has 32 bits."""


class Diverged(Exception):
    """A step leads to a state that the search did not find: a defect of kspec."""


@dataclass(frozen=True, slots=True)
class Arrays:
    """What there is for each state, as in `StateGraph`."""

    offsets: Offsets
    served: Masks
    waiting: Masks
    cut: Flags


@dataclass(frozen=True, slots=True)
class Items:
    """By item of work: which worker took it, and where it begins in the steps of that one. `size`: states an item."""

    size: int
    begins: Row
    owners: Row


def room(allocator: Allocator, numbers: int) -> Row:
    """Raises SearchStopped where there is no memory."""
    row = allocator.row(max(1, numbers))
    if row is None:
        raise SearchStopped(Limit.MEMORY, "no memory for the graph")
    return row


def expand(code: GraphCode, crew: Crew, states: Row, workers: Workers, allocator: Allocator) -> tuple[Arrays, Items]:
    """Expands the states, by number, with the table of the search that found them."""
    words, columns = code.shape.words, code.shape.columns
    count = len(states) // words
    numbers = room(allocator, _half(int(crew.workers[0].row[Own.MASK]) + 1))
    offsets = room(allocator, count + 1)
    served, waiting = room(allocator, count * columns), room(allocator, count * columns)
    cut = room(allocator, count // 8 + 1)
    size = max(1, min(LARGEST_ITEM, count // (len(workers.slabs) * ITEMS_EACH)))
    items = Items(size, *(np.zeros(count // size + 1, dtype=np.uint64) for _ in range(2)))
    _describe_table(crew, workers.shared)
    workers.shared[Shared.STATE_COUNT] = count
    workers.point(
        {
            Shared.STATES: states,
            Shared.NUMBERS: numbers,
            Shared.OFFSETS: offsets,
            Shared.SERVED: served,
            Shared.WAITING: waiting,
            Shared.CUT: cut,
            Shared.BEGINS: items.begins,
            Shared.OWNERS: items.owners,
        }
    )
    workers.work(code.enter, size)
    workers.work(code.run, size)
    if workers.lost:
        raise Diverged(f"{workers.lost} states or steps are not in the table of the search")
    allocator.release(numbers)
    np.cumsum(offsets, out=offsets)
    masks = (count, columns)
    served, waiting = (row[: count * columns].reshape(masks) for row in (served, waiting))
    return Arrays(offsets, served, waiting, cut.view(np.bool_)[:count]), items


def _half(numbers: int) -> int:
    """How many words so many numbers of 32 bits take."""
    return -(-numbers // 2)


def _describe_table(crew: Crew, shared: Row) -> None:
    own = crew.workers[0].row
    for cell, of_search in ((Shared.TABLE, Own.TABLE), (Shared.SHIFT, Own.SHIFT), (Shared.MASK, Own.MASK)):
        shared[cell] = own[of_search]


def join(workers: Workers, arrays: Arrays, items: Items, allocator: Allocator, watch: Watch) -> StepArrays:
    """The steps of all workers, in the order of states. Their slabs are given back on the way."""
    steps = step_arrays(int(arrays.offsets[-1]), allocator)
    if steps is None:
        raise SearchStopped(Limit.MEMORY, "no memory for the steps of the graph")
    pieces = _pieces(arrays.offsets, items, len(workers.slabs))

    def move_one(slabs: Slabs, number: int, parts: list[Piece]) -> None:
        watch.check()
        row = slabs.rows[number]
        assert row is not None
        move(row, number * SLAB, parts, steps)
        slabs.rows[number] = None

    with ThreadPoolExecutor(len(workers.slabs), "joining") as threads:
        moves = [
            threads.submit(move_one, slabs, number, parts)
            for slabs, of_worker in zip(workers.slabs, pieces, strict=True)
            for number, parts in enumerate(_by_slab(of_worker, len(slabs.rows)))
        ]
        for done in moves:
            done.result()
    return steps


def _pieces(offsets: Offsets, items: Items, workers: int) -> list[list[Piece]]:
    """The items of each worker, in the order in which it took them."""
    states = len(offsets) - 1
    bounds = np.append(np.arange(0, states, items.size), states)
    starts = offsets[bounds].tolist()
    found: list[list[Piece]] = [[] for _ in range(workers)]
    for item in range(len(starts) - 1):
        piece = Piece(int(items.begins[item]), starts[item], starts[item + 1] - starts[item])
        found[int(items.owners[item])].append(piece)
    return found


def _by_slab(pieces: list[Piece], slabs: int) -> Iterator[list[Piece]]:
    """For each slab, the pieces that it has a part of."""
    rest = iter(pieces)
    piece = next(rest, None)
    for number in range(slabs):
        end = (number + 1) * SLAB
        parts: list[Piece] = []
        while piece is not None and piece.begin < end:
            parts.append(piece)
            if piece.end > end:
                break
            piece = next(rest, None)
        yield parts
