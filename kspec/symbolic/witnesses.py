"""What a solver found, as runs and steps that `evaluate` confirms."""

from __future__ import annotations

from collections.abc import Sequence

from kspec.evaluate.errors import EvaluationError
from kspec.evaluate.evaluator import Evaluator
from kspec.evaluate.outcome import Failing, Stepped
from kspec.evaluate.replay import ReplayMismatch, replay
from kspec.evaluate.run import Move, Run, State, Taken
from kspec.symbolic.result import CounterexampleToInduction
from kspec.system.expressions import Expr


class SymbolicMismatch(Exception):
    """What the solver found is none of the system's: an error of the encoding, never a verdict."""


def retrace(evaluator: Evaluator, states: Sequence[State], taken: Sequence[Taken]) -> Run:
    """The run through the states; one more step than leads from state to state fails at the end."""
    moves: list[Move] = []
    for number, step in enumerate(taken):
        after = states[number + 1] if number + 1 < len(states) else None
        moves.append(_move(evaluator, states[number], step, after))
    run = Run(states[0], tuple(moves))
    try:
        replay(evaluator, run)
    except ReplayMismatch as mismatch:
        raise SymbolicMismatch(f"a run that the solver found does not replay: {mismatch}") from mismatch
    return run


def retrace_step(evaluator: Evaluator, before: State, taken: Taken, after: State | None) -> CounterexampleToInduction:
    """A step between states that need not be reachable; `after` is None for one that fails."""
    move = _move(evaluator, before, taken, after)
    return CounterexampleToInduction(before, move.taken, move.state)


def _move(evaluator: Evaluator, before: State, taken: Taken, after: State | None) -> Move:
    match evaluator.take(before, taken):
        case Stepped(_, state) if state == after:
            return Move(taken, state)
        case Failing(exact, failure) if after is None:
            return Move(exact, None, failure)
        case outcome:
            raise SymbolicMismatch(f"a step that the solver found: {taken} in {before} to {after}, not {outcome}")


def confirm(name: str, expected: bool | None, evaluator: Evaluator, expr: Expr, run: Run, action: int | None) -> None:
    """Raises SymbolicMismatch unless the expression has the value at the end of the run; None: unless it fails.

    `action` is that of the last step, for an expression about it.
    """
    found: object
    try:
        if action is None:
            found = evaluator.state_value(expr, run.last)
        else:
            old = Run(run.initial, run.moves[:-1]).last
            found = evaluator.step_value(expr, old, run.last, action)
    except EvaluationError:
        found = None
    if found is not expected:
        raise SymbolicMismatch(f"{name} is {found} where the solver found {expected}")
