"""Runs told in cluster words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kspec.evaluate.replay import ReplayMismatch
from kspec.evaluate.run import Run
from kspec.explore.plain import explore
from kspec.explore.result import Exploration, Limits
from kspec.report.story import trace_lines
from kspec.report.styled import plain
from kspec.system.properties import Property
from kspec.system.system import System
from kspec.trace.confirm import UnfaithfulRun
from kspec.trace.describe import Change, Named
from kspec.trace.story import Trace, tell
from tests.trace.pods import pods

SYSTEM = pods()
FOUND = explore(SYSTEM, Limits())


def of(name: str, system: System = SYSTEM) -> Property:
    return next(property for property in system.properties if property.name == name)


def run_of(name: str, found: Exploration = FOUND) -> Run:
    return found.violations.get(name) or found.witnesses[name]


def told(name: str) -> Trace:
    return tell(SYSTEM, run_of(name), of(name))


def test_steps_name_the_action_its_parameters_and_what_it_chose() -> None:
    start = told("UniqueIP").steps[2]
    assert (start.deed.component, start.deed.action) == ("kubelet", "start")
    assert start.deed.arguments == (Named("p", "pod1"),)
    assert start.deed.choices == (Named("a", "ip1"),)
    assert start.changes == (Change("pod1.phase", "Pending", "Running"), Change("pod1.ip", "none", "ip1"))


def test_a_created_object_is_a_coming_not_a_change_of_its_fields() -> None:
    assert told("UniqueIP").steps[0].changes == (Change("pod1", None, ""),)


def test_a_deleted_object_is_a_going() -> None:
    assert told("NeverDeleted").steps[-1].changes == (
        Change("pod1", "phase = Running, ip = ip1", None),
        Change("restarts", "0", "1"),
    )


def test_a_new_object_in_a_used_slot_has_a_new_name() -> None:
    steps = told("Ranges").steps
    assert steps[5].changes == (Change("pod1'2", None, ""),)
    assert steps[6].deed.arguments == (Named("p", "pod1'2"),)


def test_blame_names_the_clause_the_objects_and_the_operands() -> None:
    blame = told("UniqueIP").blame
    assert blame is not None
    assert blame.clause == "p.ip == none or p.ip != q.ip"
    assert blame.bindings == (Named("p", "pod1"), Named("q", "pod2"))
    assert blame.operands == (Named("pod1.ip", "ip1"), Named("pod2.ip", "ip1"))


def test_blame_of_a_step_compares_old_and_new() -> None:
    blame = told("NeverDeleted").blame
    assert blame is not None
    assert blame.operands == (Named("restarts", "1"), Named("old(restarts)", "0"))


def test_a_failing_step_says_what_failed() -> None:
    trace = told("Ranges")
    assert trace.failure is not None
    assert trace.failure.message == "value outside 0..2 of restarts"
    assert trace.steps[-1].failure == trace.failure
    assert trace.failing_subject == ""


def test_a_witness_has_no_blame() -> None:
    assert told("SomeRunning").blame is None


def test_a_run_that_does_not_replay_is_never_told() -> None:
    run = run_of("UniqueIP")
    with pytest.raises(ReplayMismatch):
        tell(SYSTEM, Run(run.initial, run.moves[1:]), of("UniqueIP"))


def test_a_run_that_shows_nothing_is_never_told() -> None:
    run = run_of("UniqueIP")
    with pytest.raises(UnfaithfulRun):
        tell(SYSTEM, replace(run, moves=run.moves[:-1]), of("UniqueIP"))


def test_the_whole_story_as_text() -> None:
    assert (
        plain(trace_lines(told("UniqueIP")))
        == """\
  start
      IP ip1
      restarts = 0
  1  controller.create_pod
       + pod1
  2  controller.create_pod
       + pod2
  3  kubelet.start(p = pod1) choosing a = ip1
       pod1.phase: Pending -> Running
       pod1.ip: none -> ip1
  4  kubelet.start(p = pod2) choosing a = ip1
       pod2.phase: Pending -> Running
       pod2.ip: none -> ip1

  At the end, for p = pod1, q = pod2, this is false:
      p.ip == none or p.ip != q.ip
      pod1.ip = ip1, pod2.ip = ip1
"""
    )
