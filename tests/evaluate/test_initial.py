"""Initial states: choices, conditions on them, and what is too large to enumerate."""

from __future__ import annotations

import pytest

from kspec.evaluate.errors import EnumerationTooLarge, EvaluationError
from kspec.evaluate.evaluator import Evaluator
from kspec.system.expressions import Arithmetic, Operator
from kspec.system.sorts import BOOL, IntSort, OptionSort, SetSort, Sort, Value
from kspec.system.spans import NOWHERE
from kspec.system.system import InitialChoice, Place
from tests.building import SystemBuilder, equal, less, number, read, variable

DIGIT = IntSort(0, 9)


def chosen(sort: Sort, values: tuple[Value, ...] | None) -> SystemBuilder:
    builder = SystemBuilder()
    builder.variable(variable("x", sort), 0)
    builder.variable(variable("y", BOOL), False)
    builder.choose(InitialChoice(Place("x", 0), values, NOWHERE))
    return builder


def test_without_choices_there_is_one() -> None:
    builder = SystemBuilder()
    builder.variable(variable("x", DIGIT), 4)
    assert list(Evaluator(builder.build()).initial_states()) == [(4,)]


def test_choices_are_combined_in_order() -> None:
    builder = chosen(DIGIT, (5, 3))
    builder.choose(InitialChoice(Place("y", 0), None, NOWHERE))
    found = list(Evaluator(builder.build()).initial_states())
    assert found == [(5, False), (5, True), (3, False), (3, True)]


def test_only_states_that_satisfy_every_condition_are_initial() -> None:
    builder = chosen(OptionSort(IntSort(0, 3)), (0, 1, 2, 3))
    builder.initially(less(number(0), read(variable("x", DIGIT))))
    builder.initially(less(read(variable("x", DIGIT)), number(3)))
    assert list(Evaluator(builder.build()).initial_states()) == [(1, False), (2, False)]


def test_a_failing_condition_is_raised() -> None:
    builder = chosen(DIGIT, (1, 0))
    quotient = Arithmetic(Operator.DIVIDE, number(4), read(variable("x", DIGIT)), DIGIT)
    builder.initially(equal(quotient, number(4)))
    states = Evaluator(builder.build()).initial_states()
    assert next(states) == (1, False)
    with pytest.raises(EvaluationError):
        next(states)


@pytest.mark.parametrize(
    ("sort", "member", "other"),
    [
        (IntSort(0, 10**6), 10**6, 10**6 + 1),
        (IntSort(None, None), 10**30, None),
        (SetSort(IntSort(0, 50)), frozenset({3}), frozenset({51})),
    ],
)
def test_too_many_values_are_not_enumerated_but_known(sort: Sort, member: Value, other: Value) -> None:
    evaluator = Evaluator(chosen(sort, None).build())
    with pytest.raises(EnumerationTooLarge, match="the initial choice of x"):
        next(evaluator.initial_states())
    assert evaluator.initial.is_candidate((member, False))
    assert not evaluator.initial.is_candidate((member, True))
    assert other is None or not evaluator.initial.is_candidate((other, False))
