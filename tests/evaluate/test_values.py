"""The order of values and the layout of states."""

from __future__ import annotations

import pytest

from kspec.evaluate.layout import Layout
from kspec.evaluate.values import in_order, ordinal
from kspec.system.sorts import BOOL, EnumSort, IntSort, MapSort, ObjectSort, OptionSort, Sort, Value, values_of
from kspec.system.system import Place, Role, Variable
from tests.building import SystemBuilder, constant, field, kind, variable


@pytest.mark.parametrize(
    "ordered",
    [
        [None, -2, 0, 7],
        [False, True],
        [frozenset(), frozenset({1}), frozenset({1, 2}), frozenset({1, 3}), frozenset({2})],
        [None, frozenset(), frozenset({None}), frozenset({None, 1}), frozenset({1})],
        [(), (1,), (1, 2), (2,)],
        [(None, 1), (0, 0), (0, 1)],
    ],
)
def test_the_order_is_total(ordered: list[Value]) -> None:
    assert in_order(ordered) == ordered
    assert in_order(reversed(ordered)) == ordered


@pytest.mark.parametrize(
    "sort", [BOOL, IntSort(-3, 4), EnumSort("E", ("A", "B")), ObjectSort("Pod", 3), OptionSort(IntSort(2, 3))]
)
def test_ordinals_are_positions_among_the_values(sort: Sort) -> None:
    assert [ordinal(value, sort) for value in values_of(sort)] == list(range(len(values_of(sort))))


def test_what_is_not_among_the_values_has_no_ordinal() -> None:
    assert ordinal(4, IntSort(0, 3)) is None
    assert ordinal(-1, ObjectSort("Pod", 2)) is None
    assert ordinal(9, OptionSort(IntSort(0, 3))) is None
    with pytest.raises(ValueError, match="not enumerable"):
        ordinal((1,), MapSort(BOOL, BOOL))


def test_layout_puts_variables_and_places_in_order() -> None:
    builder = SystemBuilder()
    pod, node = builder.kind(kind("Pod", 2)), builder.kind(kind("Node", 3))
    builder.variable(variable("x", BOOL), True)
    builder.variable(constant(node, "capacity", IntSort(0, 9), (1, 2, 3)))
    fired = Variable("fired", (pod.sort, node.sort), IntSort(0, 9), Role.BUDGET)
    builder.variable(fired, *range(6))
    builder.variable(field(pod, "ready", BOOL), False, True)
    system = builder.build()
    layout = Layout(system)

    assert layout.size == 1 + 6 + 2
    assert layout.places[0] == Place("x", 0)
    assert layout.places[7] == Place("Pod.ready", 0)
    assert layout.number("fired", (1, 2)) == 5
    assert layout.ordinals("fired", 5) == (1, 2)
    assert layout.position("fired", 5) == 6
    assert layout.position("Node.capacity", 0) is None
    state = (True, *range(6), False, True)
    assert layout.value(state, "fired", 5) == 5
    assert layout.value(state, "Node.capacity", 2) == 3
    assert layout.value(state, "Pod.ready", 1) is True
    with pytest.raises(IndexError):
        layout.number("fired", (2, 0))
