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
    wanted = [_Orbit(canonicaliser, state) for state in states]
    initial = next((state for state in evaluator.initial_states() if state in wanted[0]), None)
    if initial is None:
        raise NoSuchRun("no initial state is like the first one")
    moves: list[Move] = []
    state = initial
    for number, orbit in enumerate(wanted[1:], start=1):
        move = _move(evaluator, state, orbit)
        if move is None or move.state is None:
            raise NoSuchRun(f"no step {number} leads to a state like the one that is wanted")
        moves.append(move)
        state = move.state
    return Run(initial, tuple(moves))


def _move(evaluator: Evaluator, state: State, orbit: _Orbit) -> Move | None:
    for outcome in evaluator.outcomes(state):
        if isinstance(outcome, Stepped) and outcome.state in orbit:
            return Move(outcome.taken, outcome.state)
    return None


class _Orbit:
    """All states that can be mapped onto one."""

    def __init__(self, canonicaliser: Canonicaliser, state: State) -> None:
        self._canonicaliser = canonicaliser
        self._outline = canonicaliser.outline(state)
        self._form = canonicaliser.canonical(state)

    def __contains__(self, state: State) -> bool:
        if self._canonicaliser.outline(state) != self._outline:
            return False
        return self._canonicaliser.canonical(state) == self._form
