"""Interval arithmetic contains every result, and no bound is looser than it need be."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kspec.lower.intervals import apply, hull, times
from kspec.system.expressions import Operator
from kspec.system.sorts import IntSort, contains

COMPUTE = {
    Operator.ADD: lambda a, b: a + b,
    Operator.SUBTRACT: lambda a, b: a - b,
    Operator.MULTIPLY: lambda a, b: a * b,
    Operator.DIVIDE: lambda a, b: a // b,
    Operator.MODULO: lambda a, b: a % b,
}

small = st.integers(-9, 9)
intervals = st.tuples(small, small).map(lambda ends: IntSort(min(ends), max(ends)))


def numbers(sort: IntSort) -> range:
    assert sort.lo is not None
    assert sort.hi is not None
    return range(sort.lo, sort.hi + 1)


@given(st.sampled_from(Operator), intervals, intervals)
def test_contains_every_result(operator: Operator, left: IntSort, right: IntSort) -> None:
    result = apply(operator, left, right)
    fails_at_zero = operator in (Operator.DIVIDE, Operator.MODULO)
    for a, b in product(numbers(left), numbers(right)):
        if b != 0 or not fails_at_zero:
            assert contains(result, IntSort(COMPUTE[operator](a, b), COMPUTE[operator](a, b)))


@given(st.sampled_from([Operator.ADD, Operator.SUBTRACT, Operator.MULTIPLY, Operator.DIVIDE]), intervals, intervals)
def test_ends_are_results(operator: Operator, left: IntSort, right: IntSort) -> None:
    pairs = product(numbers(left), numbers(right))
    results = [COMPUTE[operator](a, b) for a, b in pairs if b != 0 or operator is not Operator.DIVIDE]
    if results:
        assert apply(operator, left, right) == IntSort(min(results), max(results))


@given(st.sampled_from(Operator), intervals, intervals, st.integers(0, 3), st.integers(0, 3))
def test_an_interval_without_bound_contains_what_one_with_bounds_does(
    operator: Operator, left: IntSort, right: IntSort, open_left: int, open_right: int
) -> None:
    def opened(sort: IntSort, ends: int) -> IntSort:
        return IntSort(None if ends & 1 else sort.lo, None if ends & 2 else sort.hi)

    assert contains(apply(operator, opened(left, open_left), opened(right, open_right)), apply(operator, left, right))


@given(intervals, st.integers(0, 4))
def test_sums(body: IntSort, most: int) -> None:
    for count in range(most + 1):
        for chosen in product((body.lo, body.hi), repeat=count):
            total = sum(number for number in chosen if number is not None)
            assert contains(times(body, most), IntSort(total, total))
            assert contains(times(body, None), IntSort(total, total))


@pytest.mark.parametrize("bounds", [(None, 3), (0, None), (None, None)])
def test_hull_keeps_missing_bounds(bounds: tuple[int | None, int | None]) -> None:
    assert contains(hull(IntSort(*bounds), IntSort(1, 2)), IntSort(*bounds))
