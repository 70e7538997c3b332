"""What is proved by induction, and what is said of the rest."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kspec.evaluate.evaluator import Evaluator
from kspec.evaluate.outcome import Failing, Stepped
from kspec.symbolic.induction import prove_invariants
from kspec.symbolic.result import InductionAnswer, InductionResult
from kspec.system.expressions import TRUE
from kspec.system.system import System
from kspec.system.transitions import Guard
from tests.symbolic.models import ROOT, bounded_pods, system_from, system_of

INDUCTIVE, NOT_INDUCTIVE = InductionAnswer.INDUCTIVE, InductionAnswer.NOT_INDUCTIVE
IMPLICIT = ("Ranges", "LiveReferences", "Asserts")


def answers(results: dict[str, InductionResult]) -> dict[str, InductionAnswer]:
    return {name: result.answer for name, result in results.items()}


def assert_genuine(system: System, result: InductionResult) -> None:
    """The counterexample is a step of the system."""
    step = result.counterexample
    assert step is not None
    outcome = Evaluator(system).take(step.before, step.taken)
    if step.after is None:
        assert isinstance(outcome, Failing)
    else:
        assert isinstance(outcome, Stepped)
        assert outcome.state == step.after


def without_guards(system: System, action: str) -> System:
    """The system in which an action is always possible."""
    number = next(i for i, candidate in enumerate(system.actions) if candidate.label == action)
    transitions = tuple(
        replace(t, steps=tuple(Guard(TRUE, s.clause) if isinstance(s, Guard) else s for s in t.steps))
        if t.action == number
        else t
        for t in system.transitions
    )
    return replace(system, transitions=transitions)


@pytest.mark.parametrize("size", [(2, 2, 2, 1), (4, 2, 3, 2)])
def test_pods(size: tuple[int, int, int, int]) -> None:
    results = prove_invariants(bounded_pods(*size))
    assert results["UniquePodIP"] == InductionResult(INDUCTIVE, together_with=("NoOvercommit",))
    assert results["NoOvercommit"] == InductionResult(INDUCTIVE, together_with=("UniquePodIP",))


@pytest.mark.parametrize(
    ("action", "broken", "kept"),
    [("scheduler.bind", "NoOvercommit", "UniquePodIP"), ("kubelet.start", "UniquePodIP", "NoOvercommit")],
)
def test_pods_without_a_guard(action: str, broken: str, kept: str) -> None:
    system = without_guards(bounded_pods(2, 2, 2, 1), action)
    results = prove_invariants(system)
    assert results[broken].answer is NOT_INDUCTIVE
    assert_genuine(system, results[broken])
    assert results[kept].answer is INDUCTIVE


def test_sample() -> None:
    results = prove_invariants(system_of(ROOT / "models/replicaset.kspec", "small"))
    assert answers(results) == dict.fromkeys(("UniquePodIP", "NoOvercommit", "NoRebind", *IMPLICIT), INDUCTIVE)
    assert results["NoRebind"].together_with == ("UniquePodIP", "NoOvercommit", *IMPLICIT)


COUNTER = """
var n: 0..9 = 0
component c {{
  action up when n < {limit} {{ n += 1 }}
}}
invariant Low: n <= 5
invariant NotSeven: n != 7
step Up: n >= old(n)
cluster here {{}}
"""


def test_what_a_step_breaks_is_dropped(tmp_path: Path) -> None:
    system = system_from(tmp_path, COUNTER.format(limit=8))
    results = prove_invariants(system)
    assert answers(results) == {"Low": NOT_INDUCTIVE, "NotSeven": NOT_INDUCTIVE} | dict.fromkeys(
        ("Up", *IMPLICIT), INDUCTIVE
    )
    assert_genuine(system, results["Low"])
    assert_genuine(system, results["NotSeven"])


def test_invariants_help_one_another(tmp_path: Path) -> None:
    results = prove_invariants(system_from(tmp_path, COUNTER.format(limit=5)))
    assert set(answers(results).values()) == {INDUCTIVE}
    assert results["NotSeven"].together_with == ("Low", *IMPLICIT)


def test_nothing_is_proved_where_a_step_may_fail(tmp_path: Path) -> None:
    """`n` may leave its range: a counterexample for everything else, too."""
    system = system_from(tmp_path, COUNTER.replace("n <= 5", "n <= 9").format(limit=20))
    results = prove_invariants(system)
    assert results["Ranges"].answer is NOT_INDUCTIVE
    assert results["Low"] == results["Ranges"]
    assert results["Ranges"].counterexample is not None
    assert results["Ranges"].counterexample.after is None
    assert_genuine(system, results["Ranges"])


def test_violated_in_an_initial_state(tmp_path: Path) -> None:
    text = COUNTER.format(limit=5) + "invariant Positive: n > 0\ninvariant Fails: 1 div (n - n) == 1\n"
    results = prove_invariants(system_from(tmp_path, text))
    assert results["Positive"].answer is InductionAnswer.BASE_VIOLATED
    assert results["Fails"].answer is InductionAnswer.BASE_VIOLATED
    assert results["Ranges"].answer is InductionAnswer.BASE_VIOLATED
    assert results["Low"] == InductionResult(NOT_INDUCTIVE, reason="Ranges is violated in an initial state")


def test_an_exhausted_solver_proves_nothing() -> None:
    results = prove_invariants(bounded_pods(2, 2, 2, 1), rlimit=1)
    assert set(answers(results).values()) == {InductionAnswer.UNKNOWN}
    assert results["UniquePodIP"].reason == "solver: limit of work"


def test_formulas_that_are_too_large_prove_nothing(tmp_path: Path) -> None:
    text = """
var s: 0..1 = 0
component c { action a { s = 1 } }
invariant I: count(x: 0..5000, y: 0..5000 where x == y) >= 0
cluster here {}
"""
    result = prove_invariants(system_from(tmp_path, text))["I"]
    assert result.answer is InductionAnswer.UNKNOWN
    assert result.reason.startswith("size: ")


def test_a_write_out_of_range_is_no_proof(tmp_path: Path) -> None:
    """A system that does not check what it writes: the encoding of its numbers would not be exact."""
    system = system_from(tmp_path, COUNTER.format(limit=20))
    (transition,) = system.transitions
    unchecked = tuple(step for step in transition.steps if type(step).__name__ != "Check")
    results = prove_invariants(replace(system, transitions=(replace(transition, steps=unchecked),)))
    assert set(answers(results).values()) == {InductionAnswer.UNKNOWN}


OBJECTS = """
kind Node { ready: bool = true }
kind Pod { const home: Node  node: Node? = none }
var leader: Pod? = none
component c {
  action add(n: Node) { let p = create Pod { home = n }  leader = p }
  action bind(p: Pod, n: Node) when p.node == none { p.node = n }
  action unbind(p: Pod) { p.node = none }
  action drop(p: Pod) { delete p }
  action kill(n: Node) when forall p: Pod: p.node != n and p.home != n { delete n }
}
invariant HomesAlive: forall p: Pod: alive(p.home)
invariant NodesAlive: forall p: Pod: p.node != none implies alive(p.node)
invariant Leads: leader == none or not alive(leader) or alive(leader.home)
cluster here { Node at most 2  Node n1 {}  Pod at most 2 }
"""


def test_objects_that_come_and_go(tmp_path: Path) -> None:
    """Inductive only with what holds of kept objects and free slots by construction."""
    results = prove_invariants(system_from(tmp_path, OBJECTS))
    assert answers(results) == dict.fromkeys(("HomesAlive", "NodesAlive", "Leads", *IMPLICIT), INDUCTIVE)


def test_numbers_without_bounds(tmp_path: Path) -> None:
    text = """
const K: any int
var n: 0..9 = 0
component c { action up when n < 9 and n < K { n += 1 } }
invariant Below: n <= K or n == 0
invariant Small: n < K
cluster here { K = any int }
"""
    results = prove_invariants(system_from(tmp_path, text))
    assert results["Below"].answer is INDUCTIVE
    assert results["Small"].answer is InductionAnswer.BASE_VIOLATED
