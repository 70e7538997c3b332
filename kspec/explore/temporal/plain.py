"""The complete graph made on `evaluate`: for tiny systems, and the oracle of machine code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from kspec.evaluate.errors import EvaluationError
from kspec.evaluate.evaluator import Evaluator
from kspec.evaluate.outcome import Blocked, Failing, Stepped
from kspec.evaluate.run import State, Taken
from kspec.explore.result import Limit, Limits
from kspec.explore.temporal.asking import Asking
from kspec.explore.temporal.graph import NO_UNIT, Masks, StateGraph
from kspec.explore.temporal.units import by_slot, columns, waiting_of, with_strength
from kspec.explore.watch import SearchStopped, Watch
from kspec.system.expressions import Expr, Local
from kspec.system.fairness import Units, units_of
from kspec.system.sorts import Value
from kspec.system.system import ALIVE, System
from kspec.system.transitions import FairnessStrength

_WORD = (1 << 64) - 1


def complete_graph(system: System, limits: Limits, watch: Watch) -> PlainGraph:
    """Raises SearchStopped where a limit is met, EnumerationTooLarge and TooManyUnits."""
    building = _Building(system, limits, watch)
    building.start()
    while building.frontier:
        building.expand_level()
    return PlainGraph(Asking(building.evaluator, building.graph(), building.states.__getitem__, watch))


@dataclass(frozen=True, slots=True)
class PlainGraph:
    """States are numbered in the order found; the initial ones come first."""

    asking: Asking

    @property
    def graph(self) -> StateGraph:
        return self.asking.graph

    def state(self, number: int) -> State:
        return self.asking.state(number)

    def state_atoms(self, expressions: Sequence[Expr], values: Mapping[Local, Value], alive: Sequence[Local]) -> Masks:
        return self.asking.of_states(expressions, values, alive)

    def step_atoms(self, expressions: Sequence[Expr], values: Mapping[Local, Value], alive: Sequence[Local]) -> Masks:
        return self.asking.of_steps(expressions, values, alive)


@dataclass(slots=True)
class _Steps:
    """The steps of all states so far."""

    offsets: list[int] = field(default_factory=lambda: [0])
    targets: list[int] = field(default_factory=list)
    actions: list[int] = field(default_factory=list)
    units: list[int] = field(default_factory=list)


class _Building:
    """The graph so far, and its frontier."""

    def __init__(self, system: System, limits: Limits, watch: Watch) -> None:
        self.evaluator = Evaluator(system)
        self.states: list[State] = []
        self.frontier = range(0)
        self._limits = limits
        self._watch = watch
        self._system = system
        self._units = units_of(system)
        self._waiting = tuple(waiting_of(self._units))
        self._queues = Evaluator(replace(system, transitions=tuple(waiting.steps for waiting in self._waiting)))
        self._owing = _Owing(self._units, self.evaluator)
        self._numbers: dict[State, int] = {}
        self._initial = 0
        self._depth = 0
        self._steps = _Steps()
        self._served: list[int] = []
        self._owed: list[int] = []
        self._cut: list[bool] = []

    def start(self) -> None:
        """Finds the initial states. A candidate whose `initially` fails is none."""
        for candidate in self.evaluator.initial.candidates():
            self._watch.check()
            try:
                if self.evaluator.initial.admits(candidate):
                    self._number(candidate)
            except EvaluationError:
                continue
        self._initial = len(self.states)
        self._end_level(0)

    def expand_level(self) -> None:
        """Expands the states of the frontier; those found on the way are the next one."""
        if self._limits.depth is not None and self._depth >= self._limits.depth:
            raise SearchStopped(Limit.DEPTH, f"{self._limits.depth} steps")
        first = len(self.states)
        for number in self.frontier:
            self._watch.check()
            self._expand(self.states[number])
        self._depth += 1
        self._end_level(first)

    def _end_level(self, first: int) -> None:
        self.frontier = range(first, len(self.states))
        most = self._limits.states
        if most is not None and len(self.states) > most:
            raise SearchStopped(Limit.STATES, f"{most:,} states")

    def _number(self, state: State) -> int:
        number = self._numbers.setdefault(state, len(self.states))
        if number == len(self.states):
            self.states.append(state)
        return number

    def _expand(self, state: State) -> None:
        steps, enabled, is_cut = self._steps, 0, False
        for outcome in self.evaluator.outcomes(state):
            match outcome:
                case Stepped(taken, after):
                    unit = self._unit(state, taken, after)
                    enabled |= 0 if unit is None else 1 << unit
                    steps.targets.append(self._number(after))
                    steps.actions.append(self._system.transitions[taken.transition].action)
                    steps.units.append(NO_UNIT if unit is None else unit)
                case Blocked():
                    is_cut = True
                case Failing():
                    pass
        steps.offsets.append(len(steps.targets))
        served, waiting = self._owing.masks(state, enabled, self._waiting_in(state))
        self._served.append(served)
        self._owed.append(waiting)
        self._cut.append(is_cut)

    def _unit(self, state: State, taken: Taken, after: State) -> int | None:
        """Which unit of fairness a step takes."""
        if not self.evaluator.differs(state, after):
            return None
        action = self._system.transitions[taken.transition].action
        return self._units.number(action, taken.values, partial(self._key, state))

    def _key(self, state: State, variable: str, slot: int) -> Value:
        layout = self.evaluator.layout
        return layout.value(state, variable, layout.number(variable, (slot,)))

    def _waiting_in(self, state: State) -> int:
        """The units that wait in a queue."""
        found = 0
        for outcome in self._queues.outcomes(state):
            if isinstance(outcome, Stepped):
                waiting = self._waiting[outcome.taken.transition]
                bound = waiting.bound(outcome.taken.values)
                unit = self._units.number(waiting.steps.action, bound, partial(self._key, state))
                found |= 0 if unit is None else 1 << unit
        return found

    def graph(self) -> StateGraph:
        return StateGraph(
            np.arange(self._initial, dtype=np.uint32),
            np.array(self._steps.offsets, dtype=np.uint64),
            np.array(self._steps.targets, dtype=np.uint32),
            np.array(self._steps.actions, dtype=np.uint16),
            np.array(self._steps.units, dtype=np.uint16),
            self._columns(self._served),
            self._columns(self._owed),
            np.array(self._cut, dtype=np.bool_),
            len(self._units.units),
        )

    def _columns(self, masks: list[int]) -> Masks:
        numbers = range(columns(self._units))
        rows = [[mask >> 64 * column & _WORD for column in numbers] for mask in masks]
        return np.array(rows, dtype=np.uint64).reshape(len(masks), len(numbers))


class _Owing:
    """What a state says of the units of fairness: see `StateGraph`."""

    def __init__(self, units: Units, evaluator: Evaluator) -> None:
        self._weak = with_strength(units, FairnessStrength.WEAK)
        self._strong = with_strength(units, FairnessStrength.STRONG)
        self._queued = with_strength(units, FairnessStrength.QUEUED)
        self._about: list[tuple[int, int]] = []
        """The positions of statuses, and the units that are about the object there."""
        for slot, about in by_slot(units).items():
            status = evaluator.layout.status_base(slot.kind)
            assert status is not None  # the kind is not permanent
            self._about.append((status + slot.number, about))

    def masks(self, state: State, enabled: int, in_queue: int) -> tuple[int, int]:
        """Served and waiting, where these units are enabled, and these wait in a queue."""
        gone = 0
        for position, about in self._about:
            if state[position] != ALIVE:
                gone |= about
        served = self._weak & ~enabled | self._queued & ~in_queue | gone
        return served, self._weak | (self._strong | self._queued) & enabled & ~gone
