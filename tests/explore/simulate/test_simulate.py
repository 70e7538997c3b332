"""Random runs: what they count and show, the same on `evaluate` and in machine code, on any number of threads."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kspec.explore import plain
from kspec.explore.machine.program import NotCompilable
from kspec.explore.machine.simulation import simulate as machine
from kspec.explore.result import Limit, Limits
from kspec.explore.simulate import simulate as simulating
from kspec.explore.simulate.result import End, Plan, Seen
from kspec.explore.simulate.simulate import Diverged, simulate
from kspec.explore.simulate.starts import MOST
from kspec.system.system import System
from tests.explore.simulate.agreeing import assert_same_everywhere, assert_true, timeless
from tests.lower.texts import system as system_of
from tests.systems import pods as many_pods
from tests.trace.pods import pods

STEPS = """
var n: 0..100 = 0
environment {{ {actions} }}
invariant Small: n <= 3
reachable Four: n == 4
step Up: n > old(n)
cluster here {{}}
"""


def steps(actions: str, more: str = "") -> System:
    return system_of(STEPS.format(actions=actions) + more)


def test_a_run_takes_step_after_step() -> None:
    found = assert_same_everywhere(steps("action tick { n += 1 }"), Plan(5, 10, 1))
    assert (found.done, found.steps, found.action_counts) == (5, 50, (50,))
    assert found.ends == {End.FULL: 5}
    assert found.seen == {"Four": Seen(5, 20, 4, 1), "Small": Seen(5, 20, 4, 1)}
    assert len(found.violations["Small"].moves) == len(found.witnesses["Four"].moves) == 4
    assert (found.limit, found.cut) == (None, None)


def test_the_initial_state_is_judged_and_the_last_one_too() -> None:
    system = steps("action tick { n += 1 }", "invariant Positive: n > 0")
    assert len(assert_same_everywhere(system, Plan(2, 0, 1)).violations["Positive"].moves) == 0
    assert "Four" not in assert_same_everywhere(system, Plan(2, 3, 1)).seen
    assert "Four" in assert_same_everywhere(system, Plan(2, 4, 1)).seen


def test_every_step_that_could_be_taken_is_judged() -> None:
    """`down` is not the step that is taken in each of the runs."""
    system = steps("action up when n < 90 { n += 1 }  action down when n == 1 { n = 0 }")
    found = assert_same_everywhere(system, Plan(40, 3, 1))
    assert found.seen["Up"] == Seen(40, 80, 2, 1)
    assert 0 < found.action_counts[1] < 40


def test_runs_that_end_early_say_why() -> None:
    quiet = assert_same_everywhere(steps("action tick when n < 2 { n += 1 }", "terminal when n == 3"), Plan(4, 9, 1))
    assert quiet.ends == {End.QUIET: 4}
    assert [len(run.moves) for name, run in quiet.violations.items() if name.startswith("Deadlock")] == [2]
    failing = assert_same_everywhere(steps("action tick { n += 40 }"), Plan(4, 9, 1))
    assert failing.ends == {End.FAILING: 4}
    assert failing.violations["Ranges"].moves[-1].failure is not None
    cut = assert_same_everywhere(pods(slots=1, restarts=0), Plan(4, 9, 1))
    assert cut.ends == {End.FAILING: 4} or cut.ends.keys() <= {End.CUT, End.FAILING}
    assert cut.cut is not None
    assert cut.cut_seen is not None
    assert (cut.cut.kind, len(cut.cut.run.moves)) == ("Pod", cut.cut_seen.length)


def test_larger_systems_agree_and_say_nothing_that_is_not_so() -> None:
    for system in (pods(), many_pods(2, 2, 2, 1)):
        found = assert_same_everywhere(system, Plan(60, 25, 3))
        assert_true(system, found, plain.explore(system, Limits()))


def test_another_seed_gives_other_runs() -> None:
    system = many_pods(2, 2, 2, 1)
    one, other = (simulate(system, Plan(20, 30, seed), Limits(), compiled=False) for seed in (1, 2))
    assert one.action_counts != other.action_counts


def test_runs_do_not_depend_on_how_many_there_are() -> None:
    system = pods()
    few, many = (simulate(system, Plan(runs, 12, 5), Limits(), compiled=False) for runs in (10, 30))
    assert [name for name, seen in few.seen.items() if seen.run > 10] == []
    for name, seen in many.seen.items():
        if seen.run <= 10:
            assert few.violations.get(name) == many.violations.get(name)


# --- initial states ---------------------------------------------------------------------------------------------------

CHOSEN = """
kind Cell {{ level: 0..9 = 0 }}
environment {{ action rest {{}} }}
reachable High: exists c: Cell: c.level == 9
invariant Low: forall c: Cell: c.level <= 8
cluster here {{ Cell {cells} {{ level = any 0..9 }} {initially} }}
"""


def chosen(cells: int, initially: str = "") -> System:
    names = ", ".join(f"c{number}" for number in range(cells))
    return system_of(CHOSEN.format(cells=names, initially=initially))


def test_runs_begin_in_any_initial_state() -> None:
    found = assert_same_everywhere(chosen(1), Plan(200, 1, 1))
    assert 5 < found.seen["High"].runs < 40
    assert found.seen["High"] == found.seen["Low"]


def test_many_initial_states_are_drawn_from() -> None:
    assert MOST < 10**6
    found = assert_same_everywhere(chosen(6), Plan(100, 1, 1))
    assert 20 < found.seen["High"].runs < 80


def test_initial_states_that_are_too_rare_to_be_found() -> None:
    system = chosen(6, "initially " + " and ".join(f"c{number}.level == 7" for number in range(6)))
    found = simulate(system, Plan(1, 1, 1), Limits())
    assert (found.limit, found.done) == (Limit.ENUMERATION, 0)
    assert "100,000 random combinations" in found.limit_detail


def test_an_initially_that_fails_is_shown() -> None:
    system = chosen(1, "initially 9 div (9 - c0.level) < 5")
    found = assert_same_everywhere(system, Plan(10, 1, 1))
    assert found.failing_property == {"Ranges": "initially"}
    assert found.violations["Ranges"].moves == ()
    assert found.done == 10


# --- limits, and what goes wrong --------------------------------------------------------------------------------------


def test_a_limit_of_time_is_named() -> None:
    for compiled in (False, True):
        found = simulate(pods(), Plan(10**9, 20, 1), Limits(seconds=0.3), compiled=compiled, workers=2)
        assert (found.limit, found.limit_detail) == (Limit.TIME, "0.3 s")
        assert found.done < 10**9


def test_an_interrupt_leaves_what_was_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(done: int) -> None:
        if done == 7:
            raise KeyboardInterrupt

    real = simulating.plain.simulate
    monkeypatch.setattr(simulating.plain, "simulate", lambda *given: real(*given[:-1], interrupt))
    found = simulate(steps("action tick { n += 1 }"), Plan(50, 5, 1), Limits(), compiled=False)
    assert (found.limit, found.done) == (Limit.INTERRUPTED, 7)
    assert found.seen["Small"].runs == 7


def test_few_steps_are_not_compiled_and_what_cannot_be_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def refuse(*given: Any, **options: Any) -> None:
        asked.append(given)
        raise NotCompilable("too many cells")

    system = pods()
    expected = [timeless(simulate(system, plan, Limits(), compiled=False)) for plan in (Plan(5, 5, 1), Plan(90, 9, 1))]
    monkeypatch.setattr(machine, "simulate", refuse)
    assert timeless(simulate(system, Plan(5, 5, 1), Limits())) == expected[0]
    assert asked == []
    assert timeless(simulate(system, Plan(90, 9, 1), Limits())) == expected[1]
    assert len(asked) == 1


def test_machine_code_that_sees_something_else_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    real = simulating.plain.simulate

    def lie(walker: Any, plan: Plan, totals: Any, *rest: Any) -> None:
        real(walker, plan, totals, *rest)
        totals.seen = {name: replace(seen, length=seen.length + 1) for name, seen in totals.seen.items()}

    monkeypatch.setattr(simulating.plain, "simulate", lie)
    with pytest.raises(Diverged, match="`Small` after 5 steps, and `evaluate` finds it after 4 steps"):
        simulate(steps("action tick { n += 1 }"), Plan(5, 10, 1), Limits(), compiled=False)
