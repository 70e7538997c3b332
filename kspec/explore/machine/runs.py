"""From states to runs: `evaluate` says which steps lead from each state to the next, and what the last one shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, assert_never

from kspec.evaluate.errors import EvaluationError
from kspec.evaluate.evaluator import Evaluator
from kspec.evaluate.outcome import Blocked, Failing, Outcome, Stepped
from kspec.evaluate.replay import replay
from kspec.evaluate.run import Move, Run, State
from kspec.explore.machine.facts import (
    Cut,
    Deadlocked,
    Finding,
    PropertyFails,
    Reached,
    StepFails,
    StepPropertyFails,
    StepViolated,
    TerminalFails,
    Violated,
)
from kspec.explore.result import Cut as CutState
from kspec.system.expressions import Expr, FailureKind

if TYPE_CHECKING:
    from kspec.explore.symmetry.canonical import Canonicaliser


class NoSuchStep(Exception):
    """Machine code and `evaluate` disagree about what can happen in a state: a defect of kspec."""


class RunMaker:
    """Makes runs, and has each one replayed. `is_reduced`: the states it is given stand for their orbits, and the
    objects of the run keep their identity all the same."""

    def __init__(self, evaluator: Evaluator, is_reduced: bool) -> None:
        self.evaluator = evaluator
        self.is_reduced = is_reduced
        self._canonicaliser: Canonicaliser | None = None
        self._expressions = {
            property.name: property.expression
            for property in evaluator.system.properties
            if property.expression is not None
        }

    def run(self, states: list[State], finding: Finding) -> Run:
        """The run through these states that shows the finding, perhaps by one more step."""
        way = self._way(states)
        run = Run(way.initial, (*way.moves, *self._last_move(way.last, finding)))
        replay(self.evaluator, run)
        return run

    def _way(self, states: list[State]) -> Run:
        if self.is_reduced:
            return self._unpermuted(states)
        return Run(states[0], tuple(self._move(old, new) for old, new in pairwise(states)))

    def _unpermuted(self, states: list[State]) -> Run:
        # the group of a system takes a while to find, and most searches have nothing to tell
        from kspec.explore.symmetry.canonical import Canonicaliser
        from kspec.explore.symmetry.unpermute import unpermuted

        if self._canonicaliser is None:
            self._canonicaliser = Canonicaliser(self.evaluator.system)
        return unpermuted(self.evaluator, self._canonicaliser, states)

    def cut(self, states: list[State]) -> CutState:
        """The run to a cut state, and what is blocked there."""
        run = self.run(states, Cut())
        blocked = self._first(run.last, lambda outcome: isinstance(outcome, Blocked))
        assert isinstance(blocked, Blocked)
        action = self.evaluator.system.transitions[blocked.taken.transition].action
        return CutState(run, blocked.kind, action)

    def _move(self, old: State, new: State) -> Move:
        outcome = self._first(old, lambda outcome: isinstance(outcome, Stepped) and outcome.state == new)
        return Move(outcome.taken, new)

    def _last_move(self, state: State, finding: Finding) -> tuple[Move, ...]:
        match finding:
            case Violated() | Reached() | PropertyFails() | Deadlocked() | TerminalFails() | Cut():
                return ()
            case StepFails(kind):
                failing = self._first(state, lambda o: isinstance(o, Failing) and o.failure.kind is kind)
                assert isinstance(failing, Failing)
                return (Move(failing.taken, None, failing.failure),)
            case StepViolated(name):
                return (self._step(state, lambda step: self._violates(state, step, name)),)
            case StepPropertyFails(name, kind):
                return (self._step(state, lambda step: self._fails(state, step, name) is kind),)
            case _:
                assert_never(finding)

    def _step(self, state: State, shows: Callable[[Stepped], bool]) -> Move:
        """The first step that changes the state and shows something."""
        outcome = self._first(state, lambda o: isinstance(o, Stepped) and o.state != state and shows(o))
        assert isinstance(outcome, Stepped)
        return Move(outcome.taken, outcome.state)

    def _violates(self, state: State, step: Stepped, name: str) -> bool:
        try:
            return self._value(self._expressions[name], state, step) is False
        except EvaluationError:
            return False

    def _fails(self, state: State, step: Stepped, name: str) -> FailureKind | None:
        try:
            self._value(self._expressions[name], state, step)
        except EvaluationError as error:
            return error.failure.kind
        return None

    def _value(self, expression: Expr, state: State, step: Stepped) -> object:
        action = self.evaluator.system.transitions[step.taken.transition].action
        return self.evaluator.step_value(expression, state, step.state, action)

    def _first(self, state: State, shows: Callable[[Outcome], bool]) -> Outcome:
        outcomes: Iterator[Outcome] = self.evaluator.outcomes(state)
        found = next((outcome for outcome in outcomes if shows(outcome)), None)
        if found is None:
            raise NoSuchStep(f"evaluate knows no such step from {state}")
        return found
