"""Random runs in machine code, on several threads."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
from llvmlite import binding, ir

from kspec.evaluate.run import State
from kspec.explore.machine.allocation import Row, address_of
from kspec.explore.machine.compile import load
from kspec.explore.machine.functions import declare
from kspec.explore.machine.generate import generate
from kspec.explore.machine.make import kept_code
from kspec.explore.machine.program import Program
from kspec.explore.machine.simulation.kernel import Subjects, declare_offer, define_kernel, subjects_of
from kspec.explore.machine.simulation.memory import Own, Shape, Shared, Sight
from kspec.explore.machine.simulation.sampling import Sampled
from kspec.explore.simulate.result import End, Plan, Seen
from kspec.explore.simulate.stream import WORD, mixed
from kspec.explore.simulate.totals import Totals
from kspec.explore.watch import Watch
from kspec.system.system import System

TICK: Final = 0.05
"""Seconds between two looks at the limits."""

_PADDING: Final = 16
"""Numbers between the rows of two workers, so that they share no cache line."""

_Walk: Final = ctypes.CFUNCTYPE(None, ctypes.c_void_p)


@dataclass(frozen=True, slots=True)
class Machine:
    """The compiled code of the runs of a system."""

    program: Program
    shape: Shape
    subjects: Subjects
    walk: Callable[[int], None]
    """Runs without Python's lock."""
    engine: binding.ExecutionEngine
    """Owns the memory of the code."""


def build(system: System) -> Machine:
    """Raises NotCompilable where machine code cannot do what the system needs."""
    functions = declare(ir.Module("simulation"))
    offer = declare_offer(functions.module)
    program = generate(system, functions, outlet=partial(Sampled, offer=offer)).program
    subjects = subjects_of(program.findings)
    shape = Shape(program.words, len(program.counters), len(system.actions), len(subjects.names))
    define_kernel(functions, offer, shape, program, subjects)
    engine = load(kept_code(str(functions.module)))
    return Machine(program, shape, subjects, _Walk(engine.get_function_address("walk")), engine)


def simulate(
    system: System,
    starts: Sequence[State],
    plan: Plan,
    totals: Totals,
    watch: Watch,
    on_progress: Callable[[int], None],
    *,
    workers: int,
) -> None:
    """Carries out all runs of a plan. Raises SearchStopped where a limit is met, and KeyboardInterrupt; the totals then
    have the runs until there. Raises NotCompilable before any."""
    machine = build(system)
    words = np.array([machine.program.pack(start) for start in starts], dtype=np.uint64)
    shared = np.zeros(Shared.SIZE, dtype=np.uint64)
    shared[Shared.RUNS], shared[Shared.DEPTH], shared[Shared.SEED] = plan.runs, plan.depth, mixed(plan.seed & WORD)
    shared[Shared.STARTS], shared[Shared.START_COUNT] = address_of(words), len(starts)
    rows = [_row(machine.shape, shared) for _ in range(min(workers, plan.runs))]
    try:
        _walk_all(machine, shared, rows, watch, on_progress)
    finally:
        for row in rows:
            _add(totals, machine, row)


def _row(shape: Shape, shared: Row) -> Row:
    row = np.zeros(shape.worker + _PADDING, dtype=np.uint64)
    row[Own.SHARED] = address_of(shared)
    return row


def _walk_all(
    machine: Machine, shared: Row, rows: Sequence[Row], watch: Watch, on_progress: Callable[[int], None]
) -> None:
    with ThreadPoolExecutor(len(rows), "simulation") as threads:
        running = [threads.submit(machine.walk, address_of(row)) for row in rows]
        try:
            while wait(running, timeout=TICK).not_done:
                watch.check()
                on_progress(sum(int(row[Own.DONE]) for row in rows))
        finally:
            shared[Shared.STOP] = 1
    for future in running:
        future.result()


def _add(totals: Totals, machine: Machine, row: Row) -> None:
    """What one worker counted and saw."""
    shape = machine.shape
    done, ended, quiet, cut = (int(row[cell]) for cell in (Own.DONE, Own.ENDED, Own.QUIET, Own.CUT))
    ends = {End.FULL: done - ended, End.QUIET: quiet, End.CUT: cut, End.FAILING: ended - quiet - cut}
    totals.done += done
    totals.steps += int(row[Own.STEPS])
    totals.ends.update({end: count for end, count in ends.items() if count})
    for action, taken in enumerate(row[shape.first_action : shape.first_sight].tolist()):
        totals.action_counts[action] += taken
    for name, seen in _sights(machine, row):
        if name is None:
            totals.see_cut(seen)
        else:
            totals.see(name, seen)


def _sights(machine: Machine, row: Row) -> Iterator[tuple[str | None, Seen]]:
    for position, name in enumerate(machine.subjects.names):
        first = machine.shape.first_sight + position * Sight.SIZE
        sight = row[first : first + Sight.SIZE].tolist()
        if sight[Sight.RUNS]:
            yield name, Seen(sight[Sight.RUNS], sight[Sight.STEPS], sight[Sight.LENGTH], sight[Sight.RUN])
