"""Which objects are interchangeable."""

from __future__ import annotations

from math import factorial
from pathlib import Path

import pytest

from kspec.explore.symmetry.group import group_of
from kspec.explore.symmetry.objects import Objects
from kspec.system.system import System
from tests.agreement.engines import load, lowered

HEAD = """
kind Zone
kind Node { ready: bool = true }
kind Pod { node: Node? = none  size: 0..2 = 0 }
var last: Node? = none
environment {
"""


def of(
    tmp_path: Path, actions: str, rest: str, cluster: str = "Zone exactly 2  Node exactly 3  Pod exactly 4"
) -> System:
    path = tmp_path / "model.kspec"
    path.write_text(f"{HEAD}{actions}\n}}\n{rest}\ncluster here {{ {cluster} }}\n", encoding="utf-8")
    return lowered(load(path), "here")


def orbits(system: System, kind: str) -> list[list[int]]:
    """The slots of a kind that can be mapped onto each other."""
    group, objects = group_of(system), Objects(system)
    found: dict[int, list[int]] = {}
    for slot, item in enumerate(objects.of(system.kind(kind).sort)):
        found.setdefault(group.colours[item], []).append(slot)
    return sorted(found.values())


def sizes(system: System, kind: str) -> list[int]:
    return [len(orbit) for orbit in orbits(system, kind)]


# --- names ------------------------------------------------------------------------------------------------------------


def test_nothing_tells_objects_apart(tmp_path: Path) -> None:
    system = of(tmp_path, "action bind(p: Pod, n: Node) when p.node == none { p.node = n }", "")
    assert group_of(system).order == factorial(2) * factorial(3) * factorial(4)


def test_an_object_that_a_property_names_is_fixed(tmp_path: Path) -> None:
    named = "Zone exactly 2  Node a, b, c  Pod exactly 4"
    system = of(tmp_path, "action idle { }", "invariant I only in here: here.b.ready", named)
    assert orbits(system, "Node") == [[0, 2], [1]]
    assert sizes(system, "Pod") == [4]


NAMED = "Zone exactly 2  Node a, b, c  Pod exactly 4"


@pytest.mark.parametrize(
    "property",
    [
        "property P only in here: always here.b.ready",
        "property P only in here: forall p: Pod: p.node == here.b leads to p.node != here.b",
        "property P only in here: always not by environment until here.b.ready",
        "assume P: always eventually last != none\nproperty Q only in here: always (let n = here.b: next n.ready)",
        "recoverable R only in here: here.b.ready",
    ],
)
def test_an_object_that_a_formula_about_runs_names_is_fixed(tmp_path: Path, property: str) -> None:
    system = of(tmp_path, "action idle { }", property, NAMED)
    assert orbits(system, "Node") == [[0, 2], [1]]
    assert sizes(system, "Pod") == [4]


@pytest.mark.parametrize(
    "property",
    [
        "property P: forall n: Node, p: Pod: p.node == n leads to p.node != n",
        "property P: always (forall n: Node: eventually n.ready)",
        "property P: always (exists n: Node where n.ready: next not n.ready)",
        "property P: always (forall p: Pod: let n = p.node: n != none implies eventually n.ready)",
        "recoverable R: forall n: Node: n.ready",
    ],
)
def test_objects_that_a_quantifier_is_written_out_for_are_not_named(tmp_path: Path, property: str) -> None:
    system = of(tmp_path, "action idle { }", property, NAMED)
    assert sizes(system, "Node") == [3]
    assert sizes(system, "Pod") == [4]


def test_initial_values_of_what_changes_do_not_matter(tmp_path: Path) -> None:
    named = "Zone exactly 2  Node a, b { ready = false }  Pod p { size = 1  node = a }  Pod q  last = b"
    system = of(tmp_path, "action idle { }", "", named)
    assert (sizes(system, "Node"), sizes(system, "Pod")) == ([2], [2])


def test_a_constant_that_refers_to_an_object_fixes_it(tmp_path: Path) -> None:
    named = "Zone exactly 2  Node a, b, c  Pod exactly 2  home = b"
    system = of(tmp_path, "action go(p: Pod) { p.node = home }", "const home: Node", named)
    assert orbits(system, "Node") == [[0, 2], [1]]


@pytest.mark.parametrize(
    "body",
    [
        "if p.node != none { let n = p.node  if n.ready { last = n } }",
        "if p.size == 1 { choose n: Node where n.ready  last = n } else { p.size = 1 }",
        "if p.size == 1 { let n = create Node {}  p.node = n }",
        "for q: Pod where q.node != none { let n = q.node  if n.ready { q.size = 1 } }",
        "if p.size == 1 { delete p }  last = p.node",
        "if p.node != none { let n = p.node  delete n  p.size = 1 }",
    ],
)
def test_values_that_nothing_looks_at_name_nothing(tmp_path: Path, body: str) -> None:
    room = "Zone exactly 2  Node exactly 2  Node at most 3  Pod exactly 3"
    system = of(tmp_path, f"action a(p: Pod) {{ {body} }}", "", room)
    assert sizes(system, "Node") == [3]
    assert sizes(system, "Pod") == [3]


def test_a_value_that_something_looks_at_names_its_object(tmp_path: Path) -> None:
    named = "Zone exactly 2  Node a, b, c  Pod exactly 2  home = a"
    system = of(
        tmp_path, "action go(p: Pod, n: Node) { p.node = if n.ready then n else home }", "const home: Node", named
    )
    assert orbits(system, "Node") == [[0], [1, 2]]


# --- constants --------------------------------------------------------------------------------------------------------

FARM = """
kind Rack { const ahead: Rack? = none }
kind Node { const capacity: 0..8 = 1  const rack: Rack? = none  const peers: set Node = {} }
kind Pod { const owner: Node? = none  size: 0..1 = 0 }
environment { action grow(p: Pod) { p.size = 1 } }
"""


def farm(tmp_path: Path, cluster: str) -> System:
    path = tmp_path / "farm.kspec"
    path.write_text(f"{FARM}cluster here {{ {cluster} }}\n", encoding="utf-8")
    return lowered(load(path), "here")


def test_constants_colour(tmp_path: Path) -> None:
    system = farm(tmp_path, "Node a, b { capacity = 2 }  Node c, d, e")
    assert orbits(system, "Node") == [[0, 1], [2, 3, 4]]
    assert group_of(system).order == 2 * 6


def test_what_constants_refer_to_moves_with_them(tmp_path: Path) -> None:
    racks = "Rack r, s, t  Node a, b { rack = r }  Node c, d { rack = s }  Node e { rack = t }"
    system = farm(tmp_path, racks)
    assert orbits(system, "Rack") == [[0, 1], [2]]
    assert orbits(system, "Node") == [[0, 1, 2, 3], [4]]
    assert group_of(system).order == 2 * 2 * 2


def test_racks_in_a_circle_turn(tmp_path: Path) -> None:
    system = farm(tmp_path, " ".join(f"Rack r{n} {{ ahead = r{(n + 1) % 5} }}" for n in range(5)))
    assert group_of(system).order == 5


def test_two_circles_change_places(tmp_path: Path) -> None:
    ring = [f"Rack r{n} {{ ahead = r{(n + 1) % 3} }}" for n in range(3)]
    other = [f"Rack s{n} {{ ahead = s{(n + 1) % 3} }}" for n in range(3)]
    assert group_of(farm(tmp_path, " ".join([*ring, *other]))).order == 3 * 3 * 2


def test_sets_of_peers(tmp_path: Path) -> None:
    """A square: its rotations and reflections."""
    names = "abcd"
    nodes = [f"Node {n} {{ peers = {{{names[k - 1]}, {names[(k + 1) % 4]}}} }}" for k, n in enumerate(names)]
    assert group_of(farm(tmp_path, " ".join(nodes))).order == 8


@pytest.mark.parametrize(("seats", "order"), [("three", 3), ("five", 5)])
def test_philosophers_go_round_the_table(seats: str, order: int) -> None:
    model = load(Path(__file__).parents[3] / "models/classics/philosophers.kspec")
    assert group_of(lowered(model, seats)).order == order


# --- initial choices --------------------------------------------------------------------------------------------------


def test_initial_choices_are_mapped_onto_each_other(tmp_path: Path) -> None:
    named = "Pod p, q { size = any {0, 1} }  Pod r { size = any {1, 2} }  Pod s, t { size = any 0..2 }  Pod u"
    system = of(tmp_path, "action idle { }", "", named)
    assert orbits(system, "Pod") == [[0, 1], [2], [3, 4], [5]]


def test_choices_among_objects_link_them(tmp_path: Path) -> None:
    named = "Node a, b, c, d  Pod p { node = any {a, b} }  Pod q { node = any {c, d} }"
    system = of(tmp_path, "action idle { }", "", named)
    assert group_of(system).order == 2 * 2 * 2


# --- failures ---------------------------------------------------------------------------------------------------------


def test_a_loop_in_which_something_may_fail_tells_no_objects_apart(tmp_path: Path) -> None:
    delete = "action delete_node(n: Node) { delete n }"
    reads = "invariant I: forall p: Pod: p.node == none or p.node.ready"
    system = of(tmp_path, delete, reads, "Zone exactly 2  Node exactly 2  Pod exactly 3")
    assert sizes(system, "Pod") == [3]
    assert sizes(system, "Node") == [2]


# --- room -------------------------------------------------------------------------------------------------------------


def test_named_slots_split_the_room_that_creates_take(tmp_path: Path) -> None:
    """A create takes the lowest free slot: whether that comes before or behind the named one can be seen."""
    actions = "action more { create Node {} }\n action less(n: Node) { delete n }"
    named = "Zone exactly 2  Node a, b, c, d  Node at most 6  Pod exactly 2"
    system = of(tmp_path, actions, "invariant I only in here: here.b.ready", named)
    assert orbits(system, "Node") == [[0], [1], [2, 3, 4, 5]]
