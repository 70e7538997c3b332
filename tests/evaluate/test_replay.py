"""Replay accepts the runs of a system, and says how any other differs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kspec.evaluate.evaluator import Evaluator
from kspec.evaluate.lasso import Lasso
from kspec.evaluate.replay import ReplayMismatch, replay, replay_lasso
from kspec.evaluate.run import Failure, Move, Run, Taken
from kspec.system.expressions import Arithmetic, FailureKind, Operator
from kspec.system.sorts import IntSort
from kspec.system.spans import NOWHERE
from kspec.system.system import ALIVE, System
from tests.building import (
    SystemBuilder,
    allocate,
    assign,
    equal,
    kind,
    less,
    local,
    number,
    parameter,
    plus,
    read,
    variable,
    when,
)

DIGIT = IntSort(0, 9)


def counter() -> System:
    """A number from 0: `add` raises it by 1 or 2 up to 4, `divide` fails at 2, `create` never has room."""
    builder = SystemBuilder()
    pod = builder.kind(kind("Pod", 1, permanent=False))
    total = builder.variable(variable("total", DIGIT), 0)
    by = local("by", IntSort(1, 2))
    builder.action("add", [parameter(by), when(less(read(total), number(4)))], [assign(total, plus(read(total), by))])
    difference = Arithmetic(Operator.SUBTRACT, read(total), number(2), IntSort(-2, 7))
    quotient = Arithmetic(Operator.DIVIDE, number(1), difference, IntSort(-1, 1))
    builder.action("divide", [when(equal(quotient, number(1)))])
    builder.action("create", [allocate(local("new", pod.sort))])
    return builder.build()


ADD_1 = Move(Taken(0, (1,)), (ALIVE, 1))
ADD_2 = Move(Taken(0, (2,)), (ALIVE, 2))
DIVIDE = Move(Taken(1, ()), None, Failure(FailureKind.RANGES, "", NOWHERE))
START = (ALIVE, 0)


@pytest.mark.parametrize(
    "moves",
    [(), (ADD_1,), (ADD_2, DIVIDE), (ADD_1, Move(Taken(0, (1,)), (ALIVE, 2)), DIVIDE)],
)
def test_runs_of_the_system_replay(moves: tuple[Move, ...]) -> None:
    replay(Evaluator(counter()), Run(START, moves))


@pytest.mark.parametrize(
    ("run", "step", "difference"),
    [
        (Run((ALIVE, 1), ()), 0, "other values"),
        (Run((ALIVE,), ()), 0, "1 values instead of 2"),
        (Run(START, (Move(Taken(7, ()), START),)), 1, "no transition 7"),
        (Run(START, (Move(Taken(0, (3,)), START),)), 1, "disabled"),
        (Run(START, (Move(Taken(0, (1,)), (ALIVE, 2)),)), 1, r"total\[0\] is 1, not 2"),
        (Run(START, (Move(Taken(0, (1,)), (ALIVE, 1, 0)),)), 1, "3 values instead of 2"),
        (Run(START, (Move(Taken(0, ()), (ALIVE, 1)),)), 1, "other values"),
        (Run(START, (ADD_1, replace(DIVIDE, taken=Taken(0, (1,))))), 2, "does not fail"),
        (Run(START, (DIVIDE,)), 1, "disabled"),
        (Run(START, (Move(Taken(2, ()), START),)), 1, "no room for another Pod"),
        (Run(START, (ADD_2, Move(Taken(1, ()), (ALIVE, 2)))), 2, "the step fails: division by zero"),
        (Run(START, (ADD_2, DIVIDE, ADD_1)), 3, "the step before it failed"),
        (
            Run(START, (ADD_2, replace(DIVIDE, failure=Failure(FailureKind.ASSERTS, "", NOWHERE)))),
            2,
            "violates Ranges, not Asserts",
        ),
    ],
)
def test_any_other_run_does_not(run: Run, step: int, difference: str) -> None:
    with pytest.raises(ReplayMismatch, match=difference) as raised:
        replay(Evaluator(counter()), run)
    assert raised.value.step == step


def test_a_candidate_that_is_not_initial_does_not_replay() -> None:
    builder = SystemBuilder()
    total = builder.variable(variable("total", DIGIT), 0)
    builder.initially(equal(read(total), number(1)))
    with pytest.raises(ReplayMismatch, match="does not satisfy"):
        replay(Evaluator(builder.build()), Run((0,), ()))


def test_a_candidate_whose_condition_fails_replays_alone() -> None:
    builder = SystemBuilder()
    total = builder.variable(variable("total", DIGIT), 0)
    builder.initially(equal(Arithmetic(Operator.DIVIDE, number(1), read(total), DIGIT), number(1)))
    builder.action("add", [], [assign(total, number(1))])
    evaluator = Evaluator(builder.build())
    replay(evaluator, Run((0,), ()))
    with pytest.raises(ReplayMismatch, match="`initially` fails"):
        replay(evaluator, Run((0,), (Move(Taken(0, ()), (1,)),)))


BACK = Move(Taken(3, ()), START)


def resetting() -> System:
    """The counter, and `reset`, which makes it 0."""
    base = counter()
    reset = SystemBuilder()
    total = base.variable("total")
    reset.action("reset", [], [assign(total, number(0))])
    added = reset.build()
    action = replace(added.transitions[0], action=len(base.actions))
    return replace(base, actions=(*base.actions, *added.actions), transitions=(*base.transitions, action))


@pytest.mark.parametrize(
    "lasso",
    [Lasso(Run(START, ()), 0), Lasso(Run(START, (ADD_2,)), 1), Lasso(Run(START, (ADD_1, BACK)), 0)],
)
def test_lassos_that_come_back_replay(lasso: Lasso) -> None:
    replay_lasso(Evaluator(resetting()), lasso)


@pytest.mark.parametrize(
    ("lasso", "difference"),
    [
        (Lasso(Run(START, (ADD_1,)), 0), "the loop does not come back to where it begins: total[0] is 1, not 0"),
        (Lasso(Run(START, (ADD_1, BACK)), 1), "the loop does not come back to where it begins: total[0] is 0, not 1"),
        (Lasso(Run(START, (ADD_2, DIVIDE)), 2), "the step fails, and nothing can follow it"),
        (Lasso(Run(START, (ADD_1,)), 2), "there is no step 2 that a loop could begin after"),
        (Lasso(Run(START, (ADD_1,)), -1), "there is no step -1 that a loop could begin after"),
    ],
)
def test_lassos_that_do_not_come_back(lasso: Lasso, difference: str) -> None:
    with pytest.raises(ReplayMismatch) as raised:
        replay_lasso(Evaluator(resetting()), lasso)
    assert raised.value.difference == difference
