"""Runs of the system from paths through the reduced graph."""

from __future__ import annotations

from random import Random

import pytest

from kspec.evaluate.evaluator import Evaluator
from kspec.evaluate.outcome import Stepped
from kspec.evaluate.replay import replay
from kspec.evaluate.run import State
from kspec.explore.symmetry.canonical import Canonicaliser
from kspec.explore.symmetry.unpermute import NoSuchRun, unpermuted
from tests.systems import pods


def reduced_path(evaluator: Evaluator, canonicaliser: Canonicaliser, length: int, dice: Random) -> list[State]:
    """A walk that goes on from the form of each state."""
    path = [canonicaliser.canonical(next(evaluator.initial_states()))]
    while len(path) <= length:
        steps = [outcome for outcome in evaluator.outcomes(path[-1]) if isinstance(outcome, Stepped)]
        path.append(canonicaliser.canonical(dice.choice(steps).state))
    return path


@pytest.mark.parametrize("number", range(5))
def test_objects_keep_their_identity(number: int) -> None:
    system = pods(3, 2, 2, 1)
    evaluator, canonicaliser = Evaluator(system), Canonicaliser(system)
    path = reduced_path(evaluator, canonicaliser, 20, Random(number))
    run = unpermuted(evaluator, canonicaliser, path)
    replay(evaluator, run)
    states = [run.initial, *(move.state for move in run.moves)]
    assert [canonicaliser.canonical(state) for state in states if state is not None] == path


def test_what_no_run_goes_through_is_an_error() -> None:
    system = pods(2, 1, 2, 1)
    evaluator, canonicaliser = Evaluator(system), Canonicaliser(system)
    path = reduced_path(evaluator, canonicaliser, 6, Random(2))
    with pytest.raises(NoSuchRun):
        unpermuted(evaluator, canonicaliser, [path[0], path[-1], path[0]])
    with pytest.raises(NoSuchRun):
        unpermuted(evaluator, canonicaliser, [path[-1]])
