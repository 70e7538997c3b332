"""What the text shows to be odd, and what only looks so."""

from __future__ import annotations

import pytest

from tests.lower.texts import system

KINDS = """
kind Node { ready: bool = true }
kind Pod { const zone: 0..1 = 0  phase: 0..3 = 0  marked: bool = false  node: Node? = none }
single kind Lease { term: 0..3 = 0 }
def idle(p: Pod): bool = p.phase == 0
"""
CLUSTER = "\ncluster one { Node n1  Pod a, b  Pod at most 3 }"


def remarks(text: str, code: str) -> list[str]:
    return [found.message for found in system(KINDS + text + CLUSTER).remarks if found.code == code]


def writers(one: str, other: str) -> list[str]:
    return remarks(f"component one {{ {one} }} component other {{ {other} }}", "two-writers")


UNCONDITIONAL = "action act(p: Pod) { p.phase = 1 }"


@pytest.mark.parametrize(
    "other",
    [
        "action act(p: Pod) { p.phase = 2 }",
        "action act(p: Pod, n: Node) when p.phase != 2 and n.ready { p.phase = 2 }",
        "process act(p: Pod) { yield  p.phase = 2 }",
        "action act() { for p: Pod where alive(p) { p.phase = 2 } }",
        "action act(p: Pod) when p.zone == 0 { p.phase = 2 }",
    ],
)
def test_two_writers(other: str) -> None:
    expected = ["Pod.phase is written by `one` and `other`, which do not look at the Pod"]
    assert writers(UNCONDITIONAL, other) == expected


@pytest.mark.parametrize(
    "other",
    [
        "action act(p: Pod) when p.phase == 1 { p.phase = 2 }",
        "action act(p: Pod) when p.phase != 1 { p.phase = 2 }",
        "action act(p: Pod) when p.phase != 2 and not p.marked { p.phase = 2 }",
        "action act() { for p: Pod where p.marked { p.phase = 2 } }",
        "action act(p: Pod) when idle(p) { p.phase = 2 }",
        "action act(p: Pod) { p.phase += 1 }",
        "action act(p: Pod) { if p.phase == 0 { p.phase = 2 } }",
        "action act(p: Pod) { let x = get p  update x { phase = 2 } }",
        "action act() { let p = create Pod {}  p.phase = 2 }",
        "action act(p: Pod) { p.marked = true }",
    ],
)
def test_a_writer_that_looks(other: str) -> None:
    assert writers(UNCONDITIONAL, other) == []


def test_flags_that_are_set_and_cleared_whatever_they_hold() -> None:
    found = writers(
        "action act(p: Pod) when not p.marked { p.marked = true }",
        "action act(p: Pod) when p.marked { p.marked = false }",
    )
    assert len(found) == 1


def test_the_environment_and_one_component_are_no_two_writers() -> None:
    assert remarks(f"component one {{ {UNCONDITIONAL} action too(p: Pod) {{ p.phase = 2 }} }}", "two-writers") == []
    assert remarks(f"component one {{ {UNCONDITIONAL} }} environment {{ {UNCONDITIONAL} }}", "two-writers") == []


def of_component(code: str, clauses: str, body: str) -> list[str]:
    text = f"request evict(p: Pod) {{ delete p }} component c {{ {clauses}  action act(p: Pod) {{ {body} }} }}"
    return [message.removeprefix("`c` ") for message in remarks(text, code)]


@pytest.mark.parametrize(
    ("clauses", "body", "unused"),
    [
        ("may get Pod; may update Pod.phase", "p.phase = 1", []),
        ("may get Pod, Node; may update Pod", "p.phase = 1", ["may get Node, and never does"]),
        ("may update Pod.phase, Pod.marked", "p.phase = 1", ["may update Pod.marked, and never does"]),
        ("may create Pod; may delete Pod", "create Pod {}", ["may delete Pod, and never does"]),
        ("may create Pod; may delete Pod", "let q = create Pod {}  delete q", []),
        ("may evict", "evict(p)", []),
        ("may evict; may delete Pod", "delete p", ["may evict, and never does"]),
        ("may get Pod, Lease; may update Lease", "let l = fresh(get Lease)  update l { term = 1 }", []),
    ],
)
def test_unused_permissions(clauses: str, body: str, unused: list[str]) -> None:
    """What a parameter ranges over is read."""
    clauses = clauses if "may get" in clauses else f"may get Pod; {clauses}"
    assert of_component("unused-permission", clauses, body) == unused


@pytest.mark.parametrize(
    ("clauses", "body", "lacks"),
    [
        ("may get Pod", "p.phase = 1", "update Pod.phase"),
        ("may get Pod; may update Pod.phase", "p.phase = 1", None),
        ("may get Pod; may update Pod.phase", "p.phase = 1  p.marked = true", "update Pod.marked"),
        ("may get Pod; may update q: Pod where q.marked", "p.phase = 1", None),
        ("may get Pod; may delete Pod", "create Pod {}  delete p", "create Pod"),
        ("may get Pod; may delete Pod", "delete p  create Pod {}", None),
        ("may get Pod; may delete Pod", "create Pod {} on denied { }  delete p", None),
        ("may get Pod; may delete Pod", "create Pod {} on denied { delete p }", None),
        ("may get Pod; may delete Pod", "create Pod {} on denied { return }  delete p", "create Pod"),
        ("may get Pod; may delete Pod", "if p.marked { delete p } else { p.phase = 1 }", None),
        ("may get Pod", "if p.marked { delete p } else { p.phase = 1 }", "delete Pod"),
        ("may get Pod", "either { p.phase = 1 } or { }", "update Pod.phase"),
        ("may get Pod", "evict(p)", "evict"),
        ("may get Pod; may evict", "evict(p)", None),
        ("may get Pod", "", None),
        ("", "p.phase = 1", None),
    ],
)
def test_actions_that_can_only_be_denied(clauses: str, body: str, lacks: str | None) -> None:
    expected = [] if lacks is None else [f"c.act can only be denied: `c` may not {lacks}"]
    assert of_component("always-denied", clauses, body) == expected


@pytest.mark.parametrize(
    ("body", "read"),
    [
        ("action act(n: Node) { n.ready = false }", False),
        ("action act(n: Node) when exists p: Pod: p.marked { n.ready = false }", True),
        ("action act(p: Pod) { }", True),
        ("action act(n: Node) { for p: Pod { p.phase = 1 } }", True),
    ],
)
def test_unread_watches(body: str, *, read: bool) -> None:
    found = remarks(f"component c {{ watches Pod lag 1  {body} }}", "unread-watch")
    assert found == ([] if read else ["`c` watches `Pod` and never reads it"])


def test_a_watch_that_only_a_property_or_a_get_looks_at() -> None:
    seen = "component c { watches Pod lag 1  action act(n: Node) { n.ready = false } }"
    assert remarks(seen + "\ninvariant I: seen by c: forall p: Pod: p.phase == 0", "unread-watch") == []
    got = "component c { watches Lease lag 1  action act() { let l = get Lease  update l { term = 1 } } }"
    assert remarks(got, "unread-watch") == []


@pytest.mark.parametrize(
    ("fairness", "property", "weak"),
    [
        ("fair overall", "forall p: Pod: eventually p.marked", True),
        ("fair overall", "forall n: Node: forall p: Pod: always (eventually p.marked)", True),
        ("strongly fair overall", "forall p: Pod: eventually p.marked", True),
        ("fair", "forall p: Pod: eventually p.marked", False),
        ("", "forall p: Pod: eventually p.marked", False),
        ("fair overall", "eventually (exists p: Pod: p.marked)", False),
        ("fair overall", "eventually (forall p: Pod: p.marked)", False),
        ("fair overall", "forall n: Node: eventually n.ready", False),
    ],
)
def test_weak_units(fairness: str, property: str, *, weak: bool) -> None:
    text = f"component c {{ {fairness} action act(p: Pod) {{ p.marked = true }} }}\nproperty Served: {property}"
    message = "c.act is `fair overall`, which owes nothing to a single Pod; Served is about each"
    assert remarks(text, "weak-unit") == ([message] if weak else [])


def test_a_property_of_another_cluster_promises_nothing_here() -> None:
    only = """component c { fair overall action act(p: Pod) { p.marked = true } }
property Served only in other: forall p: Pod: eventually p.marked
cluster other { Node n1 }
"""
    found = system(KINDS + only + CLUSTER, "one").remarks
    assert [remark.code for remark in found] == []
