"""A value that may be none is read only where a condition has made sure that it is not."""

from __future__ import annotations

import pytest

from tests.language.checker.checking import PRELUDE, codes

FINE = {
    "and": "invariant I: forall p: Pod: p.node != none and p.node.ready",
    "or": "invariant I: forall p: Pod: p.node == none or p.node.ready",
    "implies": "invariant I: forall p: Pod: p.node != none implies p.node.ready",
    "not": "invariant I: forall p: Pod: not (p.node == none) implies p.node.ready",
    "where of a quantifier": "invariant I: forall p: Pod where p.node != none: p.node.ready",
    "where of a count": "invariant I: count(p: Pod where p.node != none and p.node.ready) == 0",
    "if": "invariant I: forall p: Pod: if p.node == none then true else p.node.ready",
    "equal to what is never none": "invariant I: forall p: Pod, n: Node: p.node == n implies p.node.ready",
    "let": "invariant I: forall p: Pod: let n = p.node: n != none implies n.ready",
    "through another path": (
        "invariant I: forall p: Pod: (p.node != none and p.node.backup != none) implies p.node.backup.ready"
    ),
    "single kind": "invariant I: Lease.holder != none implies Lease.holder.ready",
    "old": "step S: forall p: Pod where old(p.node) != none: old(p.node).ready",
    "inside old": "step S: forall p: Pod: old(p.node != none implies p.node.ready)",
    "when": "component c { action a(p: Pod) when p.node != none when p.node.ready { p.node.ready = false } }",
    "statement if": "component c { action a(p: Pod) { if p.node != none { p.node.ready = false } } }",
    "after an assignment": ("component c { action a(p: Pod, n: Node) { p.node = n  p.node.ready = false } }"),
    "both branches": (
        "component c { action a(p: Pod, n: Node) {"
        " if n.ready { p.node = n } else { p.node = n }  p.node.ready = false } }"
    ),
    "assert": "component c { action a(p: Pod) { assert p.node != none  p.node.ready = false } }",
    "behind an if that ends": (
        "component c { process a(p: Pod) { let n = p.node  if n == none { return }  n.ready = false } }"
    ),
    "behind an else that ends": (
        "component c { process a(p: Pod) { if p.node != none { } else { return }  p.node.ready = false } }"
    ),
    "both alternatives of or": (
        "invariant I: forall p: Pod, n: Node: (p.node == n or p.node != none) implies p.node.ready"
    ),
}

WRONG = {
    "nothing known": "invariant I: forall p: Pod: p.node.ready",
    "wrong way round": "invariant I: forall p: Pod: p.node == none implies p.node.ready",
    "one alternative of or": "invariant I: forall p: Pod: (p.node != none or p.restarts == 0) implies p.node.ready",
    "after the quantifier": ("invariant I: forall p: Pod: (exists q: Pod: q.node != none) implies p.node.ready"),
    "old is not new": "step S: forall p: Pod where old(p.node) != none: p.node.ready",
    "new is not old": "step S: forall p: Pod where p.node != none: old(p.node.ready)",
    "assigned none": ("component c { action a(p: Pod) when p.node != none { p.node = none  p.node.ready = false } }"),
    "another object of the kind may be the same": (
        "component c { action a(p: Pod, q: Pod) when p.node != none { q.node = none  p.node.ready = false } }"
    ),
    "one branch": ("component c { action a(p: Pod, n: Node) { if n.ready { p.node = n }  p.node.ready = false } }"),
    "behind an if that ends on some ways only": (
        "component c { process a(p: Pod, m: Node) {"
        " let n = p.node  if n == none { if m.ready { return } }  n.ready = false } }"
    ),
    "after a loop that writes": (
        "component c { action a(p: Pod) when p.node != none { for q: Pod { q.node = none }  p.node.ready = false } }"
    ),
    "the path changed under it": (
        "component c { action a(n: Node) when n.backup != none when n.backup.backup != none {"
        " n.backup = n  n.backup.backup.ready = false } }"
    ),
    "min of nothing": "invariant I: min(p: Pod: p.restarts) > 0",
    "later in a run": "property P: forall p: Pod: p.node != none and always p.node.ready",
}


@pytest.mark.parametrize("name", FINE)
def test_known_not_to_be_none(name: str) -> None:
    assert codes(PRELUDE + FINE[name]) == []


@pytest.mark.parametrize("name", WRONG)
def test_may_be_none(name: str) -> None:
    assert codes(PRELUDE + WRONG[name]) == ["KS202"]
