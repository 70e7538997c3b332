"""Expressions about a step: its two states, who took it, what it wrote, what is enabled."""

from __future__ import annotations

import pytest

from kspec.evaluate.evaluator import Evaluator
from kspec.evaluate.run import State
from kspec.system.expressions import (
    TRUE,
    Binding,
    By,
    Created,
    Deleted,
    Domain,
    Enabled,
    Existing,
    ExistingInBoth,
    Expr,
    IsAlive,
    Moment,
    SetComprehension,
    Writes,
)
from kspec.system.sorts import BOOL, IntSort, SetSort, Value
from kspec.system.system import ALIVE, DELETED, FREE, Kind, Variable
from kspec.system.transitions import Role as BindRole
from tests.building import (
    SystemBuilder,
    allocate,
    assign,
    equal,
    field,
    is_status,
    kind,
    less,
    local,
    number,
    parameter,
    plus,
    read,
    state_of,
    value,
    variable,
    when,
    write,
)

DIGIT = IntSort(0, 9)


class Cluster:
    def __init__(self) -> None:
        builder = SystemBuilder()
        self.pod: Kind = builder.kind(kind("Pod", 4, permanent=False))
        self.node: Kind = builder.kind(kind("Node", 2))
        self.rank: Variable = builder.variable(field(self.pod, "rank", DIGIT), 1, 1, 1, 1)
        self.total: Variable = builder.variable(variable("total", DIGIT), 0)
        self.seen: Variable = builder.variable(variable("seen", BOOL, ghost=True), False)
        n, p = local("n", self.node.sort), local("p", self.pod.sort)
        here = parameter(n, role=BindRole.INSTANCE)
        one_more = assign(self.total, plus(read(self.total), number(1)))
        self.raise_ = builder.action("kubelet.raise", [here, when(less(read(self.total), n), 0)], [one_more])
        self.look = builder.action("kubelet.look", [], [assign(self.seen, value(True))])
        self.grow = builder.action("kubelet.grow", [allocate(p)], [write(self.rank, (p,), number(2))])
        self.system = builder.build()
        self.evaluator = Evaluator(self.system)

    def state(self, *pods: int, **more: Value) -> State:
        return state_of(self.system, status_Pod=pods, **more)

    def value(self, expr: Expr, old: State, new: State, action: int = 0) -> Value:
        return self.evaluator.step_value(expr, old, new, action)


@pytest.fixture
def cluster() -> Cluster:
    return Cluster()


def test_the_two_moments(cluster: Cluster) -> None:
    old, new = cluster.state(ALIVE, ALIVE, FREE, FREE, total=1), cluster.state(ALIVE, DELETED, FREE, FREE, total=2)
    assert cluster.value(read(cluster.total), old, new) == 2
    assert cluster.value(read(cluster.total, at=Moment.OLD), old, new) == 1
    second = value(1, cluster.pod.sort)
    assert cluster.value(IsAlive(second), old, new) is False
    assert cluster.value(IsAlive(second, Moment.OLD), old, new) is True
    assert cluster.value(read(cluster.rank, second, at=Moment.OLD, alive=True), old, new) == 1


def test_the_domains_of_a_step(cluster: Cluster) -> None:
    old, new = cluster.state(ALIVE, ALIVE, FREE, FREE), cluster.state(ALIVE, DELETED, ALIVE, FREE)
    kind_of_pods = cluster.pod.sort

    def members(domain: Domain) -> Value:
        p = local("p", kind_of_pods)
        return cluster.value(SetComprehension(Binding(p, domain), TRUE, SetSort(kind_of_pods)), old, new)

    assert members(Existing(kind_of_pods)) == frozenset({0, 2})
    assert members(Existing(kind_of_pods, Moment.OLD)) == frozenset({0, 1})
    assert members(ExistingInBoth(kind_of_pods)) == frozenset({0})
    assert members(Created(kind_of_pods)) == frozenset({2})
    assert members(Deleted(kind_of_pods)) == frozenset({1})


def test_permanent_objects_are_never_created_or_deleted(cluster: Cluster) -> None:
    state, nodes = cluster.state(FREE, FREE, FREE, FREE), cluster.node.sort

    def members(domain: Domain) -> Value:
        n = local("n", nodes)
        return cluster.value(SetComprehension(Binding(n, domain), TRUE, SetSort(nodes)), state, state)

    assert members(ExistingInBoth(nodes)) == frozenset({0, 1})
    assert members(Created(nodes)) == members(Deleted(nodes)) == frozenset()


def test_by(cluster: Cluster) -> None:
    state = cluster.state(FREE, FREE, FREE, FREE)
    assert cluster.value(By(frozenset({1, 2})), state, state, action=2) is True
    assert cluster.value(By(frozenset({1, 2})), state, state, action=0) is False


def test_writes(cluster: Cluster) -> None:
    writes = Writes(cluster.pod.sort, (cluster.rank.name,))
    old = cluster.state(ALIVE, FREE, FREE, FREE)
    assert cluster.value(writes, old, old) is False
    assert cluster.value(writes, old, cluster.state(ALIVE, FREE, FREE, FREE, total=3)) is False
    assert cluster.value(writes, old, cluster.state(ALIVE, ALIVE, FREE, FREE)) is True
    changed = state_of(cluster.system, status_Pod=(ALIVE, FREE, FREE, FREE), Pod_rank=(2, 1, 1, 1))
    assert cluster.value(writes, old, changed) is True
    assert cluster.value(Writes(cluster.pod.sort, ()), old, changed) is False


def test_enabled_asks_for_a_change_of_the_state(cluster: Cluster) -> None:
    low, high = cluster.state(FREE, FREE, FREE, FREE), cluster.state(FREE, FREE, FREE, FREE, total=1)
    enabled = Enabled(cluster.raise_, None)
    assert cluster.value(enabled, high, low) is True
    assert cluster.value(enabled, low, high) is False
    assert cluster.value(Enabled(cluster.raise_, None, Moment.OLD), low, high) is True


def test_enabled_of_one_instance(cluster: Cluster) -> None:
    state = cluster.state(FREE, FREE, FREE, FREE)
    nodes = [value(number, cluster.node.sort) for number in range(2)]
    assert [cluster.value(Enabled(cluster.raise_, node), state, state) for node in nodes] == [False, True]


def test_changes_of_ghosts_alone_are_no_change(cluster: Cluster) -> None:
    state = cluster.state(FREE, FREE, FREE, FREE)
    assert cluster.value(Enabled(cluster.look, None), state, state) is False


def test_a_blocked_step_is_not_enabled(cluster: Cluster) -> None:
    full, room = cluster.state(ALIVE, ALIVE, ALIVE, ALIVE), cluster.state(ALIVE, FREE, ALIVE, ALIVE)
    grow = Enabled(cluster.grow, None)
    assert cluster.value(grow, room, full) is False
    assert cluster.value(grow, full, room) is True


def test_status_can_be_read_like_any_variable(cluster: Cluster) -> None:
    state = cluster.state(ALIVE, DELETED, FREE, FREE)
    assert cluster.value(is_status(cluster.pod, value(1, cluster.pod.sort), DELETED), state, state) is True
    assert cluster.value(equal(read(cluster.total), number(0)), state, state) is True
