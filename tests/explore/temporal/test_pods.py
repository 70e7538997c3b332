"""The pods model: verdicts that other checkers agree on, of quiet clusters and of those with disturbances."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kspec.evaluate.evaluator import Evaluator
from kspec.explore.result import Limits
from kspec.explore.temporal.check import check_properties
from kspec.explore.temporal.complete import complete_graph
from kspec.explore.temporal.lasso import LassoMaker
from kspec.explore.temporal.outcome import Holds, TemporalOutcome, Violated
from kspec.explore.watch import Watch
from kspec.language.load import load_model
from kspec.lower.lower import lower
from kspec.system.system import System
from tests.shipped import MODELS


def _system(cluster: str) -> System:
    loaded = load_model(MODELS / "pods.kspec")
    assert loaded.model is not None
    lowered = lower(loaded.model, cluster).system
    assert lowered is not None
    return lowered


def _outcomes(system: System) -> dict[str, TemporalOutcome]:
    """Those of a violation are replayed."""
    labelled = complete_graph(system, Limits())
    outcomes = check_properties(system, labelled, Watch(Limits()))
    for outcome in outcomes.values():
        if isinstance(outcome, Violated):
            lasso = LassoMaker(Evaluator(system), labelled).lasso(outcome.walk)
            assert lasso.stops or lasso.run.last == (lasso.run.initial, *(m.state for m in lasso.run.moves))[lasso.loop]
    return outcomes


@pytest.mark.parametrize("cluster", ["p2n2r2c2", "p3n2r3c2"])
def test_failed_pods_are_collected_and_nothing_recurs_while_the_user_scales(cluster: str) -> None:
    outcomes = _outcomes(_system(cluster))
    assert isinstance(outcomes["Collected"], Holds)
    assert isinstance(outcomes["Recurs"], Violated)


@pytest.mark.parametrize("cluster", ["p3n2r3c2_quiet", "p4n2r3c2_quiet"])
def test_a_quiet_cluster_converges(cluster: str) -> None:
    outcomes = _outcomes(_system(cluster))
    assert isinstance(outcomes["Converges"], Holds)
    assert isinstance(outcomes["Recurs"], Holds)


def test_two_replicas_find_no_room_on_one_node() -> None:
    assert isinstance(_outcomes(_system("p2n1r2c1_quiet"))["Converges"], Violated)


def test_without_fairness_nothing_need_happen() -> None:
    system = _system("p3n2r3c2_quiet")
    unfair = replace(system, actions=tuple(replace(action, fairness=None) for action in system.actions))
    outcome = _outcomes(unfair)["Converges"]
    assert isinstance(outcome, Violated)
    assert outcome.walk.steps == ()


def test_one_pod_stands_for_all() -> None:
    collected = _outcomes(_system("p2n2r2c2"))["Collected"]
    assert isinstance(collected, Holds)
    assert (collected.bindings, collected.checked) == (2, 1)


def test_what_never_happens_is_told() -> None:
    """Nothing fails in a quiet cluster."""
    collected = _outcomes(_system("p3n2r3c2_quiet"))["Collected"]
    assert isinstance(collected, Holds)
    assert len(collected.never) == 1
