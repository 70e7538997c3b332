"""What states and steps of a graph say of fairness, known beforehand; on `evaluate` and in machine code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from kspec.explore.temporal.graph import NO_UNIT, Labelled, Masks
from kspec.system.fairness import Units, units_of
from kspec.system.sorts import Value
from kspec.system.system import ALIVE, FREE, System
from tests.building import state_of
from tests.explore.machine.temporal.agreeing import assert_isomorphic, compiled, made_plainly
from tests.explore.machine.temporal.fair import as_a_queue
from tests.lower.texts import system

MODEL = """
kind Pod { key name: 0..1  done: bool = false }
var rounds: 0..1 = 0
ghost var last: 0..1 = 0
component worker {
  fair action finish(p: Pod) when not p.done { p.done = true }
  strongly fair action again(p: Pod) when p.done { p.done = false }
  fair per key p action turn(p: Pod) when rounds == p.name { rounds = 1 - rounds }
  fair action note(i: 0..1) { last = i }
  fair action nothing(p: Pod) { p.done = p.done }
}
environment { action drop(p: Pod) { delete p } }
cluster small { Pod p0 { name = 0 }  Pod p1 { name = 1 } }
"""

Make = Callable[[System], Labelled]


@dataclass(frozen=True)
class Asked:
    system: System
    labelled: Labelled
    units: Units

    def state(self, **wanted: tuple[Value, ...] | Value) -> int:
        """The number of the initial state, but for these values (see `state_of`)."""
        numbers = range(self.labelled.graph.states)
        (found,) = (number for number in numbers if self.labelled.state(number) == state_of(self.system, **wanted))
        return found

    def served(self, state: int) -> set[str]:
        return self._names(self.labelled.graph.served, state)

    def waiting(self, state: int) -> set[str]:
        return self._names(self.labelled.graph.waiting, state)

    def _names(self, masks: Masks, state: int) -> set[str]:
        mask = sum(int(word) << 64 * column for column, word in enumerate(masks[state]))
        return {self.units.name(number) for number in range(len(self.units.units)) if mask >> number & 1}

    def taken(self, state: int) -> set[tuple[str, str | None]]:
        """The actions of the steps from a state, and their units."""
        graph = self.labelled.graph
        steps = range(int(graph.offsets[state]), int(graph.offsets[state + 1]))
        return {
            (self.system.actions[int(graph.actions[step])].name, self._unit(int(graph.units[step]))) for step in steps
        }

    def _unit(self, number: int) -> str | None:
        return None if number == NO_UNIT else self.units.name(number)


@pytest.fixture(scope="module", params=[made_plainly, compiled])
def asked(request: pytest.FixtureRequest) -> Asked:
    of = system(MODEL)
    make: Make = request.param
    return Asked(of, make(of), units_of(of))


def test_what_is_not_enabled_is_served(asked: Asked) -> None:
    start = asked.state()
    assert "worker.finish(p0)" not in asked.served(start)
    assert "worker.finish(p0)" in asked.served(asked.state(Pod_done=(True, False)))
    assert "worker.finish(p1)" not in asked.served(asked.state(Pod_done=(True, False)))


def test_weak_units_wait_everywhere_and_strong_ones_where_they_are_enabled(asked: Asked) -> None:
    weak = {name for name in map(asked.units.name, range(len(asked.units.units))) if "again" not in name}
    assert asked.waiting(asked.state()) == weak
    assert asked.waiting(asked.state(Pod_done=(True, False))) == weak | {"worker.again(p0)"}
    assert "worker.again(p0)" not in asked.served(asked.state())


def test_deletion_discharges_units_about_the_object_alone(asked: Asked) -> None:
    served = asked.served(asked.state(status_Pod=(FREE, ALIVE), Pod_name=(0, 1)))
    assert {"worker.finish(p0)", "worker.again(p0)"} <= served
    assert not {"worker.finish(p1)", "worker.again(p1)"} & served


def test_a_key_is_served_where_no_object_has_it_and_is_enabled(asked: Asked) -> None:
    assert "worker.turn(Pod.name = 0)" not in asked.served(asked.state())
    assert "worker.turn(Pod.name = 1)" in asked.served(asked.state())
    assert "worker.turn(Pod.name = 0)" in asked.served(asked.state(status_Pod=(FREE, ALIVE), Pod_name=(0, 1)))


def test_only_a_change_of_more_than_ghosts_takes_a_unit(asked: Asked) -> None:
    assert asked.taken(asked.state()) == {
        ("finish", "worker.finish(p0)"),
        ("finish", "worker.finish(p1)"),
        ("turn", "worker.turn(Pod.name = 0)"),
        ("note", None),
        ("nothing", None),
        ("drop", None),
    }
    assert {"worker.note", "worker.nothing(p0)"} <= asked.served(asked.state())


def test_more_units_than_one_mask_has_room_for() -> None:
    of = system("""
        var x: 0..69 = 0
        component worker { fair per i action tick(i: 0..69) when i == x { x = if x == 69 then 0 else x + 1 } }
        cluster small { }
    """)
    graph = compiled(of).graph
    assert (graph.unit_count, graph.served.shape) == (70, (70, 2))
    assert graph.units.tolist() == list(range(70))
    every = (1 << 70) - 1
    for state in range(70):
        assert int(graph.served[state, 0]) | int(graph.served[state, 1]) << 64 == every & ~(1 << state)
    assert_isomorphic(made_plainly(of), compiled(of))


QUEUE = """
kind Pod { done: bool = false }
component worker { fair process finish(p: Pod) workers 2 when not p.done { yield  p.done = true } }
environment { action drop(p: Pod) when p.done { delete p } }
cluster small { Pod p0  Pod p1  Pod p2 }
"""
"""A run may begin for a pod that is not done; the third one waits while both workers are busy."""

ALL_BUSY = {"worker_finish_at": (1, 1), "worker_finish_argument_p": (0, 1)}


@pytest.fixture(scope="module", params=[made_plainly, compiled])
def queue(request: pytest.FixtureRequest) -> Asked:
    of = as_a_queue(system(QUEUE), "finish")
    return Asked(of, request.param(of), units_of(of))


def test_who_waits_in_a_queue_is_not_served_and_waits_where_a_worker_is_free(queue: Asked) -> None:
    start, busy = queue.state(), queue.state(**ALL_BUSY)
    assert "worker.finish(p2)" not in queue.served(start) | queue.served(busy)
    assert "worker.finish(p2)" in queue.waiting(start)
    assert "worker.finish(p2)" not in queue.waiting(busy)


def test_who_does_not_wait_in_a_queue_is_served(queue: Asked) -> None:
    assert "worker.finish(p0)" in queue.served(queue.state(**ALL_BUSY))
    assert "worker.finish(p2)" in queue.served(queue.state(**ALL_BUSY, Pod_done=(False, False, True)))
