"""Whether a run shows what an engine says it shows, judged by `evaluate` alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kspec.evaluate.errors import EvaluationError
from kspec.evaluate.evaluator import Evaluator
from kspec.evaluate.fairness import LoopFairness, fairness_of
from kspec.evaluate.formulas import Reading, falsified
from kspec.evaluate.lasso import Lasso
from kspec.evaluate.outcome import Blocked, Failing, Stepped
from kspec.evaluate.replay import replay, replay_lasso
from kspec.evaluate.run import Failure, Run, State
from kspec.system.expressions import Expr
from kspec.system.properties import Property, PropertyKind
from kspec.system.system import System

TRAP_LOOKED_AT: Final = 20_000
"""So many states of a trap are looked at once more."""


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


@dataclass(frozen=True, slots=True)
class Shown:
    """What a lasso shows: the formula false of it, and that it is fair."""

    reading: Reading
    fairness: LoopFairness


def confirm_lasso(system: System, evaluator: Evaluator, lasso: Lasso, property: Property) -> Shown:
    """Raises ReplayMismatch or UnfaithfulRun unless the lasso is a fair run of the system that satisfies every
    assumption and of which the property is false."""
    replay_lasso(evaluator, lasso)
    name = property.name
    if property.kind is not PropertyKind.TEMPORAL or property.temporal is None:
        raise UnfaithfulRun(f"the run replays, but `{name}` is not about runs that go on for ever")
    fairness = fairness_of(evaluator, lasso)
    if not fairness.is_fair:
        raise UnfaithfulRun(f"the run replays, but is not fair, and shows nothing of `{name}`")
    try:
        for assumption in system.properties:
            if assumption.kind is PropertyKind.ASSUMPTION and not _satisfies(evaluator, lasso, assumption):
                raise UnfaithfulRun(f"the run replays, but does not satisfy the assumption `{assumption.name}`")
        reading = falsified(evaluator, lasso, property.temporal)
    except EvaluationError as error:
        raise UnfaithfulRun(f"the run replays, but `{name}` cannot be evaluated: {error}") from error
    if reading is None:
        raise UnfaithfulRun(f"the run replays, but does not show `{name}` violated")
    return Shown(reading, fairness)


def _satisfies(evaluator: Evaluator, lasso: Lasso, assumption: Property) -> bool:
    return assumption.temporal is None or falsified(evaluator, lasso, assumption.temporal) is None


def confirm_trap(system: System, evaluator: Evaluator, run: Run, property: Property, size: int) -> None:
    """Raises ReplayMismatch or UnfaithfulRun unless the run ends in a state from which `size` states can be reached,
    itself included, none of which has the property. Of a large trap, only its first states are looked at."""
    replay(evaluator, run)
    if property.kind is not PropertyKind.RECOVERABLE or property.expression is None:
        raise UnfaithfulRun(f"the run replays, but `{property.name}` is not about what can be reached")
    try:
        found = _trap(evaluator, run.last, property.expression)
    except EvaluationError as error:
        raise UnfaithfulRun(f"the run replays, but `{property.name}` cannot be evaluated: {error}") from error
    if found is None:
        raise UnfaithfulRun(f"the run replays, but a state with `{property.name}` can be reached from its end")
    if found != min(size, TRAP_LOOKED_AT):
        raise UnfaithfulRun(f"the run replays, but {found:,} states can be reached from its end, not {size:,}")


def _trap(evaluator: Evaluator, state: State, wanted: Expr) -> int | None:
    """How many states can be reached from one; None where some state has what is wanted."""
    reached, frontier = {state}, [state]
    while frontier:
        state = frontier.pop()
        if evaluator.state_value(wanted, state) is True:
            return None
        if len(reached) >= TRAP_LOOKED_AT:
            continue
        for outcome in evaluator.outcomes(state):
            if isinstance(outcome, Stepped) and outcome.state not in reached and len(reached) < TRAP_LOOKED_AT:
                reached.add(outcome.state)
                frontier.append(outcome.state)
    return len(reached)


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
