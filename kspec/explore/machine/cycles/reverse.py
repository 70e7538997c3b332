"""The steps of a graph by what they lead to, in machine code."""

from __future__ import annotations

from enum import IntEnum
from functools import cache
from typing import Final

import numpy as np
from llvmlite import ir

from kspec.explore.machine.builder import ROW, Builder
from kspec.explore.machine.cycles.code import Function, functions_of
from kspec.explore.machine.cycles.product import Column
from kspec.explore.machine.cycles.running import point, run, zeros
from kspec.explore.temporal.graph import Numbers, Offsets, StateGraph
from kspec.explore.watch import Watch

_NAMES: Final = ("count", "fill")


class Cell(IntEnum):
    STOP = 0
    STATES = 1
    OFFSETS = 2
    TARGETS = 3
    PLACES = 4
    """By state: how many steps lead to it; then where the next one of them goes."""
    SOURCES = 5
    SIZE = 8


def reversed_steps(graph: StateGraph, watch: Watch) -> tuple[Offsets, Numbers]:
    """Offsets by target, and the sources. Takes 16 bytes a state and 4 a step."""
    count, fill = _code()
    row = np.zeros(Cell.SIZE, dtype=np.uint64)
    row[Cell.STATES] = graph.states
    places, sources = zeros(graph.states + 1, np.uint64), zeros(graph.steps, np.uint32)
    point(row, Cell.OFFSETS, graph.offsets)
    point(row, Cell.TARGETS, graph.targets)
    point(row, Cell.PLACES, places)
    point(row, Cell.SOURCES, sources)
    run(count, row, watch)
    offsets = np.cumsum(places, dtype=np.uint64)
    places[:] = offsets
    run(fill, row, watch)
    return offsets, sources


@cache
def _code() -> tuple[Function, Function]:
    made = functions_of("reverse", _NAMES, lambda: str(_generate()))
    return made["count"], made["fill"]


def _generate() -> ir.Module:
    module = ir.Module("reverse")
    count, fill = (ir.Function(module, ir.FunctionType(ir.VoidType(), (ROW,)), name) for name in _NAMES)
    _define(count, fills=False)
    _define(fill, fills=True)
    return module


def _define(function: ir.Function, *, fills: bool) -> None:
    """`void (row)`: for each step, counts it at the place behind its target's, or puts its source there."""
    b = Builder(function)
    row = function.args[0]

    def pointer(cell: Cell) -> ir.Value:
        return b.ir.inttoptr(b.load(row, cell), ROW)

    def narrow(cell: Cell) -> Column:
        return Column(b, b.ir.inttoptr(b.load(row, cell), ir.IntType(32).as_pointer()))

    offsets, places = pointer(Cell.OFFSETS), pointer(Cell.PLACES)
    targets, sources = narrow(Cell.TARGETS), narrow(Cell.SOURCES)
    end = b.block("end")
    with b.loop(0, b.load(row, Cell.STATES)) as state:
        b.jump_when(b.differ(b.load_relaxed(row, Cell.STOP), 0), end)
        with b.loop(b.load(offsets, state.index), b.load(offsets, b.add(state.index, 1))) as step:
            target = targets.get(step.index)
            place = target if fills else b.add(target, 1)
            at = b.load(places, place)
            if fills:
                sources.set(at, state.index)
            b.store(places, place, b.add(at, 1))
    b.place(end)
    b.ret()
    b.finish()
