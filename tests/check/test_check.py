"""The check of whole systems with the real engines."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kspec.check import engines
from kspec.check.check import check_system
from kspec.check.evidence import Disagreement
from kspec.check.options import Activity, CheckOptions, Engine
from kspec.check.result import CheckResult
from kspec.check.verdicts import ExitCode, Verdict
from kspec.explore.result import Limits
from kspec.symbolic.result import InductionAnswer, InductionResult
from kspec.system.expressions import FailureKind, Implies
from kspec.system.properties import ExpectCounts, ExpectViolation, PropertyKind
from kspec.system.sorts import IntSort
from kspec.system.spans import NOWHERE
from kspec.system.system import System
from tests.building import SystemBuilder, assign, at_most, equal, less, number, plus, read, variable, when
from tests.trace.pods import pods


def counter(*, stop: int, bound: int = 9) -> System:
    """A number that goes up to `stop`; `Small` says that it stays at most 3."""
    builder = SystemBuilder()
    n = builder.variable(variable("n", IntSort(0, bound)), 0)
    builder.action("clock.tick", [when(less(read(n), number(stop)), 0)], [assign(n, plus(read(n), number(1)))])
    builder.action("clock.jump", [when(equal(read(n), number(99)), 0)], [assign(n, number(0))])
    builder.invariant("Small", at_most(read(n), number(3)))
    builder.invariant("Far", Implies(equal(read(n), number(50)), equal(read(n), number(51))))
    for failure in FailureKind:
        builder.property(PropertyKind.IMPLICIT, failure.value)
    return builder.build()


def verdicts(result: CheckResult) -> dict[str, Verdict]:
    return {property.name: property.verdict for property in result.properties}


def test_auto_proves_what_is_inductive_and_still_looks_for_findings() -> None:
    result = check_system(counter(stop=3), CheckOptions())
    assert set(verdicts(result).values()) == {Verdict.PROVED}
    assert result.exit_code is ExitCode.OK
    assert result.exploration is not None
    assert result.exploration.states == 4
    assert {finding.code for finding in result.findings} >= {"unused-action", "dead-clause", "trivial-property"}


def test_plain_says_holds() -> None:
    result = check_system(counter(stop=3), CheckOptions(engine=Engine.PLAIN))
    assert set(verdicts(result).values()) == {Verdict.HOLDS}
    assert result.actions == {"clock.tick": 3, "clock.jump": 0}


@pytest.mark.parametrize("engine", Engine)
def test_every_engine_finds_the_shortest_violation(engine: Engine) -> None:
    result = check_system(counter(stop=6), CheckOptions(engine=engine))
    small = result.properties[0]
    assert small.verdict is Verdict.VIOLATED
    assert small.trace is not None
    assert len(small.trace.steps) == 4
    assert result.exit_code is ExitCode.VIOLATED


@pytest.mark.parametrize("engine", [Engine.AUTO, Engine.PLAIN])
def test_a_limit_on_states_leaves_unknown_what_is_not_proved(engine: Engine) -> None:
    result = check_system(pods(restarts=9), CheckOptions(engine=engine, limits=Limits(states=3)))
    assert verdicts(result)["UniqueIP"] is Verdict.UNKNOWN
    assert result.properties[0].reason == "states"
    assert result.exit_code is ExitCode.UNKNOWN


def test_limits_are_told_as_they_were_given() -> None:
    def how(limits: Limits) -> str:
        return check_system(pods(), CheckOptions(engine=Engine.PLAIN, limits=limits)).properties[0].how

    assert how(Limits(seconds=1e-6)).endswith(": the limit of 1e-06 s")
    assert how(Limits(depth=1)).endswith(": the limit of 1 step")
    assert how(Limits(depth=2)).endswith(": the limit of 2 steps")


def test_no_time_at_all_is_a_limit_of_time() -> None:
    result = check_system(pods(), CheckOptions(engine=Engine.PLAIN, limits=Limits(seconds=0)))
    assert {property.reason for property in result.properties} == {"time"}


def test_first_stops_at_the_level_of_the_first_violation() -> None:
    result = check_system(pods(), CheckOptions(engine=Engine.PLAIN, first=True))
    assert verdicts(result)["NeverDeleted"] is Verdict.VIOLATED
    assert verdicts(result)["UniqueIP"] is Verdict.UNKNOWN


def test_expectations_decide_the_exit_code() -> None:
    expected = (
        ExpectViolation("Small", NOWHERE),
        ExpectCounts(False, 7, 6, 6, NOWHERE),
    )
    result = check_system(replace(counter(stop=6), expectations=expected), CheckOptions())
    assert [expectation.verdict for expectation in result.expectations] == [Verdict.HOLDS, Verdict.HOLDS]
    assert result.properties[0].expected
    assert result.exit_code is ExitCode.OK


def test_strict_turns_findings_into_an_exit_code() -> None:
    assert check_system(counter(stop=3), CheckOptions(strict=True)).exit_code is ExitCode.FINDINGS


def test_room_is_named_where_it_is_short() -> None:
    result = check_system(pods(), CheckOptions(engine=Engine.PLAIN))
    blocked = [finding for finding in result.findings if finding.code == "blocked-create"]
    assert len(blocked) == 1
    assert "controller.create_pod" in blocked[0].message
    assert "Pod at most 2" in blocked[0].message


def test_engines_that_contradict_each_other_give_no_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    proofs = {"Small": InductionResult(InductionAnswer.INDUCTIVE)}
    monkeypatch.setattr(engines, "prove_invariants", lambda system, **options: proofs)
    with pytest.raises(Disagreement):
        check_system(counter(stop=6), CheckOptions())


def test_interrupted_induction_ends_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(system: System, **options: object) -> dict[str, InductionResult]:
        raise KeyboardInterrupt

    monkeypatch.setattr(engines, "prove_invariants", interrupted)
    result = check_system(counter(stop=3), CheckOptions())
    assert {property.reason for property in result.properties} == {"interrupted"}
    assert result.exit_code is ExitCode.UNKNOWN


def test_the_engines_say_what_they_do() -> None:
    heard: list[Activity] = []
    check_system(counter(stop=6), CheckOptions(engine=Engine.BMC, depth=3), heard.append)
    assert {activity.engine for activity in heard} == {"bmc"}
