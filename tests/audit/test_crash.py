"""Audits of crashes give the model in which actions are written as processes that yield between their requests."""

from __future__ import annotations

import pytest

from kspec.audit.change import Change
from tests.audit.texts import audits, changed_system, graph, same
from tests.lower.texts import system

KINDS = """
kind Set { done: bool = false }
kind Pod { n: 0..3 = 0  marked: bool = false  peer: Pod? = none }
"""
CLUSTER = """
invariant Small: forall p: Pod: p.n < 3
cluster one { Set web  Pod a, b  Pod at most 3 }
"""


def whole(body: str, head: str = "action act", before: str = "") -> str:
    return f"{KINDS}component c {{ {before} {head}{body} }}{CLUSTER}"


def audited(text: str) -> Change:
    return audits(text, crash=1)["c"]


SPLIT = {
    "two requests": (
        "(p: Pod, s: Set) when p.n == 0 { p.n = 1  p.marked = true  s.done = true }",
        "(p: Pod, s: Set) when p.n == 0 { p.n = 1  p.marked = true  yield  s.done = true }",
    ),
    "three": (
        "(p: Pod, q: Pod) when p.n == 0 { p.n = 1  create Pod { }  delete q }",
        "(p: Pod, q: Pod) when p.n == 0 { p.n = 1  yield  create Pod { }  yield  delete q }",
    ),
    "only where one was made and another may come": (
        "(p: Pod, s: Set) { if p.n == 0 { p.n = 1 } else if p.n == 1 { return }  s.done = not s.done }",
        "(p: Pod, s: Set) { if p.n == 0 { p.n = 1  yield } else if p.n == 1 { return }  s.done = not s.done }",
    ),
    "nothing comes behind a return": (
        "(p: Pod, s: Set) { if p.n == 0 { p.n = 1  return }  s.done = true  p.marked = true }",
        "(p: Pod, s: Set) { if p.n == 0 { p.n = 1  return }  s.done = true  yield  p.marked = true }",
    ),
    "branches": (
        "(p: Pod, s: Set) { either { p.n = 1 } or { p.n = 2  s.done = true }  s.done = false }",
        "(p: Pod, s: Set) { either { p.n = 1  yield } or { p.n = 2  yield  s.done = true  yield }  s.done = false }",
    ),
    "a handler": (
        "(p: Pod, s: Set) { delete p on missing { s.done = true  p.n = 1 }  s.done = true }",
        "(p: Pod, s: Set) { delete p on missing { s.done = true  yield  p.n = 1 }  yield  s.done = true }",
    ),
    "a copy and a value": (
        "(p: Pod, s: Set) { let x = get p  let m = p.n  s.done = not s.done  update x { n = m } }",
        "(p: Pod, s: Set) { let x = get p  let m = p.n  s.done = not s.done  yield  update x { n = m } }",
    ),
    "a loop": (
        "(s: Set) when not s.done { for p: Pod where p.n == 0 { p.n = 1 }  s.done = true }",
        "(s: Set) when not s.done { for each p: Pod where p.n == 0 { p.n = 1 }  s.done = true }",
    ),
    "a loop of two requests": (
        "() { for p: Pod where p.n == 0 { p.n += 1  p.marked = true  delete p } }",
        "() { for each p: Pod where p.n == 0 { p.n += 1  p.marked = true  yield  delete p } }",
    ),
}


@pytest.mark.parametrize("case", SPLIT)
def test_an_action_is_split_between_its_requests(case: str) -> None:
    before, after = SPLIT[case]
    change = audited(whole(before))
    assert change.adds == ("crashes at most 1",)
    assert [action.name for action in change.split] == ["c.act"]
    assert same(change, whole(after, "process act", "crashes at most 1"))


FURTHER = {
    "two requests": (
        "(p: Pod, s: Set) when p.n == 0 { p.n = 1  s.done = true  yield  p.n = 2 }",
        "(p: Pod, s: Set) when p.n == 0 { p.n = 1  yield  s.done = true  yield  p.n = 2 }",
    ),
    "before a branch that may not yield": (
        "(p: Pod) { while p.n < 2 { p.n += 1  if p.n == 1 { yield }  p.marked = true  yield } }",
        "(p: Pod) { while p.n < 2 { p.n += 1  yield  if p.n == 1 { yield }  p.marked = true  yield } }",
    ),
    "around again": (
        "(p: Pod, s: Set) { while p.n < 2 { p.n += 1  yield  s.done = true } }",
        "(p: Pod, s: Set) { while p.n < 2 { p.n += 1  yield  s.done = true  yield } }",
    ),
    "before a loop": (
        "(p: Pod, s: Set) { s.done = not s.done  while p.n < 1 { p.n += 1  yield } }",
        "(p: Pod, s: Set) { s.done = not s.done  yield  while p.n < 1 { p.n += 1  yield } }",
    ),
    "before and within rounds": (
        "(s: Set) when not s.done { s.done = true  for each p: Pod { p.n = 1  delete p } }",
        "(s: Set) when not s.done { s.done = true  yield  for each p: Pod { p.n = 1  yield  delete p } }",
    ),
}


@pytest.mark.parametrize("case", FURTHER)
def test_a_process_is_split_further(case: str) -> None:
    before, after = FURTHER[case]
    change = audited(whole(before, "process act"))
    assert [process.name for process in change.split] == ["c.act"]
    assert same(change, whole(after, "process act", "crashes at most 1"))
    assert not same(change, whole(before, "process act", "crashes at most 1"))


@pytest.mark.parametrize("case", [*SPLIT, *FURTHER])
def test_a_process_that_yields_between_its_requests_stays_as_it_is(case: str) -> None:
    text = whole((SPLIT | FURTHER)[case][1], "process act")
    change = audited(text)
    assert change.split == ()
    assert same(change, text.replace("process act", "crashes at most 1  process act"))


@pytest.mark.parametrize("wait", ["yield", "await s.done"])
def test_a_process_that_waits_between_its_requests_stays_as_it_is(wait: str) -> None:
    text = whole(f"(p: Pod, s: Set) {{ p.n = 1  {wait}  p.marked = true }}", "process act")
    change = audited(text)
    assert change.split == ()
    assert same(change, text.replace("process act", "crashes at most 1  process act"))


WHOLE = {
    "one request": "(p: Pod) when p.n == 0 { p.n = 1  p.marked = true }",
    "one of two": "(p: Pod, s: Set) { if p.n == 0 { p.n = 1 } else { s.done = true } }",
    "a simultaneous loop that reads what it writes": "() { for p: Pod { p.n = count(q: Pod where q.n == 0) } }",
    "a loop whose rounds may ask for nothing": "() { for p: Pod { if p.n == 0 { p.n = 1 } } }",
    "a loop that deletes what it counts": "() { for p: Pod { p.n = count(q: Pod)  delete p } }",
    "a loop that reads its own write": "() { for p: Pod { p.n = 1  p.marked = p.n == 1 } }",
}


@pytest.mark.parametrize("case", WHOLE)
def test_an_action_that_stays_whole(case: str) -> None:
    text = whole(WHOLE[case], before="var x: bool = false  action touch() { x = true }")
    change = audited(text)
    assert change.split == ()
    assert same(change, text.replace("var x", "crashes at most 1  var x"))


def test_atomic_opts_out() -> None:
    change = audited(whole(SPLIT["two requests"][0], "atomic action act"))
    assert change.model is None
    assert change.reason == "it has nothing to lose, and makes no two requests in one step"


def test_a_component_that_crashes_already() -> None:
    change = audited(whole(WHOLE["one request"], before="crashes at most 2"))
    assert change.model is None
    assert change.reason == "it crashes already, and makes no two requests in one step"
    change = audited(whole(SPLIT["three"][0], before="crashes at most 2"))
    assert change.adds == ()
    assert same(change, whole(SPLIT["three"][1], "process act", "crashes at most 2"))


def test_what_survives_or_is_only_looked_at_is_nothing_to_lose() -> None:
    variables = "durable var kept: bool = false  ghost var told: bool = false  action touch() { kept = true }"
    assert audited(whole(WHOLE["one request"], before=variables)).model is None


def test_what_was_known_before_a_yield_may_be_none_behind_it() -> None:
    body = "(p: Pod, s: Set) when p.peer != none { s.done = true  if p.peer.n == 0 { p.marked = true } }"
    swap = "environment { action swap(p: Pod) { if p.peer == none { p.peer = p } else { p.peer = none } } }"
    assert "LiveReferences" not in graph(system(whole(body) + swap))[4]
    assert "LiveReferences" in graph(changed_system(audited(whole(body) + swap)))[4]


def test_fairness_budget_and_names_stay() -> None:
    text = whole("(p: Pod, s: Set) when p.n == 0 at most 1 { p.n = 1  s.done = true }", "strongly fair action act")
    start = next(action for action in changed_system(audited(text)).actions if action.name == "act")
    assert start.fairness is not None
    assert len(start.clauses) == 2
