"""The plain explorer: what it finds, and that it finds the shortest runs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from kspec.evaluate.evaluator import Evaluator
from kspec.evaluate.replay import replay
from kspec.explore.plain import explore
from kspec.explore.result import ClauseUse, Exploration, Limits
from kspec.system.expressions import Arithmetic, Expr, Moment, Operator
from kspec.system.properties import PropertyKind
from kspec.system.sorts import BOOL, IntSort
from kspec.system.spans import NOWHERE
from kspec.system.system import ALIVE, DELETED, InitialChoice, Place, System
from tests.building import (
    SystemBuilder,
    allocate,
    assign,
    at_most,
    both,
    differ,
    either,
    equal,
    kind,
    less,
    local,
    negated,
    number,
    parameter,
    plus,
    read,
    status,
    value,
    variable,
    when,
    write,
)

DIGIT = IntSort(0, 9)
X = variable("x", DIGIT)


def counter(last: int = 4, *, loop: bool = False) -> SystemBuilder:
    """A number that is raised by 1 or 2 while it is less than `last`."""
    builder = SystemBuilder()
    builder.variable(X, 0)
    by = local("by", IntSort(1, 2))
    builder.action("add", [parameter(by), when(less(read(X), number(last)), 0)], [assign(X, plus(read(X), by))])
    if loop:
        builder.action("stay")
    return builder


def x_is(it: int, at: Moment = Moment.NEW) -> Expr:
    return equal(read(X, at=at), number(it))


def quotient(divisor: Expr) -> Expr:
    return Arithmetic(Operator.DIVIDE, number(1), divisor, DIGIT)


def search(system: System, *, first: bool = False) -> Exploration:
    """A search whose every run replays."""
    found = explore(system, Limits(), first=first)
    evaluator = Evaluator(system)
    for run in (*found.violations.values(), *found.witnesses.values()):
        replay(evaluator, run)
    if found.cut is not None:
        replay(evaluator, found.cut.run)
    return found


def lengths(found: Exploration) -> dict[str, int]:
    return {name: len(run.moves) for name, run in found.violations.items()}


def test_counts() -> None:
    found = search(counter().build())
    assert (found.states, found.transitions, found.depth, found.initial_states) == (6, 8, 3, 1)
    assert found.complete
    assert found.quiet_states == 2
    assert found.action_counts == (8,)
    assert found.clause_uses == ((ClauseUse(held=True, excluded=True),),)


def test_steps_that_change_nothing_are_transitions_and_successors() -> None:
    found = search(counter(loop=True).build())
    assert (found.states, found.transitions, found.quiet_states) == (6, 14, 0)
    assert found.action_counts == (8, 6)


def test_initial_states_are_counted_once() -> None:
    builder = counter(last=2)
    builder.choose(InitialChoice(Place("x", 0), (0, 1, 0), NOWHERE))
    found = search(builder.build())
    assert (found.initial_states, found.states, found.depth) == (2, 4, 1)


def test_without_initial_states_nothing_is_found() -> None:
    builder = counter()
    builder.initially(value(False))
    found = search(builder.build())
    assert (found.states, found.initial_states, found.depth, found.complete) == (0, 0, 0, True)


def test_violations_and_witnesses_are_shortest() -> None:
    builder = counter()
    builder.invariant("Small", at_most(read(X), number(3)))
    builder.invariant("Always", value(True))
    builder.reachable("Three", x_is(3))
    builder.reachable("Start", x_is(0))
    builder.reachable("Never", x_is(9))
    found = search(builder.build())
    assert lengths(found) == {"Small": 2}
    assert found.violations["Small"].last == (4,)
    assert {name: len(run.moves) for name, run in found.witnesses.items()} == {"Three": 2, "Start": 0}
    assert found.states == 6


def test_step_properties_are_judged_on_every_step_that_changes_something() -> None:
    builder = counter(loop=True)
    builder.step("Rises", less(read(X, at=Moment.OLD), read(X)))
    builder.step("ByOne", equal(read(X), plus(read(X, at=Moment.OLD), number(1))))
    known_target = both(x_is(3, Moment.OLD), x_is(5))  # 5 is known by then, from 3 by 2 and from 4 by 1
    builder.step("NotToFive", negated(known_target))
    found = search(builder.build())
    assert lengths(found) == {"ByOne": 1, "NotToFive": 3}
    assert found.violations["ByOne"].last == (2,)


def test_deadlocks_are_quiet_states_that_are_not_allowed() -> None:
    builder = counter()
    builder.property(PropertyKind.DEADLOCK, "Deadlock", x_is(4))
    found = search(builder.build())
    assert lengths(found) == {"Deadlock": 3}
    assert found.violations["Deadlock"].last == (5,)


def test_a_failing_step_is_no_successor_and_no_deadlock() -> None:
    builder = counter(last=1)
    builder.action("fail", [when(equal(quotient(negative(read(X))), number(5)))])
    builder.property(PropertyKind.DEADLOCK, "Deadlock", value(False))
    found = search(builder.build())
    assert lengths(found) == {"Ranges": 2, "Deadlock": 1}
    assert (found.quiet_states, found.cut_states, found.transitions) == (1, 0, 2)
    failing = found.violations["Ranges"].moves[-1]
    assert failing.state is None
    assert failing.failure is not None
    assert found.failing_property == {}


def negative(it: Expr) -> Expr:
    """Zero where a number is 1."""
    return Arithmetic(Operator.SUBTRACT, number(1), it, IntSort(None, None))


def test_a_failing_expression_of_a_property_violates_the_implicit_one() -> None:
    builder = counter()
    builder.invariant("Broken", less(number(-5), quotient(negative(read(X)))))
    found = search(builder.build())
    assert lengths(found) == {"Ranges": 1}
    assert found.failing_property == {"Ranges": "Broken"}
    assert found.states == 6


def test_a_violated_property_may_still_fail_later() -> None:
    builder = counter()
    minus_three = Arithmetic(Operator.SUBTRACT, number(3), read(X), IntSort(None, None))
    builder.invariant("Broken", both(differ(read(X), number(0)), less(number(-5), quotient(minus_three))))
    found = search(builder.build())
    assert lengths(found) == {"Broken": 0, "Ranges": 2}
    assert found.failing_property == {"Ranges": "Broken"}


def test_the_shorter_of_two_failures_is_told() -> None:
    """A step fails at depth 1, but the expression about states without successors fails there already."""
    builder = SystemBuilder()
    builder.variable(X, 0)
    to = local("to", IntSort(1, 2))
    builder.action("set", [parameter(to), when(x_is(0))], [assign(X, to)])
    builder.action("fail", [when(x_is(1)), when(equal(quotient(number(0)), number(1)))])
    builder.property(PropertyKind.DEADLOCK, "Deadlock", equal(quotient(number(0)), number(1)))
    found = search(builder.build())
    assert lengths(found) == {"Ranges": 1}
    assert found.failing_property == {"Ranges": "Deadlock"}


def test_a_failing_condition_on_initial_states_violates_the_implicit_property() -> None:
    builder = counter()
    builder.choose(InitialChoice(Place("x", 0), (0, 1), NOWHERE))
    builder.initially(equal(quotient(read(X)), number(1)))
    found = search(builder.build())
    assert lengths(found) == {"Ranges": 0}
    assert found.violations["Ranges"].initial == (0,)
    assert found.failing_property == {"Ranges": "initially"}
    assert found.initial_states == 1


# --- room ------------------------------------------------------------------------------------------------------------


def pods(room: int) -> SystemBuilder:
    """Pods are created, and deleted once the flag is up."""
    builder = SystemBuilder()
    pod = builder.kind(kind("Pod", room, permanent=False), present=0)
    flag = builder.variable(variable("flag", BOOL), False)
    new, old = local("new", pod.sort), local("old", pod.sort)
    sort = status(pod).sort
    appear = write(status(pod), (new,), value(ALIVE, sort))
    builder.action("create", [when(negated(read(flag)), 0), allocate(new)], [appear])
    builder.action("stop", [when(negated(read(flag)), 0)], [assign(flag, value(True))])
    builder.action("delete", [parameter(old), when(read(flag), 0)], [write(status(pod), (old,), value(DELETED, sort))])
    return builder


def test_a_create_without_room_cuts_the_state() -> None:
    builder = pods(room=2)
    builder.property(PropertyKind.DEADLOCK, "Deadlock", value(True))
    found = search(builder.build())
    assert found.cut is not None
    assert (len(found.cut.run.moves), found.cut.kind, found.cut.action) == (2, "Pod", 0)
    assert found.cut_states == 1
    assert found.room_used == {"Pod": 2}
    assert found.complete
    assert found.quiet_states == 1


def test_a_cut_state_is_no_deadlock() -> None:
    builder = SystemBuilder()
    pod = builder.kind(kind("Pod", 1, permanent=False))
    builder.action("create", [allocate(local("new", pod.sort))])
    builder.property(PropertyKind.DEADLOCK, "Deadlock", value(False))
    found = search(builder.build())
    assert (found.violations, found.quiet_states, found.cut_states) == ({}, 0, 1)


def test_refused_requests_are_counted() -> None:
    builder = SystemBuilder()
    builder.variable(X, 0)
    builder.action("ask", [], refused=x_is(1))
    builder.action("raise", [when(x_is(0))], [assign(X, number(1))])
    found = search(builder.build())
    assert (found.transitions, found.action_counts, found.refused_counts) == (3, (2, 1), (1, 0))


# --- when a search ends ----------------------------------------------------------------------------------------------


def test_first_ends_at_the_end_of_the_level() -> None:
    builder = counter(last=9)
    builder.invariant("NotOne", differ(read(X), number(1)))
    builder.invariant("NotTwo", differ(read(X), number(2)))
    builder.invariant("NotThree", differ(read(X), number(3)))
    found = search(builder.build(), first=True)
    assert lengths(found) == {"NotOne": 1, "NotTwo": 1}
    assert (found.states, found.depth, found.complete, found.limit) == (3, 1, False, None)


def test_the_search_ends_when_everything_is_settled_and_no_counts_are_needed() -> None:
    builder = counter(last=8)
    builder.invariant("NotOne", differ(read(X), number(1)))
    builder.reachable("Two", x_is(2))
    builder.invariant("Proved", either(value(True)))
    builder.property(PropertyKind.TEMPORAL, "Converges")
    system = builder.build()

    def states(*, settled: set[str], need_counts: bool) -> int:
        return explore(system, Limits(), settled=frozenset(settled), need_counts=need_counts).states

    whole = search(system).states
    assert states(settled={"Proved"}, need_counts=False) == 3
    assert states(settled={"Proved"}, need_counts=True) == whole
    assert states(settled=set(), need_counts=False) == whole


def test_settled_properties_are_still_judged() -> None:
    builder = counter()
    builder.invariant("Wrong", at_most(read(X), number(3)))
    found = explore(builder.build(), Limits(), settled=frozenset({"Wrong"}))
    assert lengths(found) == {"Wrong": 2}


# --- determinism -----------------------------------------------------------------------------------------------------

SCRIPT = """
from dataclasses import replace
from kspec.explore.plain import explore
from kspec.explore.result import Limits
from tests.explore.test_plain import pods
from tests.systems import pods as many_pods
for system in (pods(2).build(), many_pods(2, 1, 2, 1)):
    print(replace(explore(system, Limits()), seconds=0))
"""


def test_nothing_depends_on_the_hash_seed() -> None:
    root = Path(__file__).parents[2]
    outputs = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            cwd=root,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(outputs) == 1
