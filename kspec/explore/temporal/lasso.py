"""From walks through a complete graph to lassos: `evaluate` says which bindings take the steps."""

from __future__ import annotations

from itertools import pairwise

from kspec.evaluate.evaluator import Evaluator
from kspec.evaluate.lasso import Lasso
from kspec.evaluate.outcome import Stepped
from kspec.evaluate.replay import replay
from kspec.evaluate.run import Move, Run, State, Taken
from kspec.explore.machine.runs import NoSuchStep
from kspec.explore.temporal.graph import NO_UNIT, Labelled
from kspec.explore.temporal.walk import Walk
from kspec.system.fairness import Units, units_of
from kspec.system.sorts import Value


class LassoMaker:
    """Makes lassos, and has the run of each one replayed."""

    def __init__(self, evaluator: Evaluator, labelled: Labelled) -> None:
        self._evaluator = evaluator
        self._labelled = labelled
        self._units: Units = units_of(evaluator.system)

    def lasso(self, walk: Walk) -> Lasso:
        states = [self._labelled.state(number) for number in walk.states(self._labelled.graph)]
        moves = [self._move(old, step, new) for (old, new), step in zip(pairwise(states), walk.steps, strict=True)]
        run = Run(states[0], tuple(moves))
        replay(self._evaluator, run)
        return Lasso(run, walk.loop)

    def _move(self, old: State, step: int, new: State) -> Move:
        """The first binding of the step's action, and of the unit that it takes, which leads to its target."""
        action, unit = int(self._labelled.graph.actions[step]), int(self._labelled.graph.units[step])
        for outcome in self._evaluator.outcomes(old):
            if isinstance(outcome, Stepped) and outcome.state == new and self._takes(old, outcome.taken, action, unit):
                return Move(outcome.taken, new)
        raise NoSuchStep(f"evaluate knows no such step from {old}")

    def _takes(self, state: State, taken: Taken, action: int, unit: int) -> bool:
        return self._action(taken) == action and unit in (NO_UNIT, self._unit(state, taken))

    def _action(self, taken: Taken) -> int:
        return self._evaluator.system.transitions[taken.transition].action

    def _unit(self, state: State, taken: Taken) -> int | None:
        layout = self._evaluator.layout

        def key(variable: str, slot: int) -> Value:
            return layout.value(state, variable, layout.number(variable, (slot,)))

        return self._units.number(self._action(taken), taken.values, key)
