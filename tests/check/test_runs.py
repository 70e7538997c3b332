"""Properties about runs in the check of whole systems: what they leave as it is, and what keeps them open."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kspec.check import engines
from kspec.check.check import check_system
from kspec.check.options import CheckOptions, Engine
from kspec.check.result import CheckResult
from kspec.check.verdicts import ExitCode, Verdict
from kspec.explore.result import Limit, Limits
from kspec.explore.temporal.outcome import Stopped
from kspec.explore.temporal.result import TemporalResult
from kspec.system.properties import ExpectViolation
from kspec.system.spans import NOWHERE
from kspec.system.system import System
from tests.lower.texts import system as system_of

MODEL = """
kind Node { ready: bool = true }
kind Pod { node: Node? = none }
component scheduler {
  fair action bind(p: Pod, n: Node) when p.node == none and n.ready { p.node = n }
}
component eviction {
  fair action evict(p: Pod) when p.node != none when not p.node.ready { p.node = none }
}
environment {
  action down(n: Node) when n.ready { n.ready = false }
  fair action up(n: Node) when not n.ready { n.ready = true }
}
"""
SAFETY = """
invariant AllReady: forall n: Node: n.ready
invariant Bounded: count(p: Pod) <= 1
reachable AnyBound: exists p: Pod: p.node != none
"""
RUNS = """
property Bound: forall p: Pod: p.node == none leads to p.node != none
property Back: forall n: Node: not n.ready leads to n.ready
recoverable AllBound: forall p: Pod: p.node != none
"""
CLUSTER = "cluster here { Node n1  Pod p1 }"
ABOUT_RUNS = ("Bound", "Back", "AllBound")
STATES = 4


@pytest.fixture
def system() -> System:
    return system_of(MODEL + SAFETY + RUNS + CLUSTER)


def told(result: CheckResult) -> dict[str, tuple[Verdict, str]]:
    return {property.name: (property.verdict, property.reason) for property in result.properties}


def of_runs(result: CheckResult) -> set[tuple[Verdict, str]]:
    return {verdict for name, verdict in told(result).items() if name in ABOUT_RUNS}


@pytest.mark.parametrize("engine", [Engine.AUTO, Engine.EXPLORE, Engine.PLAIN])
def test_they_are_checked_and_change_no_other_verdict(system: System, engine: Engine) -> None:
    options = CheckOptions(engine=engine)
    alone = check_system(system_of(MODEL + SAFETY + CLUSTER), options)
    result = check_system(system, options)
    assert {name: found for name, found in told(result).items() if name not in ABOUT_RUNS} == told(alone)
    assert told(result)["Bound"] == (Verdict.VIOLATED, "")
    assert told(result)["Back"] == told(result)["AllBound"] == (Verdict.HOLDS, "")
    assert result.exit_code is ExitCode.VIOLATED
    lasso = next(property.trace for property in result.properties if property.name == "Bound")
    assert lasso is not None
    assert lasso.loop is not None


def test_a_graph_that_a_limit_of_states_cuts_short_settles_nothing(system: System) -> None:
    """Also where the search before has what it wanted with fewer states."""
    for states in range(STATES):
        result = check_system(system, CheckOptions(limits=Limits(states=states)))
        assert of_runs(result) == {(Verdict.UNKNOWN, "states")}, states
    assert told(check_system(system, CheckOptions(limits=Limits(states=STATES))))["Back"] == (Verdict.HOLDS, "")


@pytest.mark.parametrize(
    ("limits", "reason"), [(Limits(depth=1), "depth"), (Limits(seconds=0), "time"), (Limits(memory=1), "memory")]
)
def test_nor_does_one_that_another_limit_cuts_short(system: System, limits: Limits, reason: str) -> None:
    result = check_system(system, CheckOptions(engine=Engine.PLAIN, limits=limits))
    assert of_runs(result) == {(Verdict.UNKNOWN, reason)}


def test_the_first_violation_ends_the_check_before_runs_are_followed(system: System) -> None:
    result = check_system(system, CheckOptions(first=True))
    assert told(result)["AllReady"] == (Verdict.VIOLATED, "")
    assert of_runs(result) == {(Verdict.UNKNOWN, "first violation")}


def test_what_steps_that_fail_leave_open() -> None:
    failing = "environment { action fail { assert false } }"
    result = check_system(
        system_of(MODEL.replace("environment {", failing[:-2] + " ") + RUNS + CLUSTER), CheckOptions()
    )
    assert told(result)["Asserts"] == (Verdict.VIOLATED, "")
    assert of_runs(result) == {(Verdict.UNKNOWN, "model error")}


@pytest.mark.parametrize("by_search", [True, False])
def test_an_interrupt_leaves_them_open(system: System, monkeypatch: pytest.MonkeyPatch, by_search: bool) -> None:
    def interrupted(*_: object) -> TemporalResult:
        if by_search:
            raise KeyboardInterrupt
        return TemporalResult(dict.fromkeys(ABOUT_RUNS, Stopped(Limit.INTERRUPTED, "")))

    monkeypatch.setattr(engines, "_followed", interrupted)
    result = check_system(system, CheckOptions())
    assert of_runs(result) == {(Verdict.UNKNOWN, "interrupted")}
    assert told(result)["AllReady"] == (Verdict.VIOLATED, "")
    assert result.interrupted


def test_a_violation_can_be_expected(system: System) -> None:
    expected = (ExpectViolation("AllReady", NOWHERE), ExpectViolation("Bound", NOWHERE))
    result = check_system(replace(system, expectations=expected), CheckOptions())
    assert [expectation.verdict for expectation in result.expectations] == [Verdict.HOLDS, Verdict.HOLDS]
    assert result.exit_code is ExitCode.OK
    wrong = (*expected, ExpectViolation("Back", NOWHERE))
    assert check_system(replace(system, expectations=wrong), CheckOptions()).exit_code is ExitCode.VIOLATED


def test_bounded_checking_does_not_check_them(system: System) -> None:
    result = check_system(system, CheckOptions(engine=Engine.BMC, depth=3))
    assert of_runs(result) == {(Verdict.NOT_CHECKED, "")}


def test_fingerprints_are_of_the_search_before(system: System) -> None:
    """Runs are followed in states that are kept exactly."""
    assert told(check_system(system, CheckOptions(compact=True))) == told(check_system(system, CheckOptions()))


def test_the_same_lasso_whatever_the_number_of_workers(system: System) -> None:
    traces = [
        [property.trace for property in check_system(system, CheckOptions(workers=workers)).properties]
        for workers in (1, 2)
    ]
    assert traces[0] == traces[1]


def test_what_is_never_put_to_the_test_is_a_finding() -> None:
    vacuous = "property Never: forall n: Node: (n.ready and not n.ready) leads to n.ready\n"
    result = check_system(system_of(MODEL + vacuous + CLUSTER), CheckOptions())
    assert told(result)["Never"] == (Verdict.HOLDS, "")
    assert "Never is never put to the test: the left side of `leads to` never happens" in {
        finding.message for finding in result.findings if finding.code == "trivial-property"
    }


def test_runs_that_the_deadline_keeps_from_being_followed_are_unknown(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    def endless(*arguments: object) -> TemporalResult:
        while True:
            pass

    monkeypatch.setattr(engines, "_followed", endless)
    monkeypatch.setattr(engines, "GRACE", 0.0)
    options = CheckOptions(engine=Engine.EXPLORE, limits=Limits(seconds=1.0))
    result = check_system(system, options)
    assert {name: told(result)[name] for name in ABOUT_RUNS} == dict.fromkeys(ABOUT_RUNS, (Verdict.UNKNOWN, "time"))
    assert told(result)["AllReady"] == (Verdict.VIOLATED, "")
