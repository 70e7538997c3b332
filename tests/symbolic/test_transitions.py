"""Every step means to the solver what it means to `evaluate`: the same outcomes in the same states."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest

from kspec.evaluate.evaluator import Evaluator
from kspec.evaluate.outcome import Stepped
from kspec.evaluate.run import State
from kspec.system.system import System
from tests.symbolic.comparing import SolverOutcomes, outcomes_by_evaluate
from tests.symbolic.models import ROOT, SEMANTICS, bounded_pods, system_of


def some_states(evaluator: Evaluator, most: int) -> list[State]:
    """The first states of a breadth-first search."""
    found = dict.fromkeys(islice(evaluator.initial_states(), 3))
    for state in list(found):
        for outcome in evaluator.outcomes(state):
            if isinstance(outcome, Stepped) and len(found) < most:
                found.setdefault(outcome.state)
    return list(found)


def assert_same_outcomes(system: System, states: int) -> None:
    evaluator = Evaluator(system)
    outcomes = SolverOutcomes(system)
    for state in some_states(evaluator, states):
        assert outcomes(state) == outcomes_by_evaluate(evaluator, state)


@pytest.mark.parametrize("path", SEMANTICS, ids=[path.stem for path in SEMANTICS])
def test_cases_of_the_semantics(path: Path) -> None:
    assert_same_outcomes(system_of(path), 5)


def test_the_sample() -> None:
    assert_same_outcomes(system_of(ROOT / "models/replicaset.kspec", "small"), 8)


def test_pods() -> None:
    assert_same_outcomes(bounded_pods(2, 2, 2, 1), 8)
