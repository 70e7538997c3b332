"""Lassos as stories: what repeats, why the property is false, and why the run is fair."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kspec.evaluate.fairness import Fate
from kspec.evaluate.lasso import Lasso
from kspec.evaluate.replay import ReplayMismatch
from kspec.system.properties import Property, PropertyKind
from kspec.system.spans import NOWHERE
from kspec.system.temporal import Always, And, Iff, Implies, LeadsTo, Next, Not, Or, Temporal, Until
from kspec.trace.confirm import UnfaithfulRun
from kspec.trace.describe import Named
from kspec.trace.hindrance import Obstacle
from kspec.trace.loop import FactStory, LoopStory, UnitStory
from kspec.trace.story import tell_lasso, tell_trap
from tests.evaluate.lassos import atom, looping, stopping, walked
from tests.lower.texts import system
from tests.trace.lassos import BINDS, DROPPED, FLAPPING, GONE, JOBS, RENEWED, STAYS, STOPPED, S


def told(lasso: Lasso, property: Property) -> LoopStory:
    loop = tell_lasso(S, lasso, property).loop
    assert loop is not None
    return loop


def unit(loop: LoopStory, name: str) -> UnitStory:
    (found,) = (unit for unit in loop.units if str(unit.deed) == name)
    return found


def test_what_is_false_of_whom_and_since_when() -> None:
    loop = told(STOPPED, BINDS)
    assert (loop.after, loop.stops, loop.start) == (2, True, 1)
    assert loop.instance == (Named("j", "job1"),)
    assert loop.facts == (
        FactStory("job1.node == none", True, 1, lasting=False),
        FactStory("job1.node != none", False, 1, lasting=True),
    )
    waits, bound = loop.atoms
    assert (waits.true_after, waits.false_after) == ((2,), ())
    assert (bound.true_after, bound.false_after) == ((), (2,))
    assert bound.blame is not None
    assert bound.blame.operands == (Named("job1.node", "none"),)


def test_why_a_unit_is_not_enabled_where_the_run_stops() -> None:
    loop = told(STOPPED, BINDS)
    bind = unit(loop, "scheduler.bind(j = job1)")
    assert bind.fate is Fate.NEVER_ENABLED
    assert bind.hindrance is not None
    assert bind.hindrance.blame is not None
    assert bind.hindrance.blame.clause == "n1.ready"
    assert bind.hindrance.pattern == "n.ready"
    assert bind.hindrance.bindings == (Named("n", "n1"),)
    assert bind.hindrance.met == 1
    finish = unit(loop, "agent(n1).finish(j = job1)")
    assert finish.hindrance is not None
    assert finish.hindrance.blame is not None
    assert finish.hindrance.blame.clause == "job1.node == n1"


def test_what_is_enabled_now_and_then_says_where_it_is_not() -> None:
    loop = told(FLAPPING, BINDS)
    assert (loop.after, loop.stops) == (1, False)
    bind = unit(loop, "scheduler.bind(j = job1)")
    assert (bind.fate, bind.after) == (Fate.NOT_ENABLED, 2)
    assert loop.renewed == ()


def test_the_steps_that_take_units_are_named() -> None:
    loop = told(RENEWED, STAYS)
    taken = {str(unit.deed): unit.after for unit in loop.units if unit.fate is Fate.TAKEN}
    assert taken == {
        "controller.make": 4,
        "scheduler.bind(j = job1)": 2,
        "agent(n1).finish(j = job1)": 3,
    }
    assert loop.renewed == (("job1", "job1'2"),)


def test_an_object_that_is_gone_is_told_as_such() -> None:
    loop = told(DROPPED, STAYS)
    (bound,) = loop.atoms
    assert bound.gone
    assert bound.blame is None
    assert unit(loop, "scheduler.bind(j = job1)").fate is Fate.GONE


BUSY = next(found for found in S.properties if found.name == "Busy")


@pytest.mark.parametrize(
    ("lasso", "property", "why"),
    [
        (stopping(S, "controller.make"), BINDS, "is not fair"),
        (RENEWED, BINDS, "does not show `Binds` violated"),
        (STOPPED, BUSY, "is not about runs that go on for ever"),
    ],
)
def test_a_lasso_that_shows_nothing_is_refused(lasso: Lasso, property: Property, why: str) -> None:
    with pytest.raises(UnfaithfulRun, match=why):
        tell_lasso(S, lasso, property)


def test_a_lasso_that_does_not_come_back_is_refused() -> None:
    with pytest.raises(ReplayMismatch):
        tell_lasso(S, Lasso(FLAPPING.run, 0), BINDS)


def test_a_lasso_outside_the_assumptions_is_refused() -> None:
    assumption = replace(STAYS, kind=PropertyKind.ASSUMPTION, name="Assumed")
    assuming = replace(S, properties=(*S.properties, assumption))
    with pytest.raises(UnfaithfulRun, match="does not satisfy the assumption `Assumed`"):
        tell_lasso(assuming, STOPPED, BINDS)


TOGGLE = system(
    """
var n: 0..3 = 0
component c { action up() when n < 3 { n = n + 1 } action down() when n > 1 { n = n - 1 } }
reachable One: n == 1
reachable Two: n == 2
reachable Positive: n > 0 or n == 3
step Up: by c.up
cluster here { }
"""
)
ONE, TWO, POSITIVE, UP = (atom(TOGGLE, name) for name in ("One", "Two", "Positive", "Up"))
TO_AND_FRO = looping(TOGGLE, ("c.up",), "c.up", "c.down")


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (Always(ONE), [("n == 1", False, 0, False)]),
        (Next(Always(ONE)), [("n == 1", False, 2, False)]),
        (Always(Implies(ONE, Next(ONE))), [("n == 1", True, 1, False), ("n == 1", False, 2, False)]),
        (LeadsTo(TWO, Always(ONE)), [("n == 2", True, 2, False), ("always n == 1", False, 2, True)]),
        (
            LeadsTo(Always(POSITIVE), Always(ONE)),
            [("0 < n or n == 3", True, 1, True), ("always n == 1", False, 1, True)],
        ),
        (Until(Not(TWO), And((ONE, TWO))), [("n == 1 and n == 2", False, 0, True)]),
        (Until(ONE, TWO), [("n == 2", False, 0, False), ("n == 1", False, 0, False)]),
        (Or((ONE, TWO)), [("n == 1", False, 0, False), ("n == 2", False, 0, False)]),
        (And((UP, ONE)), [("n == 1", False, 0, False)]),
        (Iff(UP, ONE), [("by c.up", True, 0, False), ("n == 1", False, 0, False)]),
        (Not(Next(ONE)), [("n == 1", True, 1, False)]),
    ],
)
def test_facts_that_make_a_formula_false(formula: object, expected: list[tuple[str, bool, int, bool]]) -> None:
    property = Property(PropertyKind.TEMPORAL, "It", None, NOWHERE, Temporal((), formula))  # type: ignore[arg-type]
    loop = tell_lasso(TOGGLE, TO_AND_FRO, property).loop
    assert loop is not None
    assert [(fact.text, fact.value, fact.since, fact.lasting) for fact in loop.facts] == expected


OBSTACLES = system(
    """
kind Pod { ok: bool = true }
var n: 0..1 = 0
var chosen: set Pod = {}
component c {
  fair action full() { create Pod {} }
  fair action still(p: Pod) { n = n }
  fair action once() when n == 1 at most 1 { n = 0 }
  fair action pick() { choose p in chosen; p.ok = false }
  action spin() { n = 1 - n }
}
reachable Never: n == 0 and n == 1
cluster here { Pod p1  Pod at most 1 }
"""
)


def test_what_else_can_stand_in_the_way() -> None:
    lasso = looping(OBSTACLES, ("c.spin", "c.once"), "c.spin", "c.spin")
    never = Property(PropertyKind.TEMPORAL, "It", None, NOWHERE, Temporal((), Always(atom(OBSTACLES, "Never"))))
    loop = tell_lasso(OBSTACLES, lasso, never).loop
    assert loop is not None
    found = {str(unit.deed): unit.hindrance.obstacle for unit in loop.units if unit.hindrance is not None}
    assert found == {
        "c.full": Obstacle.NO_ROOM,
        "c.still(p = p1)": Obstacle.NO_CHANGE,
        "c.once": Obstacle.BUDGET,
        "c.pick": Obstacle.NO_VALUE,
    }
    assert loop.cut == (2, 3)


QUEUE = """
kind Volume { claim: Claim? = none }
kind Claim { volume: Volume? = none }
var open: bool = false
component binder {
  watches Volume, Claim lag 1
  fair process bind(c: Claim) when c.volume == none {
    choose v: Volume where v.claim == none
    v.claim = c
    await open
    c.volume = v
  }
}
environment { action take(v: Volume, c: Claim) when v.claim == none { v.claim = c } }
property Bound: forall c: Claim: eventually c.volume != none
cluster one { Volume disk  Claim c1, c2 }
"""


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        ("binder.bind", (Obstacle.NO_WORKER, "")),  # the run of the other claim waits
        ("environment.take", (Obstacle.NO_VALUE, "v")),  # and here no volume is left
    ],
)
def test_what_keeps_a_unit_in_the_queue(first: str, expected: tuple[Obstacle, str]) -> None:
    queue = system(QUEUE)
    (bound,) = (property for property in queue.properties if property.name == "Bound")
    loop = tell_lasso(queue, stopping(queue, first, "binder sees"), bound).loop
    assert loop is not None
    kept = next(unit for unit in loop.units if unit.fate is Fate.NO_WORKER)
    assert kept.deed.action == "bind"
    assert kept.hindrance is not None
    assert (kept.hindrance.obstacle, kept.hindrance.what) == expected


def test_who_reads_its_own_writes_waits_for_them() -> None:
    careful = system(
        """
        kind Pod { ok: bool = true }
        var looked: bool = false
        component c {
          watches Pod lag 1
          reads own writes
          action flip(p: Pod) { p.ok = not p.ok }
          fair action look { looked = true }
        }
        property Looked: eventually looked
        cluster one { Pod p1 }
        """
    )
    (wanted,) = (property for property in careful.properties if property.name == "Looked")
    loop = tell_lasso(careful, looping(careful, (), "c.flip", "c sees", "c.flip", "c sees"), wanted).loop
    assert loop is not None
    look = unit(loop, "c.look")
    assert (look.fate, look.after) == (Fate.NOT_ENABLED, 1)
    assert look.hindrance is not None
    assert look.hindrance.obstacle is Obstacle.OWN_WRITES


def test_a_trap_is_counted() -> None:
    """Once the node is down for good and the job waits, nothing is ever bound."""
    doomed = system(JOBS.replace("action up(n: Node) when not n.ready", "action up(n: Node) when false"))
    busy = next(found for found in doomed.properties if found.name == "Busy")
    recoverable = replace(busy, kind=PropertyKind.RECOVERABLE, name="Recovers")
    run = walked(doomed, "environment.down")
    trace = tell_trap(doomed, run, recoverable, 2)
    assert trace.trap == 2
    assert trace.blame is not None
    with pytest.raises(UnfaithfulRun, match="2 states can be reached from its end, not 3"):
        tell_trap(doomed, run, recoverable, 3)
    with pytest.raises(UnfaithfulRun, match="a state with `Recovers` can be reached"):
        tell_trap(doomed, walked(doomed), recoverable, 2)
    with pytest.raises(UnfaithfulRun, match="is not about what can be reached"):
        tell_trap(doomed, run, busy, 2)


def test_gone_is_written_as_the_language_has_it() -> None:
    assert [fact.text for fact in told(RENEWED, GONE).facts] == ["gone(job1)"]
