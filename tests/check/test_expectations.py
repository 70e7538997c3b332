"""What a file expects, and the exit code that everything together leads to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kspec.check.causes import causes
from kspec.check.evidence import Evidence
from kspec.check.expectations import meet
from kspec.check.judge import Judgement, judge
from kspec.check.result import Finding
from kspec.check.verdicts import ExitCode, Verdict, worst
from kspec.explore.result import Exploration, Limit
from kspec.system.properties import Expectation, ExpectCounts, ExpectViolation
from kspec.system.spans import NOWHERE
from kspec.system.system import System
from tests.check.evidence import EXPLORED, FOLLOWED, bounded, explored, system

SAFE = ExpectViolation("Safe", NOWHERE)
RANGES = ExpectViolation("Ranges", NOWHERE)
REACHED = ("Reached",)


def counts(
    states: int | None = 10, transitions: int | None = 20, depth: int | None = 3, *, reduced: bool = False
) -> ExpectCounts:
    return ExpectCounts(reduced, states, transitions, depth, NOWHERE)


def judgements(of: System, evidence: Evidence) -> dict[str, Judgement]:
    followed = replace(evidence, temporal=FOLLOWED)
    return {property.name: judge(of, property, followed) for property in of.properties}


def met(expected: Expectation, evidence: Evidence) -> tuple[Verdict, str]:
    result = meet(expected, judgements(system(expected), evidence), evidence)
    return result.verdict, result.reason


def code(
    found: Exploration, *expected: Expectation, strict: bool = False, findings: tuple[Finding, ...] = ()
) -> ExitCode:
    of, evidence = system(*expected), Evidence(exploration=found)
    judged = judgements(of, evidence)
    results = tuple(meet(expectation, judged, evidence) for expectation in expected)
    return worst([cause.code for cause in causes(of, evidence, judged, results, findings, strict=strict)])


def test_an_expected_violation_is_met_by_a_violation() -> None:
    assert met(SAFE, Evidence(exploration=explored(violated=("Safe",)))) == (Verdict.HOLDS, "")


def test_an_expected_violation_that_does_not_come_is_a_violation() -> None:
    assert met(SAFE, Evidence(exploration=EXPLORED)) == (Verdict.VIOLATED, "")
    assert met(SAFE, Evidence(exploration=explored(cut=True))) == (Verdict.VIOLATED, "")


def test_an_expected_violation_that_a_limit_may_hide_is_unknown() -> None:
    limited = replace(EXPLORED, complete=False, limit=Limit.TIME)
    assert met(SAFE, Evidence(exploration=limited)) == (Verdict.UNKNOWN, "time")
    assert met(SAFE, Evidence(bounded=bounded())) == (Verdict.UNKNOWN, "depth 5")


def test_an_expectation_about_what_no_engine_checks_is_not_checked() -> None:
    assert met(ExpectViolation("Later", NOWHERE), Evidence(bounded=bounded())) == (Verdict.NOT_CHECKED, "")


def test_counts_must_be_exact() -> None:
    evidence = Evidence(exploration=EXPLORED)
    assert met(counts(), evidence) == (Verdict.HOLDS, "")
    assert met(counts(states=None, depth=None), evidence) == (Verdict.HOLDS, "")
    for wrong in (counts(states=9), counts(transitions=21), counts(depth=2)):
        assert met(wrong, evidence) == (Verdict.VIOLATED, "")


def test_counts_need_a_complete_graph_of_the_declared_room() -> None:
    limited = replace(EXPLORED, complete=False, limit=Limit.STATES)
    assert met(counts(), Evidence(exploration=limited)) == (Verdict.UNKNOWN, "states")
    assert met(counts(), Evidence(exploration=explored(cut=True))) == (Verdict.HOLDS, "")


def test_counts_of_orbits_are_not_checked() -> None:
    assert met(counts(reduced=True), Evidence(exploration=EXPLORED)) == (Verdict.NOT_CHECKED, "")


def test_a_violation_ends_with_one_and_an_expected_one_with_zero() -> None:
    found = explored(violated=("Safe",), reached=REACHED)
    assert code(found) is ExitCode.VIOLATED
    assert code(found, SAFE) is ExitCode.OK
    assert code(explored(reached=REACHED), SAFE) is ExitCode.VIOLATED


def test_an_unreached_state_ends_with_one() -> None:
    assert code(EXPLORED) is ExitCode.VIOLATED
    assert code(explored(reached=REACHED)) is ExitCode.OK


def test_unknowns_behind_expected_model_errors_do_not_count() -> None:
    found = explored(violated=("Ranges",), reached=REACHED)
    assert code(found) is ExitCode.VIOLATED
    assert code(found, RANGES) is ExitCode.OK


def test_unknowns_behind_a_model_error_that_is_not_expected_count() -> None:
    assert code(explored(violated=("Ranges", "Asserts"), reached=REACHED), RANGES) is ExitCode.VIOLATED


@pytest.mark.parametrize(("strict", "expected"), [(False, ExitCode.OK), (True, ExitCode.UNKNOWN)])
def test_strict_counts_what_is_bounded(strict: bool, expected: ExitCode) -> None:
    assert code(explored(reached=REACHED, cut=True), strict=strict) is expected


def test_strict_counts_findings_after_everything_else() -> None:
    finding = Finding("unused-action", "", NOWHERE)
    assert code(explored(violated=("Safe",), reached=REACHED), strict=True, findings=(finding,)) is ExitCode.VIOLATED
    assert code(explored(reached=REACHED), findings=(finding,)) is ExitCode.OK
