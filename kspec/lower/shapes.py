"""Sorts of expressions: what two have in common, what fits into what, how messages name them."""

from __future__ import annotations

from dataclasses import replace

from kspec.lower.intervals import hull
from kspec.system.expressions import Expr, If, Let, Literal, MapBuild, MapWith, Require, SeqLiteral, SetLiteral
from kspec.system.sorts import (
    BoolSort,
    EnumSort,
    IntSort,
    MapSort,
    ObjectSort,
    OptionSort,
    SeqSort,
    SetSort,
    Sort,
    contains,
)

NOTHING = ObjectSort("", 0)
"""The sort of what `none` and empty collections hold: it has no values, and joins with every other."""


class DifferentKeys(Exception):
    """Two maps of one type whose keys are different ranges of numbers."""

    def __init__(self, left: Sort, right: Sort) -> None:
        super().__init__(f"one map has the keys {describe(left)}, the other {describe(right)}")


def join(left: Sort, right: Sort) -> Sort:
    """The sort of what may be a value of either. Raises DifferentKeys."""
    if left == right or right == NOTHING:
        return left
    if left == NOTHING:
        return right
    match left, right:
        case (OptionSort(a), OptionSort(b)) | (OptionSort(a), b) | (a, OptionSort(b)):
            return OptionSort(join(a, b))
        case IntSort(), IntSort():
            return hull(left, right)
        case SetSort(a), SetSort(b):
            return SetSort(join(a, b))
        case MapSort(k, a), MapSort(other, b):
            if k != other:
                raise DifferentKeys(k, other)
            return MapSort(k, join(a, b))
        case SeqSort(a, m), SeqSort(b, n):
            return SeqSort(join(a, b), max(m, n))
        case _:
            raise AssertionError(f"no common sort of {left} and {right}")


def adapt(expr: Expr, sort: Sort) -> Expr:
    """The expression, with its literals, set and map builders given a wider sort that has all its values."""
    if expr.sort == sort:
        return expr
    match expr, sort:
        case Literal(value), _:
            return Literal(value, inner(sort) if value is not None and isinstance(sort, OptionSort) else sort)
        case If(), _:
            return If(expr.condition, adapt(expr.then, sort), adapt(expr.otherwise, sort), sort)
        case Let() | Require(), _:
            return replace(expr, body=adapt(expr.body, sort))
        case SetLiteral(), SetSort():
            return SetLiteral(tuple(adapt(element, sort.element) for element in expr.elements), sort)
        case SeqLiteral(), SeqSort():
            own = SeqSort(sort.element, len(expr.elements))
            return SeqLiteral(tuple(adapt(element, sort.element) for element in expr.elements), own)
        case MapBuild(), MapSort():
            return replace(expr, body=adapt(expr.body, sort.value), sort=sort)
        case MapWith(), MapSort():
            return replace(expr, map=adapt(expr.map, sort), value=adapt(expr.value, sort.value), sort=sort)
        case _, OptionSort(element) if not isinstance(expr.sort, OptionSort):
            return adapt(expr, element)
        case _:
            return expr


def inner(sort: Sort) -> Sort:
    """The sort of an option that is not none; any other sort is its own."""
    return sort.inner if isinstance(sort, OptionSort) else sort


def always_fits(sort: Sort, stored: Sort) -> bool:
    """Whether every value of a sort is one of the stored sort."""
    if sort in (stored, NOTHING):
        return True
    match sort, stored:
        case (OptionSort(a), OptionSort(b)) | (a, OptionSort(b)):
            return always_fits(a, b)
        case IntSort(), IntSort():
            return contains(stored, sort)
        case (SetSort(a), SetSort(b)) | (MapSort(_, a), MapSort(_, b)):
            return always_fits(a, b)
        case SeqSort(a, m), SeqSort(b, n):
            return m <= n and always_fits(a, b)
        case _:
            return type(sort) is type(stored) and not isinstance(sort, IntSort | SeqSort | SetSort | MapSort)


def describe(sort: Sort) -> str:
    """The sort as the language writes the type."""
    match sort:
        case BoolSort():
            return "bool"
        case IntSort(lo, hi, unit) if unit is not None and lo is not None and hi is not None:
            return unit.bounds if (lo, hi) == (0, unit.steps) else f"{unit.spell(lo)}..{unit.spell(hi)}"
        case IntSort(lo, hi):
            return "int" if lo is None or hi is None else f"{lo}..{hi}"
        case EnumSort(name, _) | ObjectSort(name, _):
            return name
        case OptionSort(element):
            return f"{describe(element)}?"
        case SetSort(element):
            return f"set {describe(element)}"
        case MapSort(key, value):
            return f"{describe(key)} -> {describe(value)}"
        case SeqSort(element, capacity):
            return f"seq {describe(element)} at most {capacity}"
