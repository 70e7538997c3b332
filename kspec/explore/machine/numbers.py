"""Between which numbers the value of an expression lies."""

from __future__ import annotations

from kspec.explore.machine.program import NotCompilable
from kspec.explore.machine.shapes import bounds
from kspec.system.expressions import Aggregate, Aggregation, Arithmetic, Expr, If, Literal, Operator
from kspec.system.sorts import IntSort

MOST_COUNTED = 1 << 40
"""No count of bindings gets there: enumerating them would take days."""


def interval(expr: Expr) -> tuple[int, int]:
    """An interval of numbers of 62 bits. Raises NotCompilable where there is none."""
    sort = expr.sort
    if not isinstance(sort, IntSort):
        raise TypeError(f"not a number: {expr}")
    if sort.lo is not None and sort.hi is not None:
        return bounds(sort)
    match expr:
        case Literal(int(number)):
            return bounds(IntSort(number, number))
        case Arithmetic(operator, left, right):
            return bounds(_of_operation(operator, interval(left), interval(right)))
        case If(_, then, otherwise):
            (low, high), (other_low, other_high) = interval(then), interval(otherwise)
            return min(low, other_low), max(high, other_high)
        case Aggregate(Aggregation.COUNT):
            return 0, MOST_COUNTED
        case Aggregate(Aggregation.SUM, _, _, body):
            low, high = interval(body)
            return bounds(IntSort(min(0, low) * MOST_COUNTED, max(0, high) * MOST_COUNTED))
        case _:
            raise NotCompilable("a number without bounds")


def _of_operation(operator: Operator, left: tuple[int, int], right: tuple[int, int]) -> IntSort:
    match operator:
        case Operator.ADD:
            return IntSort(left[0] + right[0], left[1] + right[1])
        case Operator.SUBTRACT:
            return IntSort(left[0] - right[1], left[1] - right[0])
        case Operator.MULTIPLY:
            products = [one * other for one in left for other in right]
            return IntSort(min(products), max(products))
        case Operator.DIVIDE:
            most = max(map(abs, left))
            return IntSort(-most - 1, most)
        case Operator.MODULO:
            return IntSort(min(0, right[0]), max(0, right[1]))
