"""What random runs are taken for: never for a proof."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kspec.check import simulate as simulating
from kspec.check.options import Activity, SimulateOptions
from kspec.check.result import CheckResult
from kspec.check.simulate import simulate_system
from kspec.check.start import NoInitialState
from kspec.check.verdicts import ExitCode, Verdict
from kspec.explore.result import Limit
from kspec.explore.simulate.result import Plan
from kspec.system.properties import ExpectCounts, ExpectViolation
from kspec.system.spans import NOWHERE
from kspec.system.system import System
from tests.lower.texts import system as system_of

WORDS = "20 runs of at most 9 steps"

MODEL = """
var n: 0..9 = 0
environment { action up when n < 5 { n += 1 }  action down when n > 0 { n -= 1 }  action back when n > 0 { n = 0 } }
invariant Small: n <= 3
invariant Digit: n <= 9
reachable Two: n == 2
reachable Nine: n == 9
property Later: eventually n == 2
cluster here {}
"""
PLAN = Plan(20, 9, 1)


def simulated(system: System, plan: Plan = PLAN, *, strict: bool = False, seconds: float | None = None) -> CheckResult:
    return simulate_system(system, SimulateOptions(plan, seconds, strict))


def told(result: CheckResult) -> dict[str, tuple[Verdict, str]]:
    return {property.name: (property.verdict, property.reason) for property in result.properties}


def test_what_is_seen_is_settled_and_nothing_else_is() -> None:
    result = simulated(system_of(MODEL))
    assert told(result) == {
        "Small": (Verdict.VIOLATED, ""),
        "Digit": (Verdict.BOUNDED, WORDS),
        "Two": (Verdict.HOLDS, ""),
        "Nine": (Verdict.UNKNOWN, WORDS),
        "Later": (Verdict.NOT_CHECKED, ""),
        **dict.fromkeys(("Ranges", "LiveReferences", "Asserts"), (Verdict.BOUNDED, WORDS)),
    }
    assert result.exit_code is ExitCode.VIOLATED
    assert result.exploration is None
    assert result.actions.keys() == {"environment.up", "environment.down", "environment.back"}


def test_the_story_is_the_one_of_a_minimised_run() -> None:
    result = simulated(system_of(MODEL), Plan(3, 40, 8))
    (small,) = (property for property in result.properties if property.name == "Small")
    assert result.simulation is not None
    assert small.trace is not None
    assert [step.deed.action for step in small.trace.steps] == ["up"] * 4
    found = result.simulation.seen["Small"].length
    assert found > 4
    assert small.how == f"in 4 steps, shortened from {found}"


def test_exit_codes() -> None:
    fine = system_of("var n: 0..3 = 0\nenvironment { action rest {} }\ninvariant Zero: n == 0\ncluster here {}")
    assert simulated(fine).exit_code is ExitCode.OK
    assert simulated(fine, strict=True).exit_code is ExitCode.UNKNOWN
    expected = replace(system_of(MODEL), expectations=(ExpectViolation("Small", NOWHERE),))
    assert simulated(expected).causes == (f"Nine unknown ({WORDS})",)


def test_expectations() -> None:
    counts = ExpectCounts(False, 6, None, None, NOWHERE)
    wanted = (ExpectViolation("Small", NOWHERE), ExpectViolation("Digit", NOWHERE), counts)
    result = simulated(replace(system_of(MODEL), expectations=wanted))
    met = [(expectation.verdict, expectation.reason) for expectation in result.expectations]
    assert met == [(Verdict.HOLDS, ""), (Verdict.UNKNOWN, WORDS), (Verdict.NOT_CHECKED, "")]


def test_an_error_in_the_model_spoils_what_is_not_violated() -> None:
    text = "var n: 0..4 = 0\nenvironment { action up { n += 1 } }\ninvariant Small: n <= 3\ninvariant Digit: n <= 9"
    result = simulated(system_of(text + "\ncluster here {}"))
    assert told(result)["Small"] == (Verdict.VIOLATED, "")
    assert told(result)["Ranges"] == (Verdict.VIOLATED, "")
    assert told(result)["Digit"] == (Verdict.UNKNOWN, "model error")


def test_a_create_without_room_is_a_finding() -> None:
    text = "kind Pod {}\nenvironment { action make { create Pod {} } }\ncluster here { Pod at most 2 }"
    (finding,) = simulated(system_of(text)).findings
    assert finding.code == "blocked-create"
    assert finding.message == "environment.make finds no room for a Pod (Pod at most 2), first after 2 steps"


def test_a_limit_of_time() -> None:
    result = simulated(system_of(MODEL), Plan(10**9, 9, 1), seconds=2.0)
    assert told(result)["Digit"] == (Verdict.UNKNOWN, "time")
    assert told(result)["Small"][0] is Verdict.VIOLATED
    (digit,) = (property for property in result.properties if property.name == "Digit")
    assert digit.how.endswith("the limit of 2 s")


def test_an_interrupt_before_the_first_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(system: System) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(simulating, "must_start", interrupt)
    assert told(simulated(system_of(MODEL)))["Digit"] == (Verdict.UNKNOWN, Limit.INTERRUPTED.value)


def test_an_interrupt_while_runs_are_minimised_leaves_them_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*given: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(simulating, "minimise", interrupt)
    result = simulated(system_of(MODEL), Plan(3, 40, 8))
    (small,) = (property for property in result.properties if property.name == "Small")
    assert small.trace is not None
    assert result.simulation is not None
    assert len(small.trace.steps) == result.simulation.seen["Small"].length
    assert told(result)["Digit"] == (Verdict.UNKNOWN, "interrupted")


def test_no_initial_state() -> None:
    with pytest.raises(NoInitialState):
        simulated(system_of("var n: 0..3 = 0\ncluster here { n = any 0..3  initially n > 3 }"))


def test_progress_is_told() -> None:
    seen: list[Activity] = []
    simulate_system(system_of(MODEL), SimulateOptions(Plan(10**9, 9, 1), 2.5), seen.append)
    assert seen
    assert all(activity.engine == "simulate" and activity.runs is not None for activity in seen)
