"""Which lassos are fair runs, and what becomes of each unit in the loop."""

from __future__ import annotations

from dataclasses import replace

from kspec.evaluate.evaluator import Evaluator
from kspec.evaluate.fairness import Fate, LoopFairness, fairness_of
from kspec.evaluate.lasso import Lasso
from kspec.system.system import System
from kspec.system.transitions import FairnessStrength
from tests.evaluate.lassos import looping, stopping
from tests.lower.texts import system

LIGHT = """
var lit: bool = false
var jobs: 0..1 = 0
ghost var noted: bool = false
component user { action switch() { lit = not lit } }
component worker { FAIR action work() when lit and jobs == 0 { jobs = 1 } }
component idler { fair action idle() { jobs = jobs } }
component watcher { fair action note() { noted = true } }
cluster here { }
"""


def light(fair: str) -> System:
    return system(LIGHT.replace("FAIR", fair))


def judged(of: System, lasso: Lasso) -> LoopFairness:
    return fairness_of(Evaluator(of), lasso)


def fates(of: System, lasso: Lasso) -> dict[str, tuple[Fate, int]]:
    """By action and values of the unit."""
    return {
        f"{of.actions[found.unit.action].label}{list(found.unit.values)}": (found.fate, found.position)
        for found in judged(of, lasso).units
    }


def test_weak_fairness_is_owed_to_what_is_enabled_all_the_time() -> None:
    weak = light("fair")
    assert fates(weak, stopping(weak, "user.switch"))["worker.work[]"] == (Fate.OWED, 1)
    assert not judged(weak, stopping(weak, "user.switch")).is_fair
    switching = looping(weak, (), "user.switch", "user.switch")
    assert fates(weak, switching)["worker.work[]"] == (Fate.NOT_ENABLED, 0)
    assert judged(weak, switching).is_fair


def test_strong_fairness_is_owed_to_what_is_enabled_again_and_again() -> None:
    strong = light("strongly fair")
    switching = looping(strong, (), "user.switch", "user.switch")
    assert fates(strong, switching)["worker.work[]"] == (Fate.OWED, 1)
    assert judged(strong, stopping(strong)).is_fair


def test_what_has_no_fairness_is_owed_nothing() -> None:
    free = light("")
    lasso = stopping(free, "user.switch")
    assert "worker.work[]" not in fates(free, lasso)
    assert judged(free, lasso).is_fair


def test_changing_nothing_but_ghosts_neither_enables_nor_takes() -> None:
    weak = light("fair")
    found = fates(weak, looping(weak, (), "idler.idle"))
    assert found["idler.idle[]"] == (Fate.NEVER_ENABLED, 0)
    assert found["watcher.note[]"] == (Fate.NEVER_ENABLED, 0)


def test_a_taken_unit_is_owed_nothing() -> None:
    again = system(LIGHT.replace("FAIR", "fair").replace("jobs = 1", "lit = false"))
    found = fates(again, looping(again, (), "user.switch", "worker.work"))
    assert found["worker.work[]"] == (Fate.TAKEN, 1)


PODS = """
kind Node
kind Pod { node: Node? = none  done: bool = false }
component maker {
  action make() { create Pod {} }
  action drop(p: Pod) { delete p }
}
component agent per n: Node {
  fair action bind(p: Pod, d: bool) when p.node == none { p.node = n  p.done = d }
  strongly fair overall action all(p: Pod) when false { p.done = true }
}
component sweeper { strongly fair action finish(p: Pod) when p.node == none and not p.done { p.done = true } }
cluster here { Node n1, n2  Pod at most 2 }
"""
P = system(PODS)


def test_a_unit_is_an_instance_and_the_first_object() -> None:
    found = fates(P, stopping(P, "maker.make"))
    assert found == {
        "agent.bind[0, 0]": (Fate.OWED, 1),
        "agent.bind[1, 0]": (Fate.OWED, 1),
        "agent.all[]": (Fate.NEVER_ENABLED, 1),
        "sweeper.finish[0]": (Fate.OWED, 1),
    }


def test_deleting_the_object_discharges_its_units() -> None:
    """Every pod is dropped and made anew; each is another one, although the slot is the same."""
    found = fates(P, looping(P, (), "maker.make", "maker.drop"))
    assert found["agent.bind[0, 0]"] == (Fate.GONE, 0)
    assert found["sweeper.finish[0]"] == (Fate.GONE, 0)
    assert "sweeper.finish[1]" not in found


def test_what_is_cut_or_fails_is_told() -> None:
    full = stopping(P, "maker.make", "maker.make", "agent(n1).bind(p = pod1", "agent(n1).bind(p = pod2")
    assert judged(P, full).cut == (4,)
    assert judged(P, full).is_fair
    failing = system("var n: 0..1 = 1\ncomponent c { action up() { n = n + 1 } }\ncluster here { }")
    assert judged(failing, stopping(failing)).cut == (0,)


QUEUE = """
kind Pod { served: bool = false }
component c { FAIR process serve(p: Pod) when GUARD { yield  p.served = not p.served } }
component user { action lock() { locked = not locked } }
var locked: bool = false
cluster here { Pod p1, p2 }
"""


def queue(guard: str = "true") -> System:
    """A process whose runs begin fair as a queue: what waits is every pod with the guard that no run is about."""
    return system(QUEUE.replace("FAIR", "fair per p").replace("GUARD", guard))


def weakly(of: System) -> System:
    """The same with runs that begin weakly fair."""
    begin = next(found for found, action in enumerate(of.actions) if action.label == "c.serve")
    fairness = of.actions[begin].fairness
    assert fairness is not None
    weak = replace(fairness, strength=FairnessStrength.WEAK, waiting=())
    action = replace(of.actions[begin], fairness=weak)
    return replace(of, actions=(*of.actions[:begin], action, *of.actions[begin + 1 :]))


def test_a_queue_serves_what_waits() -> None:
    """p1 is served again and again; p2 always waits, and a worker is free again and again."""
    of = queue()
    lasso = looping(
        of, ("c.serve(p = p1)", "c.serve(p = p1) goes on"), *("c.serve(p = p1)", "c.serve(p = p1) goes on") * 2
    )
    again = Lasso(lasso.run, 2)
    assert fates(of, again)["c.serve[1]"] == (Fate.OWED, 2)
    assert fates(weakly(of), again)["c.serve[1]"] == (Fate.NOT_ENABLED, 3)


def test_a_queue_owes_nothing_to_what_stops_waiting_or_finds_no_worker() -> None:
    of = queue("not locked")
    deeds = ("c.serve(p = p1)", "user.lock", "c.serve(p = p1) goes on", "user.lock")
    locking = looping(of, (), *deeds, *deeds)
    assert fates(of, locking)["c.serve[1]"] == (Fate.NOT_WAITING, 2)
    stuck = looping(of, ("c.serve(p = p1)",), "user.lock", "user.lock")
    assert fates(of, stuck)["c.serve[1]"] == (Fate.NO_WORKER, 1)
