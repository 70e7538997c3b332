"""What formulas mean on lassos, by known answers: each operator, steps, stops, and objects that come and go."""

from __future__ import annotations

import pytest

from kspec.evaluate.evaluator import Evaluator
from kspec.evaluate.formulas import falsified, instances
from kspec.evaluate.lasso import Lasso
from kspec.system.system import System
from kspec.system.temporal import (
    Always,
    And,
    Eventually,
    Formula,
    Gone,
    Iff,
    Implies,
    LeadsTo,
    Next,
    Not,
    Or,
    Temporal,
    Until,
)
from tests.evaluate.lassos import atom, looping, plain, stopping, variables
from tests.lower.texts import system

COUNTER = """
var n: 0..3 = 0
component c {
  action up() when n < 3 { n = n + 1 }
  action down() when n > 1 { n = n - 1 }
  action look() { n = n }
}
reachable Zero: n == 0
reachable One: n == 1
reachable Two: n == 2
reachable Three: n == 3
reachable Positive: n > 0
step Up: by c.up
step Down: by c.down
step Look: by c.look
step Rises: n > old(n)
cluster here { }
"""
N = system(COUNTER)
ZERO, ONE, TWO, THREE, POSITIVE, UP, DOWN, LOOK, RISES = (
    atom(N, name) for name in ("Zero", "One", "Two", "Three", "Positive", "Up", "Down", "Look", "Rises")
)
TO_AND_FRO = looping(N, ("c.up",), "c.up", "c.down")
"""n is 0, then 1 and 2 in turn."""
RESTING = stopping(N, "c.up", "c.up")
"""n is 0, 1, and 2 for ever."""
LOOKING = looping(N, ("c.up",), "c.look")


def true_of(formula: Formula, lasso: Lasso, of: System = N) -> bool:
    return falsified(Evaluator(of), lasso, plain(formula)) is None


@pytest.mark.parametrize(
    ("formula", "lasso", "expected"),
    [
        (ZERO, TO_AND_FRO, True),
        (ONE, TO_AND_FRO, False),
        (Next(ONE), TO_AND_FRO, True),
        (Next(Next(Next(ONE))), TO_AND_FRO, True),
        (Next(Next(Next(TWO))), TO_AND_FRO, False),
        (Next(Next(Next(TWO))), RESTING, True),
        (Always(Or((ZERO, ONE, TWO))), TO_AND_FRO, True),
        (Always(Not(THREE)), TO_AND_FRO, True),
        (Always(POSITIVE), TO_AND_FRO, False),
        (Next(Always(POSITIVE)), TO_AND_FRO, True),
        (Eventually(TWO), TO_AND_FRO, True),
        (Eventually(THREE), TO_AND_FRO, False),
        (Always(Eventually(TWO)), TO_AND_FRO, True),
        (Eventually(Always(TWO)), TO_AND_FRO, False),
        (Eventually(Always(TWO)), RESTING, True),
        (Until(ZERO, ONE), TO_AND_FRO, True),
        (Until(ZERO, TWO), TO_AND_FRO, False),
        (Until(Not(THREE), THREE), TO_AND_FRO, False),
        (Until(THREE, ZERO), TO_AND_FRO, True),
        (LeadsTo(ONE, TWO), TO_AND_FRO, True),
        (LeadsTo(TWO, ZERO), TO_AND_FRO, False),
        (LeadsTo(THREE, ZERO), TO_AND_FRO, True),
        (Implies(ONE, THREE), TO_AND_FRO, True),
        (Iff(Next(ONE), ZERO), TO_AND_FRO, True),
        (Iff(ONE, ZERO), TO_AND_FRO, False),
        (And(()), TO_AND_FRO, True),
        (Or(()), TO_AND_FRO, False),
    ],
)
def test_operators(formula: Formula, lasso: Lasso, expected: bool) -> None:
    assert true_of(formula, lasso) is expected


def test_a_step_belongs_to_the_position_that_it_is_taken_from() -> None:
    assert true_of(And((UP, RISES, Next(UP), Next(Next(DOWN)))), TO_AND_FRO)
    assert true_of(Always(Implies(TWO, DOWN)), TO_AND_FRO)


def test_where_a_run_has_stopped_no_step_is_taken() -> None:
    assert true_of(Next(Next(Always(Not(Or((UP, DOWN, LOOK)))))), RESTING)


def test_a_step_that_changes_nothing_is_taken() -> None:
    assert true_of(Next(Always(LOOK)), LOOKING)
    assert true_of(Eventually(RISES), LOOKING)
    assert not true_of(Always(Eventually(RISES)), LOOKING)


def test_formulas_are_nested_as_deeply_as_the_language_allows() -> None:
    formula: Formula = THREE
    for _ in range(3000):
        formula = Not(Next(formula))
    assert not true_of(formula, TO_AND_FRO)


PODS = """
kind Pod { done: bool = false }
component c {
  action make() { create Pod {} }
  action finish(p: Pod) when not p.done { p.done = true }
  action reset(p: Pod) when p.done { p.done = false }
  action drop(p: Pod) { delete p }
}
invariant Done: forall p: Pod: p.done
cluster here { Pod at most 2 }
"""
P = system(PODS)
DONE = atom(P, "Done")
(POD,) = variables(P, "Done")
GONE = Gone(POD.local)


def about_pods(formula: Formula, lasso: Lasso) -> bool:
    return falsified(Evaluator(P), lasso, Temporal((POD,), formula)) is None


def test_a_tracked_object_is_followed_from_its_creation() -> None:
    lasso = stopping(P, "c.make", "c.finish", "c.make", "c.finish(p = pod2)")
    assert about_pods(And((Not(DONE), Next(DONE))), lasso)
    assert about_pods(Eventually(DONE), lasso)
    unfinished = stopping(P, "c.make", "c.finish", "c.make")
    assert not about_pods(Eventually(DONE), unfinished)


def test_nothing_is_claimed_where_no_object_ever_exists() -> None:
    assert about_pods(Or(()), stopping(P))


def test_what_is_gone_stays_gone_when_its_slot_is_used_again() -> None:
    lasso = looping(P, (), "c.make", "c.finish", "c.drop")
    assert about_pods(LeadsTo(DONE, GONE), lasso)
    assert about_pods(Eventually(Always(And((GONE, Not(DONE))))), lasso)
    assert not about_pods(Always(Eventually(DONE)), lasso)


def test_each_object_of_a_slot_is_one_of_its_own() -> None:
    lasso = looping(P, ("c.make", "c.finish", "c.drop"), "c.make", "c.drop")
    assert [instance.start for instance in instances(Evaluator(P), lasso, Temporal((POD,), DONE))] == [1, 4]
    assert not about_pods(Eventually(DONE), lasso)
    assert about_pods(Eventually(GONE), lasso)


def test_an_object_that_the_loop_makes_anew_begins_where_the_loop_comes_back() -> None:
    """The pod of the prefix exists where the loop begins; the one that the loop ends with begins there."""
    lasso = looping(P, ("c.make",), "c.drop", "c.make")
    assert [instance.start for instance in instances(Evaluator(P), lasso, Temporal((POD,), DONE))] == [1]
    assert about_pods(And((Not(GONE), Next(GONE))), lasso)


def test_several_tracked_objects_exist_at_the_same_time() -> None:
    twin = system(PODS.replace("forall p: Pod: p.done", "forall p, q: Pod: p.done iff q.done"))
    pair = variables(twin, "Done")
    lasso = stopping(twin, "c.make", "c.finish", "c.make")
    found = [
        (tuple(instance.values.values()), instance.start)
        for instance in instances(Evaluator(twin), lasso, Temporal(pair, atom(twin, "Done")))
    ]
    assert found == [((0, 0), 1), ((0, 1), 3), ((1, 0), 3), ((1, 1), 3)]
    reading = falsified(Evaluator(twin), lasso, Temporal(pair, atom(twin, "Done")))
    assert reading is not None
    assert not reading.holds()


def test_never_together_is_no_pair() -> None:
    twin = system(PODS.replace("forall p: Pod: p.done", "forall p, q: Pod: p.done iff q.done"))
    lasso = looping(twin, (), "c.make", "c.drop")
    found = instances(Evaluator(twin), lasso, Temporal(variables(twin, "Done"), atom(twin, "Done")))
    assert [tuple(instance.values.values()) for instance in found] == [(0, 0)]
