"""Bodies: what each statement does, step by step. Corners for all engines are in tests/cases/semantics."""

from __future__ import annotations

import pytest

from kspec.system.expressions import Use
from kspec.system.transitions import Define, Guard
from tests.lower.texts import Stepper, system

KINDS = """
kind Pod { n: 0..5 = 1  peer: Pod? = none }
var last: Pod? = none
var all: set Pod = {}
var total: 0..9 = 0
"""
TWO = "\ncluster here { Pod a, b { }  Pod at most 3 }"


def stepper(body: str, rest: str = "", kinds: str = KINDS, cluster: str = TWO) -> Stepper:
    return Stepper(f"{kinds}component c {{ action act {body} {rest} }}{cluster}")


def test_a_read_sees_the_writes_before_it() -> None:
    steps = stepper("{ total = 3  total = total + total  let t = total  total = 0  total = t + 1 }")
    assert steps.step("act") == "stepped"
    assert steps.value("total") == 7


def test_a_write_through_another_name_is_seen() -> None:
    steps = stepper("(p: Pod, q: Pod) { p.n = 3  total = q.n }")
    values = set()
    for _ in range(2):
        assert steps.outcomes("act") == ["stepped"] * 4
    for outcome in steps.evaluator.outcomes(steps.state):
        values.add((outcome.taken.values[0] == outcome.taken.values[1], outcome.state[-1]))
    assert values == {(True, 3), (False, 1)}


def test_reading_a_field_of_what_the_body_deleted() -> None:
    steps = stepper("(p: Pod, q: Pod) { delete p  total = q.n }")
    failing = "failing: LiveReferences: Pod.n of an object that no longer exists"
    assert steps.outcomes("act") == [failing, "stepped", "stepped", failing]


def test_quantifiers_range_over_what_exists_by_then() -> None:
    steps = stepper("{ let p = create Pod { n = 4 }  delete p  create Pod {}  total = sum(q: Pod: q.n) }")
    assert steps.outcomes("act") == ["blocked: Pod"]
    steps = stepper("{ let p = create Pod { n = 4 }  total = sum(q: Pod: q.n) }")
    steps.step("act")
    assert steps.value("total") == 6


def test_a_refused_request_ends_the_body() -> None:
    steps = stepper("(p: Pod, q: Pod) { total = 1  delete p  q.n = 5  total = 2 }")
    assert steps.outcomes("act") == ["refused", "stepped", "stepped", "refused"]


def test_a_refusal_in_a_branch_ends_what_comes_after_it() -> None:
    body = "(p in all) { if total == 0 { p.n = 2 } total = 9 }"
    steps = stepper(body, "action add(p: Pod) { all += p }  action drop(p: Pod) when p in all { delete p }")
    assert steps.outcomes("act") == []
    steps.state = next(steps.evaluator.outcomes(steps.state)).state
    steps.step("drop")
    assert steps.step("act") == "refused"
    assert steps.value("total") == 0


def test_failure_kinds_and_their_order() -> None:
    assert stepper("{ total = 10 }").outcomes("act") == ["failing: Ranges: value outside 0..9 of total"]
    assert stepper("{ assert total == 1 }").outcomes("act") == ["failing: Asserts: total == 1"]
    first = stepper("{ assert total == 1  total = 10 }").outcomes("act")
    assert first == ["failing: Asserts: total == 1"]


def test_choices_in_a_branch_make_paths() -> None:
    made = system(
        f"{KINDS}component c {{ action act {{ if total == 0 {{ choose p: Pod  p.n = 2 }} total = 1 }} }}{TWO}"
    )
    assert [len([step for step in path.steps if isinstance(step, Guard)]) for path in made.transitions] == [1, 1]
    steps = stepper("{ if total == 0 { choose p: Pod  p.n = 2 } total = 1 }")
    assert steps.outcomes("act") == ["stepped", "stepped"]


def test_either_names_its_branches() -> None:
    text = "{ either { total = 1 } or { either { total = 2 } or { total = 3 } } }"
    made = system(f"{KINDS}component c {{ action act {text} }}{TWO}")
    assert [path.path for path in made.transitions] == [("1",), ("2", "1"), ("2", "2")]


def test_a_choice_without_an_option_disables() -> None:
    assert stepper("{ choose p: Pod where p.n == 5  total = 1 }").outcomes("act") == []


def test_for_is_simultaneous() -> None:
    steps = stepper("{ for p: Pod { p.n = sum(q: Pod: q.n) } }")
    steps.step("act")
    assert [steps.value("Pod.n", slot) for slot in (0, 1)] == [2, 2]


def test_after_a_for_its_writes_are_seen() -> None:
    steps = stepper("{ for p: Pod where p.n == 1 { if p.peer == none { p.n = 3 } }  total = sum(q: Pod: q.n) }")
    steps.step("act")
    assert steps.value("total") == 6


def test_a_large_map_entry_write_keeps_the_others() -> None:
    kinds = "var m: 0..2 -> 0..5 = map(i: 0..2: i)\n"
    steps = stepper("{ m[0] = 5  m[1] = m[0] }", kinds=kinds, cluster="cluster here { }")
    steps.step("act")
    assert steps.value("m") == (5, 5, 2)
    outside = stepper("(i: 2..3) { m[i] = 0 }", kinds=kinds, cluster="cluster here { }")
    assert outside.outcomes("act") == ["stepped", "failing: Ranges: key outside 0..2 of m"]


def test_entries_of_new_objects_and_zero_of_free_slots() -> None:
    kinds = "kind Pod\nvar m: Pod -> 0..5 = map(p: Pod: 3)\n"
    cluster = "cluster here { Pod a  Pod at most 2 }"
    steps = stepper("{ create Pod {} }", kinds=kinds, cluster=cluster)
    assert steps.value("m") == (3, 0)
    steps.step("act")
    assert steps.value("m") == (3, 3)


def test_an_instance_stays_itself_after_it_created_another() -> None:
    kinds = "kind Pod { n: 0..3 = 0 }\n"
    component = "component c per me: Pod { var own: 0..3 = me.n  action act { create Pod { n = 2 }  me.n = 1 } }"
    steps = Stepper(f"{kinds}{component}\ncluster here {{ Pod a  Pod at most 2 }}")
    steps.step("act")
    assert [steps.value("Pod.n", slot) for slot in (0, 1)] == [1, 2]
    assert [steps.value("c.own", slot) for slot in (0, 1)] == [0, 2]


@pytest.mark.parametrize("value", ["map(p: Pod: -1)", "map(p: Pod: 6)"])
def test_ranges_of_entries(value: str) -> None:
    steps = stepper(f"{{ m = {value} }}", kinds="kind Pod\nvar m: Pod -> 0..5 = map(p: Pod: 3)\n")
    expected = ["failing: Ranges: value outside Pod -> 0..5 of m"]
    assert steps.outcomes("act") == expected


def test_values_on_the_way_are_evaluated_once() -> None:
    body = "{ " + "total = total + total  " * 60 + "}"
    made = system(f"{KINDS}component c {{ action act {body} }}{TWO}")
    (path,) = made.transitions
    assert sum(isinstance(step, Define) for step in path.steps) <= 60


def test_budgets_count_and_disable() -> None:
    text = f"{KINDS}component c {{ action act(p: Pod) when p.n > 0 at most 1 each {{ total = total }} }}{TWO}"
    steps = Stepper(text)
    assert steps.system.actions[0].clauses[1].line == steps.system.actions[0].clauses[0].line
    steps.state = next(steps.evaluator.outcomes(steps.state)).state
    assert steps.outcomes("act") == ["stepped"]
    never = Stepper(text.replace("at most 1 each", "at most 0"))
    assert never.outcomes("act") == []


def test_the_writes_of_a_loop_hit_a_place_for_each_object() -> None:
    """So that the order of objects cannot decide which of two writes stands."""
    entries = "kind Pod { peers: Pod -> bool = map(p: Pod: false)  n: 0..5 = 1 }"
    body = "{ for p: Pod { p.n = 2  p.peers[p] = true  if p.n == 1 { delete p } }  create Pod {} }"
    lowered = system(f"{entries} component c {{ action act {body} }}{TWO}")
    writes = [write for transition in lowered.transitions for write in transition.writes if write.each]
    assert {write.variable for write in writes} >= {"Pod.peers", "Pod.n"}
    assert all(Use(binding.local) in write.index for write in writes for binding in write.each)
