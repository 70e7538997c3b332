"""Checking with and without symmetry: the same verdicts, stories and findings; and which graph is searched when."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kspec.check.check import check_system
from kspec.check.evidence import Disagreement
from kspec.check.options import CheckOptions, Engine
from kspec.check.result import CheckResult
from kspec.check.verdicts import ExitCode, Verdict
from kspec.explore import compiled, tiers
from kspec.explore.machine.program import NotCompilable
from kspec.explore.result import Exploration, Limits, Symmetry
from kspec.explore.symmetry.canonical import TooManyForms
from kspec.system.properties import ExpectCounts
from kspec.system.spans import NOWHERE
from kspec.system.system import System
from tests.agreement.engines import load, lowered
from tests.agreement.random_models import on_random_models
from tests.agreement.test_engines import same_models
from tests.check.test_check import counter
from tests.shipped import WITH_CLUSTERS
from tests.systems import pods

ROOT = Path(__file__).parents[2]
CASES = sorted((ROOT / "tests" / "cases" / "semantics").glob("*.kspec"))

SMALL = pods(2, 1, 2, 1)
STATES, ORBITS = (378, 1_812, 9), (144, 690, 9)
"""Counts of SMALL: states, transitions, depth."""


def states(count: int, transitions: int | None = None, depth: int | None = None) -> ExpectCounts:
    return ExpectCounts(False, count, transitions, depth, NOWHERE)


def orbits(count: int, transitions: int | None = None, depth: int | None = None) -> ExpectCounts:
    return ExpectCounts(True, count, transitions, depth, NOWHERE)


def checked(system: System, *expectations: ExpectCounts, **options: Any) -> CheckResult:
    return check_system(
        replace(system, expectations=expectations), CheckOptions(**{"engine": Engine.EXPLORE, **options})
    )


def counts(found: Exploration | None) -> tuple[int, int, int]:
    assert found is not None
    return found.states, found.transitions, found.depth


# --- the same answers -------------------------------------------------------------------------------------------------


def answers(result: CheckResult) -> object:
    verdicts = [
        (it.name, it.verdict, it.reason, None if it.trace is None else len(it.trace.steps)) for it in result.properties
    ]
    return verdicts, result.findings, result.exit_code


def agree(system: System) -> str:
    with_symmetry, without = checked(system), checked(system, symmetry=False)
    assert answers(with_symmetry) == answers(without)
    assert answers(checked(system, engine=Engine.PLAIN)) == answers(without)
    assert with_symmetry.exploration is not None
    return "reduced" if with_symmetry.exploration.is_reduced else "asymmetric"


WHOLE_CLUSTER = "16_cluster"
"""Of the tour: too many states to look at all of them one by one."""


@pytest.mark.parametrize(
    "path", [*CASES, *(it for it in WITH_CLUSTERS if it.stem != WHOLE_CLUSTER)], ids=lambda path: path.stem
)
def test_models_have_the_same_answers(path: Path) -> None:
    model = load(path)
    agree(lowered(model, next(iter(model.clusters))))


def test_random_models_have_the_same_answers(tmp_path: Path) -> None:
    tally = on_random_models(tmp_path, same_models(20), agree)
    assert tally["reduced"] >= 5, tally


# --- which graph ------------------------------------------------------------------------------------------------------


def test_orbits_are_searched_where_nothing_else_is_asked_for() -> None:
    result = checked(SMALL)
    assert counts(result.exploration) == ORBITS
    assert result.exploration is not None
    assert result.exploration.symmetry == Symmetry(("Pod", "IP"), 4)
    assert result.unreduced is None


@pytest.mark.parametrize("options", [{"symmetry": False}, {"engine": Engine.PLAIN}])
def test_states_are_searched_on_request(options: dict[str, Any]) -> None:
    result = checked(SMALL, orbits(144), **options)
    assert counts(result.exploration) == STATES
    assert [it.verdict for it in result.expectations] == [Verdict.NOT_CHECKED]


def test_expected_states_are_counted_without_symmetry() -> None:
    result = checked(SMALL, states(*STATES))
    assert counts(result.exploration) == STATES
    assert [it.verdict for it in result.expectations] == [Verdict.HOLDS]


def test_expected_orbits_are_counted() -> None:
    good, bad = checked(SMALL, orbits(*ORBITS)), checked(SMALL, orbits(145, 690))
    assert [it.verdict for it in good.expectations] == [Verdict.HOLDS]
    assert [(it.verdict, it.detail) for it in bad.expectations] == [(Verdict.VIOLATED, "orbits 144")]


def test_both_graphs_are_built_where_both_are_expected() -> None:
    result = checked(SMALL, states(*STATES), orbits(*ORBITS))
    assert (counts(result.exploration), counts(result.unreduced)) == (ORBITS, STATES)
    assert [it.verdict for it in result.expectations] == [Verdict.HOLDS, Verdict.HOLDS]
    wrong = checked(SMALL, states(144), orbits(378))
    assert [it.detail for it in wrong.expectations] == ["states 378", "orbits 144"]


def test_where_nothing_can_be_exchanged_every_state_is_an_orbit() -> None:
    result = checked(counter(stop=3), states(4), orbits(4))
    assert [it.verdict for it in result.expectations] == [Verdict.HOLDS, Verdict.HOLDS]
    assert result.unreduced is None


def test_searches_that_differ_give_no_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    real = tiers.explore

    def blind(system: System, limits: Limits, *, symmetric: bool, **options: Any) -> Exploration:
        found = real(system, limits, symmetric=symmetric, **options)
        idle = tuple(0 for _ in found.action_counts)
        return replace(found, action_counts=idle) if symmetric else found

    monkeypatch.setattr(tiers, "explore", blind)
    with pytest.raises(Disagreement, match="actions"):
        checked(SMALL, states(378), orbits(144))


# --- limits and fallbacks ---------------------------------------------------------------------------------------------


def test_limits_are_told_in_orbits() -> None:
    result = checked(SMALL, orbits(144), states(378), limits=Limits(states=100))
    assert result.exploration is not None
    assert result.exploration.limit_detail == "100 orbits"
    assert result.properties[0].how == "ended with 100 orbits"
    assert [(it.verdict, it.reason) for it in result.expectations] == [(Verdict.UNKNOWN, "states")] * 2


def test_a_limit_may_prevent_only_the_count_of_states() -> None:
    result = checked(SMALL, states(378), orbits(144), limits=Limits(states=200))
    assert result.properties[0].verdict is Verdict.HOLDS
    assert [(it.verdict, it.reason) for it in result.expectations] == [
        (Verdict.UNKNOWN, "states"),
        (Verdict.HOLDS, ""),
    ]
    assert result.exit_code is ExitCode.UNKNOWN


def test_an_interrupted_count_of_states_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    real = tiers.explore

    def interrupted(system: System, limits: Limits, *, symmetric: bool, **options: Any) -> Exploration:
        if not symmetric:
            raise KeyboardInterrupt
        return real(system, limits, symmetric=symmetric, **options)

    monkeypatch.setattr(tiers, "explore", interrupted)
    result = checked(SMALL, states(378), orbits(144))
    assert result.properties[0].verdict is Verdict.HOLDS
    assert [(it.verdict, it.reason) for it in result.expectations] == [
        (Verdict.UNKNOWN, "interrupted"),
        (Verdict.HOLDS, ""),
    ]
    assert result.interrupted


@pytest.mark.parametrize(
    ("error", "told"),
    [(NotCompilable("too many references"), "too many references"), (TooManyForms(), "a state has too many forms")],
)
def test_a_search_that_cannot_use_symmetry_says_so(
    error: Exception, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = compiled.explore

    def refuse(system: System, limits: Limits, *, symmetric: bool, **options: Any) -> Exploration:
        if symmetric:
            raise error
        return real(system, limits, symmetric=False, **options)

    monkeypatch.setattr(compiled, "explore", refuse)
    monkeypatch.setattr(tiers, "TINY_OBJECTS", 0)
    result = checked(pods(2, 2, 2, 1), orbits(504))
    assert counts(result.exploration) == (2_916, 17_776, 12)
    assert [note for note in result.notes if told in note]
    assert [(it.verdict, it.reason) for it in result.expectations] == [(Verdict.UNKNOWN, "symmetry")]


def test_the_first_violation_is_as_near_with_symmetry() -> None:
    system = lowered(load(ROOT / "models" / "replicaset_broken.kspec"), "small")
    found, whole = checked(system, first=True), checked(system, first=True, symmetry=False)
    assert answers(found) == answers(whole)
    assert found.properties[0].trace is not None
    assert len(found.properties[0].trace.steps) == 6
