"""Replay: every run that an engine reports is run again, step by step, before anyone sees it."""

from __future__ import annotations

from kspec.evaluate.errors import EvaluationError
from kspec.evaluate.evaluator import Evaluator
from kspec.evaluate.lasso import Lasso
from kspec.evaluate.outcome import Blocked, Failing, Outcome, Stepped
from kspec.evaluate.run import Move, Run, State


class ReplayMismatch(Exception):
    """A run is none of the system's. `step` counts from 1; 0 is the initial state."""

    def __init__(self, step: int, difference: str) -> None:
        super().__init__(f"step {step}: {difference}" if step else f"initial state: {difference}")
        self.step = step
        self.difference = difference


def replay(evaluator: Evaluator, run: Run) -> None:
    """Raises ReplayMismatch unless the system has this run, with these states; of a failing step, with a failure of
    this kind."""
    _check_initial(evaluator, run)
    state = run.initial
    for step, move in enumerate(run.moves, start=1):
        if not 0 <= move.taken.transition < len(evaluator.system.transitions):
            raise ReplayMismatch(step, f"there is no transition {move.taken.transition}")
        outcome = evaluator.take(state, move.taken)
        difference = _difference(evaluator, move, outcome)
        if difference is not None:
            raise ReplayMismatch(step, difference)
        if move.state is None:
            if step < len(run.moves):
                raise ReplayMismatch(step + 1, "the step before it failed")
            return
        state = move.state


def replay_lasso(evaluator: Evaluator, lasso: Lasso) -> None:
    """Raises ReplayMismatch unless the system has this run, and it comes back to the state that its loop begins at."""
    replay(evaluator, lasso.run)
    moves = lasso.run.moves
    if moves and moves[-1].state is None:
        raise ReplayMismatch(len(moves), "the step fails, and nothing can follow it")
    if not 0 <= lasso.loop <= len(moves):
        raise ReplayMismatch(len(moves), f"there is no step {lasso.loop} that a loop could begin after")
    begins = lasso.run.initial if lasso.loop == 0 else moves[lasso.loop - 1].state
    if begins is not None and lasso.run.last != begins:
        difference = _first_other_place(evaluator, lasso.run.last, begins)
        raise ReplayMismatch(len(moves), f"the loop does not come back to where it begins: {difference}")


def _check_initial(evaluator: Evaluator, run: Run) -> None:
    """A run without steps may show a candidate in which an `initially` fails."""
    if len(run.initial) != evaluator.layout.size:
        raise ReplayMismatch(0, f"{len(run.initial)} values instead of {evaluator.layout.size}")
    if not evaluator.initial.is_candidate(run.initial):
        raise ReplayMismatch(0, "it has other values than the initial ones")
    try:
        admitted = evaluator.initial.admits(run.initial)
    except EvaluationError as error:
        if run.moves:
            raise ReplayMismatch(0, f"`initially` fails: {error}") from error
        return
    if not admitted:
        raise ReplayMismatch(0, "it does not satisfy `initially`")


def _difference(evaluator: Evaluator, move: Move, outcome: Outcome | None) -> str | None:
    """How the outcome of a binding differs from a move; None where it does not."""
    match outcome:
        case None:
            return "the step is disabled"
        case Blocked(_, kind):
            return f"there is no room for another {kind}"
        case Failing(taken, failure):
            if move.failure is None or move.state is not None:
                return f"the step fails: {failure.message}"
            if taken.values != move.taken.values[: len(taken.values)]:
                return "the step fails for other values"
            if failure.kind is not move.failure.kind:
                return f"the step violates {failure.kind.value}, not {move.failure.kind.value}"
            return None
        case Stepped(taken, state):
            if move.state is None:
                return "the step does not fail"
            if taken.values != move.taken.values:
                return "the step has other values"
            return None if state == move.state else _first_other_place(evaluator, state, move.state)


def _first_other_place(evaluator: Evaluator, state: State, claimed: State) -> str:
    if len(claimed) != len(state):
        return f"{len(claimed)} values instead of {len(state)}"
    for place, value, other in zip(evaluator.layout.places, state, claimed, strict=True):
        if value != other:
            return f"{place.variable}[{place.number}] is {value}, not {other}"
    raise AssertionError("the states are equal")
