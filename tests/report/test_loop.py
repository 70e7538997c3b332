"""What repeats for ever, as a person reads it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kspec.check.check import check_system
from kspec.check.options import CheckOptions, Engine
from kspec.check.verdicts import Verdict
from kspec.evaluate.fairness import Fate
from kspec.evaluate.lasso import Lasso
from kspec.report.loop import REASONS_SHOWN, why_lines
from kspec.report.story import trace_lines
from kspec.report.styled import plain
from kspec.report.terminal import result_lines
from kspec.system.expressions import FALSE
from kspec.system.properties import Property, PropertyKind
from kspec.trace.hindrance import Hindrance, Obstacle
from kspec.trace.story import tell_lasso, tell_trap
from tests.evaluate.lassos import walked
from tests.trace.lassos import BINDS, DROPPED, FLAPPING, RENEWED, STAYS, STOPPED, S

STOPS = """\
  start
      Node n1  ready = true
  1  controller.make
       + job1
  2  environment.down(n = n1)
       n1.ready: true -> false
  then nothing happens for ever: no fair action is enabled

  For j = job1, after step 1, the property is false:
      after step 1 it is so: job1.node == none
      after step 1 it is never so: job1.node != none

  There:
      job1.node == none  is true
      job1.node != none  is false  (job1.node = none)

  No fair action is enabled there:
      scheduler.bind(j = job1) is not enabled: for n = n1, `n1.ready` is false
      controller.make is not enabled: `count(j: Job) < 1` is false
      agent(n1).finish(j = job1) is not enabled: `job1.node == n1` is false
"""

REPEATS = """\
  start
      Node n1  ready = true
  1  controller.make
       + job1
  then these steps repeat for ever
  2  environment.down(n = n1)
       n1.ready: true -> false
  3  environment.up(n = n1)
       n1.ready: false -> true
  after step 3 all is as after step 1

  For j = job1, after step 1, the property is false:
      after step 1 it is so: job1.node == none
      after step 1 it is never so: job1.node != none

  In the loop:
      job1.node == none  is true all the time
      job1.node != none  is false all the time  (after step 1: job1.node = none)

  No fair action is put off for ever:
      scheduler.bind(j = job1) is enabled again and again, but not after step 2: for n = n1, `n1.ready` is false
      controller.make is never enabled: `count(j: Job) < 1` is false
      agent(n1).finish(j = job1) is never enabled: `job1.node == n1` is false
"""


def told(lasso: Lasso, property: Property) -> str:
    return plain(trace_lines(tell_lasso(S, lasso, property)))


def test_a_run_that_stops() -> None:
    assert told(STOPPED, BINDS) == STOPS


def test_a_run_that_repeats() -> None:
    assert told(FLAPPING, BINDS) == REPEATS


def test_new_objects_in_the_places_of_others() -> None:
    assert "  after step 4 all is as after step 1, with job1'2 in the place of job1\n" in told(RENEWED, STAYS)


def test_a_loop_from_the_start_and_an_object_that_is_gone() -> None:
    text = told(DROPPED, STAYS)
    assert "  after step 2 all is as at the start\n" in text
    assert "      job1.node != none  is false: its object is gone\n" in text
    assert "      taken again and again: controller.make in step 1\n" in text
    assert "      scheduler.bind(j = job1) need not be taken: at the start its object does not exist\n" in text


def test_units_of_one_action_with_one_reason_are_one_line_and_there_are_not_too_many() -> None:
    loop = tell_lasso(S, STOPPED, BINDS).loop
    assert loop is not None
    finish = next(unit for unit in loop.units if unit.deed.action == "finish")
    others = tuple(replace(finish, deed=replace(finish.deed, action=f"finish{n}")) for n in range(REASONS_SHOWN))
    twice = plain(why_lines(replace(loop, units=(finish, finish))))
    assert "agent(n1).finish(j = job1), agent(n1).finish(j = job1) are not enabled: `j.node == n` is false\n" in twice
    many = plain(why_lines(replace(loop, units=(*others, finish, finish))))
    assert many.endswith("      and 2 more units of fairness are not enabled\n")


def test_values_that_change_in_the_loop_say_when() -> None:
    loop = tell_lasso(S, FLAPPING, BINDS).loop
    assert loop is not None
    changing = replace(loop.atoms[0], true_after=(1,), false_after=(2,))
    text = plain(why_lines(replace(loop, atoms=(changing,))))
    assert "      job1.node == none  is true after step 1, false after step 2\n" in text


def test_a_loop_with_a_missing_step_is_said_to_be_none_perhaps() -> None:
    loop = tell_lasso(S, FLAPPING, BINDS).loop
    assert loop is not None
    text = plain(why_lines(replace(loop, cut=(1, 2))))
    assert text.startswith("  After steps 1 and 2 a step is missing, for want of room or because it fails")


def test_nothing_is_said_of_units_that_there_are_not() -> None:
    loop = tell_lasso(S, FLAPPING, BINDS).loop
    assert loop is not None
    assert "No fair action" not in plain(why_lines(replace(loop, units=())))
    assert all(unit.fate is not Fate.OWED for unit in loop.units)


def test_a_trap() -> None:
    recovers = next(found for found in S.properties if found.name == "Busy")
    never = replace(recovers, kind=PropertyKind.RECOVERABLE, name="Recovers", expression=FALSE)
    text = plain(trace_lines(tell_trap(replace(S, properties=(never,)), walked(S, "environment.down"), never, 6)))
    assert "  From there 6 states can be reached, that one included, and `Recovers` is in none.\n" in text


WAITS = "waits, after step 2 at least, and is never enabled"


@pytest.mark.parametrize(
    ("fate", "hindrance", "words"),
    [
        (Fate.NO_WORKER, Hindrance(Obstacle.NO_WORKER), f"{WAITS}: no worker is free for it"),
        (Fate.NO_WORKER, Hindrance(Obstacle.NO_VALUE, what="v"), f"{WAITS}: there is no `v` for it"),
        (Fate.NO_WORKER, Hindrance(Obstacle.OWN_WRITES), f"{WAITS}: it does not see its own writes yet"),
        (Fate.NOT_WAITING, None, "is enabled again and again, but after step 2 there is nothing for it to wait for"),
    ],
)
def test_units_of_a_queue(fate: Fate, hindrance: Hindrance | None, words: str) -> None:
    loop = tell_lasso(S, FLAPPING, BINDS).loop
    assert loop is not None
    bind = next(unit for unit in loop.units if unit.deed.action == "bind")
    text = plain(why_lines(replace(loop, units=(replace(bind, fate=fate, hindrance=hindrance),))))
    assert f"      scheduler.bind(j = job1) {words}\n" in text


@pytest.mark.parametrize(
    ("lasso", "verdict", "head"),
    [
        (STOPPED, Verdict.VIOLATED, "Binds is violated by a run that stops after 2 steps  "),
        (FLAPPING, Verdict.VIOLATED, "Binds is violated by a run that goes round in 2 steps  "),
        (FLAPPING, Verdict.UNKNOWN, "Binds may be violated by a run that goes round in 2 steps  "),
    ],
)
def test_the_report_of_a_check_says_what_kind_of_run_it_is(lasso: Lasso, verdict: Verdict, head: str) -> None:
    found = check_system(S, CheckOptions(engine=Engine.PLAIN))
    results = {result.name: result for result in found.properties}
    shown = replace(results["Binds"], verdict=verdict, trace=tell_lasso(S, lasso, BINDS))
    lines = plain(result_lines(replace(found, properties=(shown,)))).splitlines()
    assert [line for line in lines if line.startswith(head)]
    assert "  then" in "\n".join(lines)
