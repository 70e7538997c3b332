"""What a component looks at, and whether its permissions allow it."""

from __future__ import annotations

import pytest

from kspec.language.reading import fields_seen, kinds_read
from tests.language.checker.checking import PRELUDE, accepted, codes

KINDS = """
kind Node { ready: bool = true  const zone: 0..1 = 0 }
kind Pod { const owner: Node? = none  node: Node? = none  phase: 0..2 = 0  ip: 0..2 = 0 }
kind Tag { key number: 0..1 }
single kind Lease { holder: Node? = none }
def placed(p: Pod): bool = p.node != none and p.node.ready
cluster small { Node n1  Pod at most 1 }
"""


@pytest.mark.parametrize(
    ("body", "kinds"),
    [
        ("action go { }", ()),
        ("action go(p: Pod) { }", ("Pod",)),
        ("action go when placed2() { }  def placed2(): bool = exists p: Pod: placed(p)", ("Node", "Pod")),
        ("action go { choose n: Node }", ("Node",)),
        ("process run { for each n: Node { } }", ("Node",)),
        ("action go { for p: Pod { p.phase = 1 } }", ("Pod",)),
        ("var mine: set Pod = {}  action go(p in mine) when p.owner == none { p.phase = 1 }", ()),
        ("var mine: set Pod = {}  action go(p in mine) { p.phase += 1 }", ("Pod",)),
        ("var mine: set Pod = {}  action go(p in mine) when alive(p) { }", ("Pod",)),
        ("var mine: set Pod = {}  action go(p in mine) { get p }", ("Pod",)),
        ("var mine: set Pod = {}  action go(p in mine) { let x = get p  update x { ip = 1 } }", ("Pod",)),
        ("action go when Tag[0] == none { }", ("Tag",)),
        ("action go when Lease.holder == none { }", ("Lease",)),
        ("action go when fresh(Lease.holder) == none { }", ("Lease",)),
        ("action go when size(set(n: Node)) > count(p: Pod) { }", ("Node", "Pod")),
        (
            "action go { if 1 == 1 { } else { Lease.holder = none on denied { assert Lease.holder == none } } }",
            ("Lease",),
        ),
    ],
)
def test_kinds(body: str, kinds: tuple[str, ...]) -> None:
    model = accepted(f"{KINDS} component c {{ {body} }}")
    assert kinds_read(model, model.components["c"]) == kinds
    permissions = [f"may get {kind}" for kind in kinds]
    granted = f"{KINDS} component c {{ may update Pod, Lease {' '.join(permissions)} {body} }}"
    assert codes(granted) == []
    for left_out in permissions:
        assert set(codes(granted.replace(left_out, ""))) == {"KS312"}


def test_fields() -> None:
    body = "action go(p: Pod) when placed(p) when p.owner == none { let x = get p  assert x.ip == 0 }"
    model = accepted(f"{KINDS} component c {{ {body} }}")
    component = model.components["c"]
    assert fields_seen(model, component, "Pod") == ("node", "ip")
    assert fields_seen(model, component, "Node") == ("ready",)


def test_fields_seen_by_properties() -> None:
    text = f"{KINDS} component c {{ action go(p: Pod) {{ }} }} invariant X: seen by c: forall p: Pod: p.phase == 0"
    model = accepted(text)
    assert fields_seen(model, model.components["c"], "Pod") == ("phase",)
    assert kinds_read(model, model.components["c"]) == ("Pod",)


def test_component_without_permissions_reads_everything() -> None:
    assert codes(PRELUDE + "component c { action go(p: Pod) when p.phase == Running { } }") == []
