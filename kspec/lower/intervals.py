"""Interval arithmetic: the numbers that an operation can give, from those of its operands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import product

from kspec.system.expressions import Operator
from kspec.system.sorts import IntSort

UNBOUNDED = IntSort(None, None)


def hull(left: IntSort, right: IntSort) -> IntSort:
    """The least interval that contains both; of amounts, if one is."""
    low = None if left.lo is None or right.lo is None else min(left.lo, right.lo)
    high = None if left.hi is None or right.hi is None else max(left.hi, right.hi)
    return IntSort(low, high, left.unit or right.unit)


def apply(operator: Operator, left: IntSort, right: IntSort) -> IntSort:
    """The results of an operation that does not fail: amounts, if an operand is one, but how often one amount fits into
    another is a number."""
    results = _results(operator, left, right)
    unit = None if operator is Operator.DIVIDE else left.unit or right.unit
    return results if results.unit == unit else replace(results, unit=unit)


def _results(operator: Operator, left: IntSort, right: IntSort) -> IntSort:
    match operator:
        case Operator.ADD:
            return IntSort(_plus(left.lo, right.lo), _plus(left.hi, right.hi))
        case Operator.SUBTRACT:
            return IntSort(_plus(left.lo, _minus(right.hi)), _plus(left.hi, _minus(right.lo)))
        case Operator.MULTIPLY:
            return _multiply(left, right)
        case Operator.DIVIDE:
            return _divide(left, right)
        case Operator.MODULO:
            return _modulo(left, right)


def times(body: IntSort, most: int | None) -> IntSort:
    """The sum of at most that many numbers of an interval; `most` is None where nothing bounds their number."""
    low = None if body.lo is None else min(body.lo, 0)
    high = None if body.hi is None else max(body.hi, 0)
    if most is None:
        return IntSort(0 if low == 0 else None, 0 if high == 0 else None, body.unit)
    return IntSort(None if low is None else low * most, None if high is None else high * most, body.unit)


def _plus(left: int | None, right: int | None) -> int | None:
    return None if left is None or right is None else left + right


def _minus(bound: int | None) -> int | None:
    return None if bound is None else -bound


def _multiply(left: IntSort, right: IntSort) -> IntSort:
    if IntSort(0, 0) in (left, right):
        return IntSort(0, 0)
    match left, right:
        case IntSort(int(a), int(b)), IntSort(int(c), int(d)):
            return _span(x * y for x, y in product((a, b), (c, d)))
        case IntSort(int(a), _), IntSort(int(c), _) if a >= 0 and c >= 0:
            return IntSort(a * c, None)
        case _:
            return UNBOUNDED


def _divide(left: IntSort, right: IntSort) -> IntSort:
    """A quotient is monotone in the dividend and, on each side of zero, in the divisor: extremes are at ends."""
    if left.lo is None or left.hi is None:
        return UNBOUNDED
    divisors = [d for part in _parts(right) for d in part if d is not None]
    quotients = [n // d for n, d in product((left.lo, left.hi), divisors)]
    if right.lo is None or right.hi is None:
        quotients += [-1, 0]
    return _span(quotients)


def _modulo(left: IntSort, right: IntSort) -> IntSort:
    results = IntSort(0, 0)
    for low, high in _parts(right):
        results = hull(results, _remainders(left, low, high))
    return results


def _remainders(left: IntSort, low: int | None, high: int | None) -> IntSort:
    """The remainders by divisors of one sign: less than the divisor, and no more than a dividend of that sign."""
    if high is None or high > 0:
        keeps = left.lo is not None and left.lo >= 0 and left.hi is not None
        bounds = [b for b in (None if high is None else high - 1, left.hi if keeps else None) if b is not None]
        return IntSort(0, min(bounds) if bounds else None)
    keeps = left.hi is not None and left.hi <= 0 and left.lo is not None
    bounds = [b for b in (None if low is None else low + 1, left.lo if keeps else None) if b is not None]
    return IntSort(max(bounds) if bounds else None, 0)


def _parts(divisor: IntSort) -> list[tuple[int | None, int | None]]:
    """The negative and the positive part of an interval; an empty part is left out."""
    parts: list[tuple[int | None, int | None]] = []
    if divisor.lo is None or divisor.lo < 0:
        parts.append((divisor.lo, -1 if divisor.hi is None else min(divisor.hi, -1)))
    if divisor.hi is None or divisor.hi > 0:
        parts.append((1 if divisor.lo is None else max(divisor.lo, 1), divisor.hi))
    return parts


def _span(numbers: Iterable[int]) -> IntSort:
    found = list(numbers)
    return IntSort(min(found), max(found)) if found else IntSort(0, 0)
