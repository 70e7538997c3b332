"""Whether a run shows what an engine says it shows, judged by `evaluate` alone."""

from __future__ import annotations

from dataclasses import dataclass

from kspec.evaluate.errors import EvaluationError
from kspec.evaluate.evaluator import Evaluator
from kspec.evaluate.outcome import Blocked, Failing, Stepped
from kspec.evaluate.replay import replay
from kspec.evaluate.run import Failure, Run, State
from kspec.system.properties import Property, PropertyKind
from kspec.system.system import System


@dataclass(frozen=True, slots=True)
class FailureAtEnd:
    """`subject`: whose expression fails, the name of a property or `initially`; empty where the last step does."""

    failure: Failure
    subject: str


class UnfaithfulRun(Exception):
    """A run that replays, but does not show what was said of it: a defect of the engine that reported it."""


def confirm(system: System, evaluator: Evaluator, run: Run, property: Property) -> None:
    """Raises ReplayMismatch or UnfaithfulRun unless the run is one of the system and shows the property violated (or,
    for a reachable one, reached)."""
    replay(evaluator, run)
    try:
        shown = shows(system, evaluator, run, property)
    except EvaluationError as error:
        raise UnfaithfulRun(f"the run replays, but `{property.name}` cannot be evaluated: {error}") from error
    if not shown:
        raise UnfaithfulRun(f"the run replays, but does not show `{property.name}` {_claim(property.kind)}")


def shows(system: System, evaluator: Evaluator, run: Run, property: Property) -> bool:
    """Whether a run that replays shows the property violated (or, for a reachable one, reached) at its end."""
    match property.kind:
        case PropertyKind.INVARIANT:
            return _state_value(evaluator, run, property) is False
        case PropertyKind.REACHABLE:
            return _state_value(evaluator, run, property) is True
        case PropertyKind.STEP:
            return _step_value(system, evaluator, run, property) is False
        case PropertyKind.DEADLOCK:
            return is_stuck(evaluator, run.last) and _state_value(evaluator, run, property) is False
        case PropertyKind.IMPLICIT:
            return failure_at_end(system, evaluator, run, property) is not None
        case PropertyKind.TEMPORAL | PropertyKind.RECOVERABLE | PropertyKind.ASSUMPTION:
            return False


def failure_at_end(system: System, evaluator: Evaluator, run: Run, implicit: Property) -> FailureAtEnd | None:
    """What fails at the end of a run, of the kind that an implicit property is about."""
    last = run.moves[-1] if run.moves else None
    if last is not None and last.failure is not None:
        return FailureAtEnd(last.failure, "") if last.failure.kind.value == implicit.name else None
    failures = (_property_failure(system, evaluator, run, other) for other in system.properties)
    for found in (_initial_failure(evaluator, run), *failures):
        if found is not None and found.failure.kind.value == implicit.name:
            return found
    return None


def is_stuck(evaluator: Evaluator, state: State) -> bool:
    """Whether nothing at all can happen in a state: no step, no failing step, none that only lacks room."""
    return not any(isinstance(outcome, (Stepped, Failing, Blocked)) for outcome in evaluator.outcomes(state))


def states_of(run: Run) -> list[State]:
    return [run.initial, *(move.state for move in run.moves if move.state is not None)]


def last_action(system: System, run: Run) -> int:
    """The position of the action of the last step."""
    return system.transitions[run.moves[-1].taken.transition].action


def _initial_failure(evaluator: Evaluator, run: Run) -> FailureAtEnd | None:
    if run.moves:
        return None
    try:
        evaluator.initial.admits(run.initial)
    except EvaluationError as error:
        return FailureAtEnd(error.failure, "initially")
    return None


def _property_failure(system: System, evaluator: Evaluator, run: Run, property: Property) -> FailureAtEnd | None:
    if property.expression is None:
        return None
    try:
        if property.kind is PropertyKind.STEP:
            _step_value(system, evaluator, run, property)
        else:
            evaluator.state_value(property.expression, run.last)
    except EvaluationError as error:
        return FailureAtEnd(error.failure, property.name)
    return None


def _state_value(evaluator: Evaluator, run: Run, property: Property) -> object:
    if property.expression is None or any(move.state is None for move in run.moves):
        return None
    return evaluator.state_value(property.expression, run.last)


def _step_value(system: System, evaluator: Evaluator, run: Run, property: Property) -> object:
    """The value of a step property at the last step; None where it says nothing about it."""
    states = states_of(run)
    if property.expression is None or len(states) < 2 or len(states) != len(run.moves) + 1 or states[-2] == states[-1]:
        return None
    return evaluator.step_value(property.expression, states[-2], states[-1], last_action(system, run))


def _claim(kind: PropertyKind) -> str:
    return "reached" if kind is PropertyKind.REACHABLE else "violated"
