"""Numbers as terms: the same results as Python's, in words and in integers."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kspec.symbolic import solver
from kspec.symbolic.numbers import IntegerNumbers, Numbers, WordNumbers, interval_width, numbers_for
from kspec.symbolic.solver import Answer, Number, Solver
from kspec.system.expressions import Literal, Operator, Order
from kspec.system.sorts import IntSort
from tests.symbolic.expressions import arithmetic
from tests.symbolic.models import bounded_pods
from tests.systems import pods

BOTH = pytest.mark.parametrize("numbers", [WordNumbers(), IntegerNumbers()], ids=["words", "integers"])
SMALL = st.integers(-9, 9)


def intervals(value: int) -> st.SearchStrategy[IntSort]:
    """Intervals that contain a value."""
    return st.builds(lambda below, above: IntSort(value - below, value + above), st.integers(0, 20), st.integers(0, 20))


def solved(numbers: Numbers, terms: dict[str, tuple[int, IntSort]], result: Number) -> int:
    query = Solver(finite=numbers.finite)
    for name, (value, sort) in terms.items():
        query.add(numbers.equal(numbers.variable(name, sort), value))
    assert query.check() is Answer.SAT
    return query.assignment().number(result)


@BOTH
@settings(max_examples=150, deadline=None, derandomize=True)
@given(left=SMALL, right=SMALL, operator=st.sampled_from(Operator), data=st.data())
def test_arithmetic(numbers: Numbers, left: int, right: int, operator: Operator, data: st.DataObject) -> None:
    if operator in (Operator.DIVIDE, Operator.MODULO) and right == 0:
        right = 1
    sorts = data.draw(intervals(left)), data.draw(intervals(right))
    sort = arithmetic(operator, Literal(left, sorts[0]), Literal(right, sorts[1])).sort
    expected = {
        Operator.ADD: left + right,
        Operator.SUBTRACT: left - right,
        Operator.MULTIPLY: left * right,
        Operator.DIVIDE: left // (right or 1),
        Operator.MODULO: left % (right or 1),
    }[operator]
    terms = {"left": (left, sorts[0]), "right": (right, sorts[1])}
    a, b = (numbers.variable(name, sort_) for name, (_, sort_) in terms.items())
    assert solved(numbers, terms, numbers.arithmetic(operator, a, b, sort)) == expected
    assert solved(numbers, terms, numbers.arithmetic(operator, left, b, sort)) == expected
    assert solved(numbers, terms, numbers.arithmetic(operator, a, right, sort)) == expected
    assert numbers.arithmetic(operator, left, right, sort) == expected


@BOTH
@pytest.mark.parametrize(("left", "right"), [(-9, 4), (4, -9), (3, 3), (0, 100), (-100, -1)])
def test_comparisons_of_numbers_of_different_widths(numbers: Numbers, left: int, right: int) -> None:
    term = numbers.variable("left", IntSort(left, left))
    query = Solver(finite=numbers.finite)
    query.add(numbers.equal(term, left))
    assert query.check() is Answer.SAT
    assignment = query.assignment()
    assert assignment.bit(numbers.compare(Order.LESS, term, right)) == (left < right)
    assert assignment.bit(numbers.compare(Order.AT_MOST, term, right)) == (left <= right)
    assert assignment.bit(numbers.compare(Order.AT_MOST, right, term)) == (right <= left)
    assert assignment.bit(numbers.equal(term, right)) == (left == right)
    assert assignment.bit(numbers.within(term, IntSort(-10, 5))) == (-10 <= left <= 5)


@BOTH
@pytest.mark.parametrize("bits", [[], [True], [False, True, True], [True] * 9])
def test_counting(numbers: Numbers, bits: list[bool]) -> None:
    terms = [solver.bool_variable(f"bit {i}") for i in range(len(bits))]
    query = Solver(finite=numbers.finite)
    for term, bit in zip(terms, bits, strict=True):
        query.add(solver.iff(term, bit))
    assert query.check() is Answer.SAT
    assert query.assignment().number(numbers.count([*terms, True, False])) == sum(bits) + 1
    assert numbers.count(list(bits)) == sum(bits)


@pytest.mark.parametrize(
    ("interval", "width"), [((0, 0), 1), ((0, 1), 2), ((-1, 0), 1), ((-4, 3), 3), ((-5, 3), 4), ((0, 255), 9)]
)
def test_words_are_just_wide_enough(interval: tuple[int, int], width: int) -> None:
    assert interval_width(IntSort(*interval)) == width


def test_integers_only_where_bounds_are_missing() -> None:
    assert isinstance(numbers_for(bounded_pods(1, 1, 1, 1)), WordNumbers)
    assert isinstance(numbers_for(pods(1, 1, 1, 1)), IntegerNumbers)
