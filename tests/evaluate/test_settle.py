"""Settling: which deleted objects are kept, and what is cleared."""

from __future__ import annotations

import pytest

from kspec.evaluate.layout import Layout
from kspec.evaluate.run import State
from kspec.evaluate.settle import Settler
from kspec.system.sorts import BOOL, IntSort, MapSort, OptionSort, SeqSort, SetSort, Sort, Value
from kspec.system.system import ALIVE, DELETED, FREE, Kind, Role, System, Variable
from tests.building import SystemBuilder, constant, field, kind, state_of, variable

DIGIT = IntSort(0, 9)
POD = kind("Pod", 3, permanent=False)
NODE = kind("Node", 2, permanent=False)
RACK = kind("Rack", 1)
MAYBE_POD = OptionSort(POD.sort)


class Cluster:
    """Pods, nodes, a rack that is always there, and everything that can refer to pods."""

    def __init__(self, *more: tuple[Variable, tuple[Value, ...]]) -> None:
        builder = SystemBuilder()
        builder.kind(POD)
        builder.kind(NODE)
        builder.kind(RACK)
        builder.variable(field(POD, "rank", DIGIT), 1, 2, 3)
        builder.variable(field(POD, "parent", MAYBE_POD, const=True), None, None, None)
        builder.variable(field(POD, "friend", MAYBE_POD), None, None, None)
        for it, initial in more:
            builder.variable(it, *initial)
        self.system = builder.build()

    def settled(self, *pods: int, **values: tuple[Value, ...] | Value) -> State:
        state = list(state_of(self.system, status_Pod=pods, **values))
        Settler(self.system, Layout(self.system)).settle(state)
        return tuple(state)

    def value(self, state: State, name: str) -> tuple[Value, ...]:
        layout = Layout(self.system)
        return tuple(layout.value(state, name, number) for number in range(layout.count(name)))

    def statuses(self, *pods: int, **values: tuple[Value, ...] | Value) -> tuple[Value, ...]:
        return self.value(self.settled(*pods, **values), "status Pod")


def globally(sort: Sort, initial: Value) -> Cluster:
    return Cluster((variable("it", sort), (initial,)))


def test_an_object_that_nothing_holds_is_freed_and_cleared() -> None:
    cluster = Cluster()
    state = cluster.settled(ALIVE, DELETED, ALIVE, Pod_parent=(None, 0, None))
    assert cluster.value(state, "status Pod") == (ALIVE, FREE, ALIVE)
    assert cluster.value(state, "Pod.rank") == (1, 0, 3)
    assert cluster.value(state, "Pod.parent") == (None, None, None)


def test_a_held_object_keeps_its_const_fields_only() -> None:
    cluster = Cluster()
    state = cluster.settled(ALIVE, DELETED, ALIVE, Pod_parent=(None, 0, None), Pod_friend=(1, 0, None))
    assert cluster.value(state, "status Pod") == (ALIVE, DELETED, ALIVE)
    assert cluster.value(state, "Pod.rank") == (1, 0, 3)
    assert cluster.value(state, "Pod.friend") == (1, None, None)
    assert cluster.value(state, "Pod.parent") == (None, 0, None)


def test_a_mutable_field_of_a_deleted_object_holds_nothing() -> None:
    assert Cluster().statuses(DELETED, DELETED, ALIVE, Pod_friend=(1, 0, None)) == (FREE, FREE, ALIVE)


def test_a_chain_of_const_fields_holds_to_its_end() -> None:
    cluster = Cluster()
    assert cluster.statuses(ALIVE, DELETED, DELETED, Pod_parent=(1, 2, None)) == (ALIVE, DELETED, DELETED)
    assert cluster.statuses(DELETED, DELETED, DELETED, Pod_parent=(1, 2, None)) == (FREE, FREE, FREE)


def test_a_circle_of_deleted_objects_is_freed() -> None:
    cluster = Cluster()
    assert cluster.statuses(DELETED, DELETED, ALIVE, Pod_parent=(1, 0, None)) == (FREE, FREE, ALIVE)
    assert cluster.statuses(DELETED, ALIVE, ALIVE, Pod_parent=(0, None, None)) == (FREE, ALIVE, ALIVE)
    assert cluster.statuses(DELETED, DELETED, ALIVE, Pod_parent=(1, 0, 1)) == (DELETED, DELETED, ALIVE)


@pytest.mark.parametrize(
    ("sort", "held", "not_held"),
    [
        (MAYBE_POD, 0, 1),
        (POD.sort, 0, 1),
        (SetSort(POD.sort), frozenset({0}), frozenset({1})),
        (SeqSort(POD.sort, 2), (1, 0), (1, 1)),
        (MapSort(BOOL, MAYBE_POD), (None, 0), (None, 1)),
        (MapSort(BOOL, SetSort(POD.sort)), (frozenset(), frozenset({0})), (frozenset(), frozenset())),
    ],
)
def test_globals_hold_whatever_their_sort(sort: Sort, held: Value, not_held: Value) -> None:
    assert globally(sort, not_held).statuses(DELETED, ALIVE, ALIVE)[0] == FREE
    assert globally(sort, held).statuses(DELETED, ALIVE, ALIVE)[0] == DELETED


def test_constants_hold() -> None:
    chosen = Variable("first", (), POD.sort, Role.CONSTANT)
    assert Cluster((chosen, (0,))).statuses(DELETED, DELETED, ALIVE) == (DELETED, FREE, ALIVE)
    fixed = constant(RACK, "main", MAYBE_POD, (1,))
    assert Cluster((fixed, ())).statuses(DELETED, DELETED, ALIVE) == (FREE, DELETED, ALIVE)


def test_component_variables_hold_while_their_instance_is_alive() -> None:
    running = Variable("kubelet.running", (NODE.sort,), MAYBE_POD, Role.COMPONENT)
    cluster = Cluster((running, (0, 1)))
    state = cluster.settled(DELETED, DELETED, ALIVE, status_Node=(ALIVE, DELETED))
    assert cluster.value(state, "status Pod") == (DELETED, FREE, ALIVE)
    assert cluster.value(state, "kubelet.running") == (0, None)


def test_map_keys_hold_nothing_and_entries_of_freed_objects_are_cleared() -> None:
    cluster = globally(MapSort(POD.sort, DIGIT), (7, 8, 9))
    assert cluster.value(cluster.settled(ALIVE, DELETED, ALIVE), "it") == ((7, 0, 9),)
    assert cluster.value(cluster.settled(ALIVE, DELETED, ALIVE, Pod_friend=(1, None, None)), "it") == ((7, 8, 9),)


def test_entries_are_cleared_in_nested_maps_too() -> None:
    by_flag = MapSort(BOOL, MapSort(POD.sort, DIGIT))
    cluster = globally(by_flag, ((1, 2, 3), (4, 5, 6)))
    assert cluster.value(cluster.settled(ALIVE, DELETED, ALIVE), "it") == (((1, 0, 3), (4, 0, 6)),)
    history = SeqSort(OptionSort(MapSort(POD.sort, DIGIT)), 2)
    cluster = globally(history, (None, (1, 2, 3)))
    assert cluster.value(cluster.settled(ALIVE, DELETED, ALIVE), "it") == ((None, (1, 0, 3)),)


def test_entries_at_slots_without_an_object_hold_nothing() -> None:
    cluster = Cluster((variable("it", MapSort(NODE.sort, POD.sort)), ((1, 0),)))
    statuses = cluster.statuses(DELETED, DELETED, ALIVE, status_Node=(ALIVE, FREE))
    assert statuses == (FREE, DELETED, ALIVE)


def test_budgets_of_a_freed_object_start_anew() -> None:
    budget = Variable("budget", (NODE.sort, POD.sort), DIGIT, Role.BUDGET)
    cluster = Cluster((budget, (1, 2, 3, 4, 5, 6)))
    assert cluster.value(cluster.settled(ALIVE, DELETED, ALIVE), "budget") == (1, 0, 3, 4, 0, 6)
    held = cluster.settled(ALIVE, DELETED, ALIVE, Pod_friend=(1, None, None))
    assert cluster.value(held, "budget") == (1, 2, 3, 4, 5, 6)


def test_settling_twice_changes_nothing() -> None:
    cluster = Cluster()
    once = cluster.settled(ALIVE, DELETED, DELETED, Pod_parent=(1, 2, None))
    again = list(once)
    Settler(cluster.system, Layout(cluster.system)).settle(again)
    assert tuple(again) == once


def test_permanent_kinds_need_no_settling() -> None:
    builder = SystemBuilder()
    pod: Kind = builder.kind(kind("Pod", 2))
    builder.variable(field(pod, "rank", DIGIT), DELETED, DELETED)
    system: System = builder.build()
    state: list[Value] = [DELETED, DELETED]
    Settler(system, Layout(system)).settle(state)
    assert state == [DELETED, DELETED]
