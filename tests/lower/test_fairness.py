"""Which parameters tell units of fairness apart: of actions, of processes, and of what no text spells out."""

from __future__ import annotations

import pytest

from kspec.system.system import System
from kspec.system.transitions import Bind, Fairness, FairnessStrength, Role, UnitPart
from tests.lower.texts import system

WEAK, STRONG = FairnessStrength.WEAK, FairnessStrength.STRONG

ACTIONS = """
kind Node { ready: bool = true }
kind Pod { key number: 0..2  key of: Node  done: bool = false }
component all {
  fair action plain { }
  fair action object(i: 0..1, p: Pod, n: Node) { }
  fair action number(i: 0..1) { }
  fair overall action overall(p: Pod) { }
  strongly fair per i, n action named(i: 0..1, p: Pod, n: Node) { }
  fair per key p action keyed(n: Node, p: Pod) { }
  action never(p: Pod) { }
}
component each per n: Node {
  fair action plain { }
  fair action object(i: 0..1, p: Pod) { }
  fair overall action overall(p: Pod) { }
  strongly fair per key p action keyed(p: Pod) { }
}
environment { action drop(p: Pod) { delete p }  fair action tick { } }
cluster small { Node n1, n2  Pod p1 { number = 0  of = n1 } }
"""

KEYS = ("Pod.number", "Pod.of")


def fairness(of: System) -> dict[str, Fairness | None]:
    return {action.label: action.fairness for action in of.actions}


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("all.plain", Fairness(WEAK)),
        ("all.object", Fairness(WEAK, (UnitPart(1),))),
        ("all.number", Fairness(WEAK)),
        ("all.overall", Fairness(WEAK)),
        ("all.named", Fairness(STRONG, (UnitPart(0), UnitPart(2)))),
        ("all.keyed", Fairness(WEAK, (UnitPart(1, KEYS),))),
        ("all.never", None),
        ("each.plain", Fairness(WEAK, (UnitPart(0),))),
        ("each.object", Fairness(WEAK, (UnitPart(0), UnitPart(2)))),
        ("each.overall", Fairness(WEAK)),
        ("each.keyed", Fairness(STRONG, (UnitPart(0), UnitPart(1, KEYS)))),
        ("environment.drop", None),
        ("environment.tick", Fairness(WEAK)),
    ],
)
def test_actions(action: str, expected: Fairness | None) -> None:
    assert fairness(system(ACTIONS))[action] == expected


PRIMITIVES = """
kind Node { ready: bool = true }
kind Pod { n: 0..3 = 0 }
component late per n: Node {
  watches Pod lag 1
  relists
  loses events at most 1
  crashes at most 1
  disconnects at most 1
  action look(p: Pod) when p.n == 0 { p.n = 1 }
}
component copies per n: Node {
  watches Pod lag any
  disconnects at most 1 may stay disconnected
  action look(p: Pod) when p.n == 0 { p.n = 1 }
}
component single {
  watches Pod lag 1
  action look(p: Pod) when p.n == 0 { p.n = 1 }
}
component copy {
  watches Pod lag any
  action look(p: Pod) when p.n == 0 { p.n = 1 }
}
environment { action up(p: Pod) when p.n < 3 { p.n += 1 }  action drop(p: Pod) { delete p } }
cluster small { Node n1, n2  Pod p1, p2 }
"""


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("late.deliver Pod", Fairness(WEAK, (UnitPart(0),))),
        ("late.relist Pod", Fairness(WEAK, (UnitPart(0),))),
        ("late.reconnect", Fairness(WEAK, (UnitPart(0),))),
        ("late.lose Pod", None),
        ("late.crash", None),
        ("late.disconnect", None),
        ("copies.refresh Pod", Fairness(WEAK, (UnitPart(0), UnitPart(1, outlives=True)))),
        ("copies.disconnect", None),
        ("copies.reconnect", None),
        ("single.deliver Pod", Fairness(WEAK)),
        ("copy.refresh Pod", Fairness(WEAK, (UnitPart(0, outlives=True),))),
    ],
)
def test_what_no_text_spells_out(action: str, expected: Fairness | None) -> None:
    assert fairness(system(PRIMITIVES))[action] == expected


PROCESSES = """
kind Node { ready: bool = true }
kind Pod { n: 0..3 = 0 }
component one {
  fair process single(p: Pod) when p.n == 0 { p.n = 1  yield  p.n = 2 }
  fair process several(i: 0..1, p: Pod) workers 2 when p.n == 0 { p.n = 1  yield  p.n = 2 }
  process never(p: Pod) { p.n = 1  yield  p.n = 2 }
}
component each per n: Node {
  strongly fair process single(p: Pod) when p.n == 0 { p.n = 1  yield  p.n = 2 }
  fair per p process several(i: 0..1, p: Pod) workers 2 when p.n == 0 { p.n = 1  yield  p.n = 2 }
}
cluster small { Node n1, n2  Pod p1, p2 }
"""


@pytest.mark.parametrize(
    ("process", "start", "run"),
    [
        ("one.single", (UnitPart(0),), ()),
        ("one.several", (UnitPart(1), UnitPart(2)), (UnitPart(0),)),
        ("each.single", (UnitPart(0), UnitPart(1)), (UnitPart(0),)),
        ("each.several", (UnitPart(0), UnitPart(3)), (UnitPart(0), UnitPart(1))),
    ],
)
def test_processes(process: str, start: tuple[UnitPart, ...], run: tuple[UnitPart, ...]) -> None:
    """A run is its worker in its instance; it begins for all its arguments, unless `per` says otherwise."""
    begins, goes_on = fairness(system(PROCESSES))[process], fairness(system(PROCESSES))[f"{process} goes on"]
    assert begins is not None
    assert goes_on is not None
    assert begins.unit == start
    assert goes_on.unit == run


def test_a_fair_process_begins_as_a_queue_serves_and_goes_on_as_it_is_fair() -> None:
    found = {name: of.strength for name, of in fairness(system(PROCESSES)).items() if of is not None}
    assert (found["one.single"], found["one.single goes on"]) == (FairnessStrength.QUEUED, WEAK)
    assert (found["each.single"], found["each.single goes on"]) == (FairnessStrength.STRONG, FairnessStrength.STRONG)


def test_a_process_that_is_not_fair_need_not_go_on() -> None:
    found = fairness(system(PROCESSES))
    assert found["one.never"] is None
    assert found["one.never goes on"] is None


@pytest.mark.parametrize("text", [ACTIONS, PRIMITIVES, PROCESSES])
def test_every_part_is_bound_alike_by_all_transitions_of_its_action(text: str) -> None:
    found = system(text)
    for number, action in enumerate(found.actions):
        transitions = [item for item in found.transitions if item.action == number]
        assert transitions
        for part in action.fairness.unit if action.fairness is not None else ():
            binds = [[step for step in item.steps if isinstance(step, Bind)][part.bind] for item in transitions]
            assert len({(bind.role, bind.local.sort, bind.local.name) for bind in binds}) == 1
            is_worker = binds[0].local.name == "worker"
            assert binds[0].role is not Role.CHOICE or is_worker
