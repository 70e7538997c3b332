"""From a path through the reduced graph to a run of the system, in which objects keep their identity."""

from __future__ import annotations

from collections.abc import Sequence

from kspec.evaluate.evaluator import Evaluator
from kspec.evaluate.outcome import Stepped
from kspec.evaluate.run import Move, Run, State
from kspec.explore.symmetry.canonical import Canonicaliser


class NoSuchRun(Exception):
    """No run goes through states like these: an error of whoever gave them."""


def unpermuted(evaluator: Evaluator, canonicaliser: Canonicaliser, states: Sequence[State]) -> Run:
    """A run whose states can be mapped, one by one, onto the given ones: the first initial state and the first outcomes
    that are like them. Any state of an orbit may stand for it."""
    wanted = [canonicaliser.canonical(state) for state in states]
    candidates = evaluator.initial_states()
    initial = next((state for state in candidates if canonicaliser.canonical(state) == wanted[0]), None)
    if initial is None:
        raise NoSuchRun("no initial state is like the first one")
    moves: list[Move] = []
    state = initial
    for number, like in enumerate(wanted[1:], start=1):
        move = _move(evaluator, canonicaliser, state, like)
        if move is None or move.state is None:
            raise NoSuchRun(f"no step {number} leads to a state like the one that is wanted")
        moves.append(move)
        state = move.state
    return Run(initial, tuple(moves))


def _move(evaluator: Evaluator, canonicaliser: Canonicaliser, state: State, like: State) -> Move | None:
    for outcome in evaluator.outcomes(state):
        if isinstance(outcome, Stepped) and canonicaliser.canonical(outcome.state) == like:
            return Move(outcome.taken, outcome.state)
    return None
