"""What is known of a path that may be none: in the store, in views, in copies, and after others may have acted."""

from __future__ import annotations

import pytest

from tests.language.checker.checking import PRELUDE, codes


def component(body: str, clauses: str = "") -> str:
    return f"{PRELUDE}\ncomponent c {{ {clauses} {body} }}\n"


@pytest.mark.parametrize(
    "body",
    [
        # what a local holds does not change while others act
        "process run(p: Pod) { let n = p.node  if n != none { yield  n.ready = true } }",
        "process run(p: Pod) { var n: Node? = p.node  if n != none { yield  n.ready = true } }",
        "process run(p: Pod) { await p.node != none  p.node.ready = true }",
        "process run(p: Pod) { while p.node != none { p.node.ready = true  yield } }",
        "process run(p: Pod) { var n: Node? = none  while n == none { yield  n = p.node }  n.ready = true }",
        # a copy is what was read
        "process run(p: Pod) { let x = get p  if x.node != none { yield  x.node.ready = true } }",
        "action go(p: Pod) { let x = get p  if x.node != none { p.node = none  x.node.ready = true } }",
        # a refused request ends the body, or its handler does
        "action go(p: Pod) { let q = create Pod { }  q.restarts = 1 }",
        "action go(p: Pod) { let q = create Pod { } on denied { return }  q.restarts = 1 }",
        "action go(p: Pod) { let x = get p on missing { }  if x != none { update x { restarts = 1 } } }",
        "action go(p: Pod, n: Node) { p.node = n  p.restarts = 1 on missing { return }  p.node.ready = true }",
        # inside of `fresh`, the store
        "action go(p: Pod) when fresh(p.node != none and p.node.ready) { }",
    ],
)
def test_is_known(body: str) -> None:
    assert codes(component(body)) == []


@pytest.mark.parametrize(
    "body",
    [
        "process run(p: Pod) when p.node != none { yield  p.node.ready = true }",
        "process run(p: Pod) { if p.node != none { for each q: Pod { p.node.ready = true } } }",
        "process run(p: Pod) { for each q: Pod where q.node != none { q.node.ready = true } }",
        "process run(p: Pod) { while p.node != none { yield  p.node.ready = true } }",
        "process run(p: Pod) { var n: Node? = p.node  if n != none { n = none  n.ready = true } }",
        "process run(p: Pod, m: Node) { var n: Node? = m  while true { n.ready = true  n = p.node  yield } }",
        "process run(p: Pod) { let x = get p  if x.node != none { update x { node = none }  x.node.ready = true } }",
        """process run(p: Pod) {
          let x = get p
          if x.node != none { while true { x.node.ready = true  update x { node = none }  yield } }
        }""",
        "action go(p: Pod) { let q = create Pod { } on denied { }  q.restarts = 1 }",
        "action go(p: Pod) { let x = get p on missing { }  update x { restarts = 1 } }",
        "action go(p: Pod, n: Node) { p.node = n  p.restarts = 1 on missing { p.node.ready = true } }",
        "action go(p: Pod, n: Node) { p.node = n  p.restarts = 1 on missing { }  p.node.ready = true }",
        "action go(p: Pod) when p.node != none when fresh(p.node.ready) { }",
    ],
)
def test_is_not_known(body: str) -> None:
    assert codes(component(body)) == ["KS202"]


def test_called_request_may_have_written() -> None:
    call = "action go(p: Pod) when p.node != none { unbind(p)  p.node.ready = true }"
    assert codes(component(call) + "request unbind(p: Pod) { p.node = none }") == ["KS202"]


def test_view_does_not_show_what_was_just_written() -> None:
    body = "action go(p: Pod, n: Node) { p.node = n  p.node.ready = true }"
    assert codes(component(body)) == []
    assert codes(component(body, "watches Node lag 1")) == []
    assert codes(component(body, "watches Pod lag 1")) == ["KS202"]


def test_view_may_differ_from_the_store() -> None:
    seen = "invariant X: forall p: Pod: {} implies {}"
    watching = component("", "watches Pod lag 1")
    assert codes(watching + seen.format("p.node != none", "seen by c: p.node.ready")) == ["KS202"]
    assert codes(watching + seen.format("(seen by c: p.node != none)", "p.node.ready")) == ["KS202"]
    assert codes(watching + seen.format("true", "seen by c: p.node != none implies p.node.ready")) == []
