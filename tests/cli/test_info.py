"""`kspec info`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from kspec.language.load import load_model
from kspec.lower.lower import lower
from kspec.report.info import info_text
from tests.cli.conftest import PODS, Ended
from tests.systems import pods

Kspec = Callable[..., Ended]
Write = Callable[[str, str], Path]


def test_kinds_actions_and_layout(kspec: Kspec, write: Write) -> None:
    ended = kspec("info", write("pods.kspec", PODS), "--cluster", "larger")
    assert ended.code == 0
    assert ended.out.splitlines() == [
        "pods.kspec  cluster larger",
        "",
        "  Node: n1, n2",
        "  Pod: p1, p2",
        "  1 action of 1 component",
        "  4 properties",
        "",
        "  4 permutations of objects change nothing:",
        "    Node  n1, n2: can be exchanged",
        "    Pod   p1, p2: can be exchanged",
        "",
        "  a state has 6 bits in 1 word of 64",
        "    Node.ready  2 places of 1 bit, from word 0 bit 4",
        "    Pod.node    2 places of 2 bits, from word 0 bit 0",
    ]


TOLD_APART = """
kind Node { const zone: 0..2 }
kind Rack { const left: Rack; used: bool = false }
kind Pod { node: Node? = none }
kind User { active: bool = false }
single kind Lease { holder: User? = none }
component c {
  action bind(p: Pod, n: Node) when p.node == none { p.node = n }
  action use(r: Rack) when not r.used { r.used = true }
  action take(u: User) when Lease.holder == none { Lease.holder = u }
}
invariant Fine only in one: one.u1.active or Lease.holder != one.u2
cluster one {
  Node n1, n2, n3 { zone = 1 }
  Node n4 { zone = 2 }
  Rack r1 { left = r2 }
  Rack r2 { left = r3 }
  Rack r3 { left = r1 }
  Pod exactly 1
  User u1, u2, u3
}
"""


def test_what_tells_objects_apart(kspec: Kspec, write: Write) -> None:
    ended = kspec("info", write("apart.kspec", TOLD_APART))
    assert ended.err == ""
    told = ended.out.split("\n\n")[2].splitlines()
    assert told == [
        "  18 permutations of objects change nothing:",
        "    Node   n1, n2, n3: can be exchanged",
        "    Node   n4: told apart by constants, initial choices, names or their place in the room",
        "    Rack   r1, r2, r3: can be exchanged, together with what constants link them to",
        "    Pod    pod1: the only one",
        "    User   u1, u2: named by an action or property",
        "    User   u3: told apart by constants, initial choices, names or their place in the room",
        "    Lease  Lease: the only one",
    ]


def test_a_loop_that_may_fail_fixes_nothing(kspec: Kspec, write: Write) -> None:
    failing = (
        "kind Node { room: 0..2 = 1 }\ninvariant Even: forall n: Node: 2 div n.room == 2\ncluster c { Node n1, n2 }\n"
    )
    ended = kspec("info", write("order.kspec", failing))
    assert "    Node  n1, n2: can be exchanged" in ended.out


def test_overrides_count(kspec: Kspec, write: Write) -> None:
    ended = kspec("info", write("pods.kspec", PODS), "--scope", "Pod=3")
    assert "  Pod: p1, p2, p3" in ended.out.splitlines()


def test_a_cluster_that_is_not_there(kspec: Kspec, write: Write) -> None:
    ended = kspec("info", write("pods.kspec", PODS), "--cluster", "smal")
    assert ended.code == 2
    assert "KS501" in ended.err
    assert "small, larger" in ended.err


def test_a_model_with_errors(kspec: Kspec, write: Write) -> None:
    ended = kspec("info", write("bad.kspec", "kind Pod { ready: bol = true }\n"))
    assert ended.code == 2
    assert "KS101" in ended.err


def test_bits_are_those_of_the_packed_state(tmp_path: Path) -> None:
    path = tmp_path / "wide.kspec"
    path.write_text("var a: 0..1000 = 0\nvar b: set 0..69 = {}\ncluster one { }\n")
    loaded = load_model(path)
    assert loaded.model is not None
    system = lower(loaded.model, "one").system
    assert system is not None
    assert "a state has 80 bits in 2 words of 64" in info_text(system)
    assert "constant, and not stored" not in info_text(pods(2, 2, 2, 2))


CLUSTER = """
kind Node
kind Pod { node: Node? = none }
component kubelet per n: Node { watches Pod lag 1  action look(p: Pod) when p.node == n { } }
component c { process run(p: Pod) workers 2 when p.node == none { yield } }
cluster small { Node n1, n2  Pod p1, p2 }
"""


def test_what_views_and_runs_cost(kspec: Kspec, write: Write) -> None:
    lines = kspec("info", write("pods.kspec", CLUSTER)).out.splitlines()
    assert lines[4:7] == [
        "  2 workers of c.run",
        "  2 actions of 2 components",
        "  and what happens without their doing: kubelet.deliver Pod",
    ]
    assert "    view of Pod in kubelet  8 bits" in lines
    assert "    runs of c.run           6 bits" in lines
    assert not [line for line in lines if "kubelet view" in line or "c.run at" in line]
