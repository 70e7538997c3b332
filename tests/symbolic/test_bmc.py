"""What bounded model checking finds: the shortest runs, each confirmed by `evaluate`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from kspec.evaluate.evaluator import Evaluator
from kspec.evaluate.replay import replay
from kspec.explore.plain import explore
from kspec.explore.result import Limits
from kspec.symbolic.bmc import bounded_check
from kspec.symbolic.result import BoundedResult
from kspec.system.system import System
from tests.symbolic.models import ROOT, bounded_pods, system_from, system_of
from tests.symbolic.test_induction import without_guards


def lengths(result: BoundedResult) -> dict[str, int]:
    return {name: len(run.moves) for name, run in (result.violations | result.witnesses).items()}


def assert_as_explored(system: System, depth: int) -> BoundedResult:
    """Finds what the explorer finds, in as many steps."""
    result = bounded_check(system, depth)
    explored = explore(system, Limits(depth=depth))
    assert {n: len(r.moves) for n, r in result.violations.items()} == {
        n: len(r.moves) for n, r in explored.violations.items()
    }
    assert {n: len(r.moves) for n, r in result.witnesses.items()} == {
        n: len(r.moves) for n, r in explored.witnesses.items()
    }
    assert result.failing_property == explored.failing_property
    for run in (*result.violations.values(), *result.witnesses.values()):
        replay(Evaluator(system), run)
    return result


def test_pods_without_a_guard() -> None:
    system = without_guards(bounded_pods(2, 2, 2, 1), "scheduler.bind")
    assert lengths(assert_as_explored(system, 5)) == {"NoOvercommit": 2}


def test_the_sample() -> None:
    result = bounded_check(system_of(ROOT / "models/replicaset.kspec", "small"), 7)
    assert (result.depth, result.limit, result.cut_depth, result.exhausted) == (7, None, None, False)
    assert (lengths(result), result.violations) == ({"FullyRunning": 6}, {})


def test_the_broken_sample() -> None:
    result = bounded_check(system_of(ROOT / "models/replicaset_broken.kspec"), 6)
    assert lengths(result)["UniquePodIP"] == 6


LIFE = """
enum Phase {{ New, Old }}
kind Pod {{ phase: Phase = New  weight: 0..3 = 0 }}
var made: 0..9 = 0
ghost var steps: 0..100 = 0
component c {{
  action make when made < 2 {{ create Pod {{}}  made += 1 }}
  action age(p: Pod) when p.phase == New {{ p.phase = Old  p.weight += 1 }}
  action drop(p: Pod) when p.phase == Old and made == 2 {{ delete p }}
}}
{properties}
cluster here {{ Pod at most {room} }}
"""


def test_deadlocks(tmp_path: Path) -> None:
    system = system_from(tmp_path, LIFE.format(properties="terminal when made == 0", room=2))
    result = assert_as_explored(system, 9)
    assert lengths(result) == {"Deadlock": 6}
    assert result.exhausted


def test_a_cut_state_is_no_deadlock(tmp_path: Path) -> None:
    system = system_from(tmp_path, LIFE.format(properties="terminal when made == 0", room=1))
    result = assert_as_explored(system, 9)
    assert (result.cut_depth, result.violations) == (1, {})


def test_properties_of_steps(tmp_path: Path) -> None:
    properties = """
step Grows: made >= old(made) and not by c.drop
step NoAge: not (exists p: Pod: old(p.phase) == New and p.phase == Old)
step Created: forall created p: Pod: made == 1
step Deleted: not (exists deleted p: Pod: old(p.weight) == 1)
step Enabled: by c.drop implies enabled c.make
step Writes: writes Pod
"""
    system = system_from(tmp_path, LIFE.format(properties=properties, room=2))
    assert lengths(assert_as_explored(system, 5)) == {
        "Grows": 4,
        "NoAge": 2,
        "Created": 2,
        "Deleted": 4,
        "Enabled": 4,
    }


def test_steps_and_expressions_that_fail(tmp_path: Path) -> None:
    text = """
kind Pod { weight: 0..2 = 0 }
var last: Pod? = none
component c {
  action grow(p: Pod) { p.weight += 1  last = p }
  action drop(p: Pod) { delete p }
}
invariant Light: last == none or last.weight < 2
cluster here { Pod a, b {} }
"""
    result = assert_as_explored(system_from(tmp_path, text), 4)
    assert lengths(result) == {"Light": 2, "LiveReferences": 2, "Ranges": 3}
    assert result.failing_property == {"LiveReferences": "Light"}
    assert result.violations["Ranges"].moves[-1].state is None


def test_an_initial_condition_that_fails(tmp_path: Path) -> None:
    text = """
var n: 0..3 = 0
component c { action up when n < 3 { n += 1 } }
reachable Three: n == 3
cluster here { n = any 0..3  initially 6 div n == 3 }
"""
    result = assert_as_explored(system_from(tmp_path, text), 3)
    assert lengths(result) == {"Ranges": 0, "Three": 1}
    assert result.failing_property == {"Ranges": "initially"}


LARGE = """
var n: 0..1000000000 = 0
component c {
  action jump(to: 0..1000000000) when to > n and to mod 1000003 == 7 { n = to }
}
invariant Bounded: n < 999000000
"""


def test_large_ranges_need_no_enumeration(tmp_path: Path) -> None:
    """Nor does it matter that evaluate could not enumerate a property, as long as that is not violated."""
    properties = """
invariant More: forall x: 0..1000000: x + n >= n
step Jumps: enabled c.jump or n > 998000000
cluster here {}
"""
    result = bounded_check(system_from(tmp_path, LARGE + properties), 2)
    assert (result.limit, lengths(result)) == (None, {"Bounded": 1})


def test_a_finding_that_evaluate_cannot_confirm_is_none(tmp_path: Path) -> None:
    reachable = "reachable Far: exists x: 0..100000: n == 1000003 * x + 7 and x > 900\ncluster here {}\n"
    result = bounded_check(system_from(tmp_path, LARGE + reachable), 1)
    assert result.limit is not None
    assert result.limit.startswith("enumeration: ")
    assert (result.depth, result.witnesses) == (0, {})


def test_an_end_of_all_runs(tmp_path: Path) -> None:
    text = "var n: 0..3 = 0\ncomponent c { action up when n < 3 { n += 1 } }\ninvariant Low: n < 9\ncluster here {}\n"
    result = bounded_check(system_from(tmp_path, text), 9)
    assert (result.depth, result.exhausted, result.violations) == (3, True, {})


def test_limits(tmp_path: Path) -> None:
    timed_out = bounded_check(bounded_pods(4, 2, 3, 2), 50, seconds=0.5)
    assert timed_out.limit == "time"
    assert 0 <= timed_out.depth < 50
    text = "var s: set 0..1000000 = {}\ncomponent c { action a(x: 0..1000000) { s += x } }\ncluster here {}\n"
    assert "size" in str(_result_or_none(tmp_path, text))


def _result_or_none(folder: Path, text: str) -> str | None:
    """The limit that is told; models that are too large before they come to the solver say so themselves."""
    try:
        system = system_from(folder, text)
    except AssertionError:
        return "size: refused by the language"
    return bounded_check(system, 1).limit


@pytest.mark.parametrize("module", ["bmc", "induction"])
def test_z3_is_loaded_only_when_used(module: str) -> None:
    script = f"import sys, kspec.symbolic.{module}; sys.exit('z3' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
