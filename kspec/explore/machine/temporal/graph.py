"""The complete graph in machine code, whose states can be asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kspec.evaluate.evaluator import Evaluator
from kspec.evaluate.run import State
from kspec.explore.machine.allocation import Allocator, Row
from kspec.explore.machine.compile import Effort
from kspec.explore.machine.crew import Crew
from kspec.explore.machine.driver import Found, Rules, Search
from kspec.explore.machine.search import LONG, Machine, build
from kspec.explore.machine.temporal.atoms import Atoms
from kspec.explore.machine.temporal.build import MOST_STATES, Arrays, Items, expand, join, room
from kspec.explore.machine.temporal.make import graph_code
from kspec.explore.machine.temporal.ordering import put_in_order
from kspec.explore.machine.temporal.workers import Workers
from kspec.explore.machine.visited import CAPACITY
from kspec.explore.progress import OnProgress
from kspec.explore.result import Limit, Limits
from kspec.explore.temporal.graph import Masks, StateGraph
from kspec.explore.watch import SearchStopped, Watch
from kspec.system.expressions import Expr, Local
from kspec.system.fairness import units_of
from kspec.system.sorts import Value
from kspec.system.system import System


@dataclass(frozen=True, slots=True)
class CompiledGraph:
    """States are numbered by distance, then by their words; the initial ones come first."""

    graph: StateGraph
    atoms: Atoms
    depth: int
    """The longest shortest distance from an initial state, in steps."""

    def state(self, number: int) -> State:
        return self.atoms.state(number)

    def state_atoms(self, expressions: Sequence[Expr], values: Mapping[Local, Value], alive: Sequence[Local]) -> Masks:
        return self.atoms.of_states(expressions, values, alive)

    def step_atoms(self, expressions: Sequence[Expr], values: Mapping[Local, Value], alive: Sequence[Local]) -> Masks:
        return self.atoms.of_steps(expressions, values, alive)


def complete_graph(
    system: System,
    limits: Limits,
    watch: Watch,
    *,
    workers: int,
    on_progress: OnProgress | None = None,
    capacity: int = CAPACITY,
) -> CompiledGraph:
    """Searches all states, then expands each once more. `capacity`: see `search`.

    Raises TooManyUnits before anything is searched; NotCompilable, SearchStopped and KeyboardInterrupt.
    """
    units = units_of(system)
    building = _Building(build(system), Evaluator(system), limits, watch, workers)
    expanded = building.expand(on_progress, capacity)
    allocator = Allocator(limits.memory)  # a new one: by now, the memory of the search is given back
    arrays = expanded.arrays
    steps = join(expanded.workers, arrays, expanded.items, allocator, watch)
    graph = StateGraph(
        np.arange(expanded.initial, dtype=np.uint32),
        arrays.offsets,
        steps.targets,
        steps.actions,
        steps.units,
        arrays.served,
        arrays.waiting,
        arrays.cut,
        len(units.units),
    )
    atoms = Atoms(building.evaluator, graph, expanded.states, allocator, watch, workers)
    return CompiledGraph(graph, atoms, expanded.depth)


@dataclass(frozen=True, slots=True)
class _Expanded:
    """All there is of a graph, but that the steps are still where workers wrote them. `initial`: how many states."""

    states: Row
    initial: int
    depth: int
    arrays: Arrays
    items: Items
    workers: Workers


@dataclass(frozen=True, slots=True)
class _Building:
    machine: Machine
    evaluator: Evaluator
    limits: Limits
    watch: Watch
    workers: int

    def expand(self, on_progress: OnProgress | None, capacity: int) -> _Expanded:
        machine, allocator = self.machine, Allocator(self.limits.memory)
        with Crew(machine.code, machine.shape, allocator, self.workers, capacity) as crew:
            rules = Rules((), need_counts=True, first=False)
            found = Search(self.evaluator, machine.program, crew, self.limits, self.watch, rules).run(on_progress)
            _must_be_complete(found, crew)
            states = room(allocator, crew.stored * machine.shape.words)
            put_in_order(list(found.levels.values()), machine.shape.words, states, self.workers, self.watch)
            found.levels.clear()
            crew.forget_older()
            code = graph_code(self.evaluator.system, Effort.THOROUGH if crew.stored > LONG else Effort.QUICK)
            workers = Workers(code.shape, allocator, self.watch, self.workers)
            arrays, items = expand(code, crew, states, workers, allocator)
        return _Expanded(states, found.sizes[0], max(0, found.depth - 1), arrays, items, workers)


def _must_be_complete(found: Found, crew: Crew) -> None:
    if found.limit is Limit.INTERRUPTED:
        raise KeyboardInterrupt
    if found.limit is not None:
        raise SearchStopped(found.limit, found.limit_detail)
    if crew.stored > MOST_STATES:
        raise SearchStopped(Limit.STATES, f"{MOST_STATES:,} states have numbers")
