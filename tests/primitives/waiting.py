"""Which units of fairness can be taken in a state, and which wait."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kspec.evaluate.evaluator import Evaluator
from kspec.evaluate.outcome import Stepped
from kspec.evaluate.run import State
from kspec.system.expressions import FALSE
from kspec.system.sorts import Value
from kspec.system.system import System
from kspec.system.transitions import Bind, Role, Transition

Unit = tuple[Value, ...]


class Units:
    """The units of one action. Its `waiting` steps are taken as those of a transition that writes nothing."""

    def __init__(self, system: System, action: int) -> None:
        fairness = system.actions[action].fairness
        assert fairness is not None
        mine = tuple(found for found in system.transitions if found.action == action)
        unit = [_binds(mine[0])[part.bind].local.name for part in fairness.unit]
        self._takes = _Bindings(replace(system, transitions=mine), unit)
        waits = Transition(action, fairness.waiting, (), FALSE)
        self._waits = _Bindings(replace(system, transitions=(waits,)), unit)

    def able(self, state: State) -> set[Unit]:
        return set(self._takes.units(state))

    def waiting(self, state: State) -> set[Unit]:
        return set(self._waits.units(state))


class _Bindings:
    """`unit`: the names of what a unit is told apart by."""

    def __init__(self, system: System, unit: list[str]) -> None:
        self._evaluator = Evaluator(system)
        self._positions = [_positions(transition, unit) for transition in system.transitions]

    def units(self, state: State) -> Iterator[Unit]:
        for outcome in self._evaluator.outcomes(state):
            if isinstance(outcome, Stepped):
                positions = self._positions[outcome.taken.transition]
                yield tuple(outcome.taken.values[position] for position in positions)


def _binds(transition: Transition) -> list[Bind]:
    return [step for step in transition.steps if isinstance(step, Bind)]


def _positions(transition: Transition, unit: list[str]) -> list[int]:
    """Where the instance and the parameters of these names are bound."""
    bound = {
        bind.local.name: position
        for position, bind in enumerate(_binds(transition))
        if bind.role in (Role.INSTANCE, Role.PARAMETER)
    }
    return [bound[name] for name in unit]
