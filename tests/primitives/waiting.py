"""Which units of fairness can be taken in a state, and which wait."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kspec.evaluate.evaluator import Evaluator
from kspec.evaluate.outcome import Outcome, Stepped
from kspec.evaluate.run import State
from kspec.system.expressions import FALSE
from kspec.system.sorts import Value
from kspec.system.system import System
from kspec.system.transitions import Bind, Fairness, Role, Transition

Unit = tuple[Value, ...]


class Units:
    """The units of one action. Its `waiting` steps are taken as those of a transition that writes nothing."""

    def __init__(self, system: System, action: int) -> None:
        fairness = system.actions[action].fairness
        assert fairness is not None
        self.fairness: Fairness = fairness
        mine = tuple(found for found in system.transitions if found.action == action)
        self._takes = _Bindings(replace(system, transitions=mine))
        self._waits = _Bindings(replace(system, transitions=(Transition(action, fairness.waiting, (), FALSE),)))

    def able(self, state: State) -> set[Unit]:
        return set(self._takes.units(state, self.fairness.unit))

    def waiting(self, state: State) -> set[Unit]:
        return set(self._waits.units(state, self.fairness.unit))


class _Bindings:
    def __init__(self, system: System) -> None:
        self._system = system
        self._evaluator = Evaluator(system)

    def units(self, state: State, unit: tuple[int, ...]) -> Iterator[Unit]:
        for outcome in self._evaluator.outcomes(state):
            if isinstance(outcome, Stepped):
                arguments = self._arguments(outcome)
                yield tuple(arguments[position] for position in unit)

    def _arguments(self, outcome: Outcome) -> list[Value]:
        steps = self._system.transitions[outcome.taken.transition].steps
        binds = [step for step in steps if isinstance(step, Bind)]
        pairs = zip(binds, outcome.taken.values, strict=True)
        return [value for bind, value in pairs if bind.role in (Role.INSTANCE, Role.PARAMETER)]
