"""Numbers, enum members and slots as terms: bit-vectors that cannot overflow, or integers where bounds are missing."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import TypeAlias, assert_never

from kspec.symbolic import solver
from kspec.symbolic.solver import Bit, BoolTerm, Number, NumberTerm
from kspec.system.expressions import Operator, Order
from kspec.system.sorts import IntSort
from kspec.system.system import System

Operands: TypeAlias = tuple[NumberTerm, NumberTerm]

WIDEST_WORD = 64
"""Bits. A system with a wider interval is encoded with integers."""


class Numbers(ABC):
    """How numbers become terms. What is known is computed here; only the rest becomes a term."""

    finite: bool
    """Whether every term is a bit-vector."""

    @abstractmethod
    def variable(self, name: str, sort: IntSort) -> NumberTerm:
        """A variable that can hold every value of the sort, and maybe more: see `within`."""

    @abstractmethod
    def stored(self, number: Number, sort: IntSort) -> Number:
        """The number as a variable of the sort holds it; another one where the variable cannot hold it."""

    @abstractmethod
    def _aligned(self, left: Number, right: Number) -> Operands:
        """Both as terms of one width, wide enough for both."""

    @abstractmethod
    def _operands(self, operator: Operator, left: Number, right: Number, sort: IntSort) -> Operands:
        """Both as terms of a width at which the operation is exact."""

    @abstractmethod
    def _modulo(self, left: NumberTerm, right: NumberTerm) -> NumberTerm:
        """The remainder with the sign of the divisor; anything where the divisor is 0."""

    def equal(self, left: Number, right: Number) -> Bit:
        if isinstance(left, int) and isinstance(right, int):
            return left == right
        return solver.same_number(*self._aligned(left, right))

    def compare(self, order: Order, left: Number, right: Number) -> Bit:
        if isinstance(left, int) and isinstance(right, int):
            return left < right if order is Order.LESS else left <= right
        return (solver.less if order is Order.LESS else solver.at_most)(*self._aligned(left, right))

    def choose(self, condition: Bit, then: Number, otherwise: Number) -> Number:
        if isinstance(condition, bool):
            return then if condition else otherwise
        if isinstance(then, int) and isinstance(otherwise, int) and then == otherwise:
            return then
        return solver.choose_number(condition, *self._aligned(then, otherwise))

    def within(self, number: Number, sort: IntSort) -> Bit:
        """Whether the number lies in the interval."""
        above = True if sort.lo is None else self.compare(Order.AT_MOST, sort.lo, number)
        below = True if sort.hi is None else self.compare(Order.AT_MOST, number, sort.hi)
        return solver.both(above, below)

    def arithmetic(self, operator: Operator, left: Number, right: Number, sort: IntSort) -> Number:
        """The result lies in `sort`. Division by zero gives anything."""
        if isinstance(left, int) and isinstance(right, int):
            return _known(operator, left, right)
        return self.stored(self._computed(operator, *self._operands(operator, left, right, sort)), sort)

    def _computed(self, operator: Operator, left: NumberTerm, right: NumberTerm) -> NumberTerm:
        match operator:
            case Operator.ADD:
                return solver.plus(left, right)
            case Operator.SUBTRACT:
                return solver.minus(left, right)
            case Operator.MULTIPLY:
                return solver.times(left, right)
            case Operator.DIVIDE:
                # What is left without the remainder divides exactly, so that rounding does not matter.
                return solver.quotient(solver.minus(left, self._modulo(left, right)), right)
            case Operator.MODULO:
                return self._modulo(left, right)
            case _:
                assert_never(operator)

    def add(self, left: Number, right: Number, sort: IntSort) -> Number:
        return self.arithmetic(Operator.ADD, left, right, sort)

    def count(self, bits: list[Bit]) -> Number:
        """How many are true: a balanced tree of additions, each just wide enough."""
        known = sum(bit is True for bit in bits)
        level = [(self.choose(bit, 1, 0), 1) for bit in bits if isinstance(bit, BoolTerm)]
        if known or not level:
            level.append((known, known))
        while len(level) > 1:
            pairs = zip(level[::2], level[1::2], strict=False)
            odd = level[-1:] if len(level) % 2 else []
            level = [(self.add(left, right, IntSort(0, m + n)), m + n) for (left, m), (right, n) in pairs] + odd
        return level[0][0]


class WordNumbers(Numbers):
    """Signed bit-vectors, each as wide as the interval of its expression needs: nothing can overflow."""

    finite = True

    def variable(self, name: str, sort: IntSort) -> NumberTerm:
        return solver.number_variable(name, interval_width(sort))

    def stored(self, number: Number, sort: IntSort) -> Number:
        return number if isinstance(number, int) else solver.resized(number, interval_width(sort))

    def _aligned(self, left: Number, right: Number) -> Operands:
        width = max(_width(left), _width(right))
        return _word(left, width), _word(right, width)

    def _operands(self, operator: Operator, left: Number, right: Number, sort: IntSort) -> Operands:
        if operator in (Operator.DIVIDE, Operator.MODULO):
            # One bit more: the least number divided by -1, and the dividend without its remainder.
            width = max(_width(left), _width(right)) + 1
        else:
            # The result fits, so computing modulo 2^width is exact, even on operands cut to that width.
            width = interval_width(sort)
        return _word(left, width), _word(right, width)

    def _modulo(self, left: NumberTerm, right: NumberTerm) -> NumberTerm:
        return solver.word_modulo(left, right)


class IntegerNumbers(Numbers):
    """Mathematical integers: for systems with a number that has no bounds, or with very wide ones."""

    finite = False

    def variable(self, name: str, sort: IntSort) -> NumberTerm:
        return solver.number_variable(name, 0)

    def stored(self, number: Number, sort: IntSort) -> Number:
        return number

    def _aligned(self, left: Number, right: Number) -> Operands:
        return _integer(left), _integer(right)

    def _operands(self, operator: Operator, left: Number, right: Number, sort: IntSort) -> Operands:
        return _integer(left), _integer(right)

    def _modulo(self, left: NumberTerm, right: NumberTerm) -> NumberTerm:
        # SMT-LIB's remainder is never negative; for a negative divisor the one wanted is 0 or that much less.
        remainder = solver.integer_modulo(left, right)
        zero = _integer(0)
        shifted = solver.both(solver.less(right, zero), solver.negate(solver.same_number(remainder, zero)))
        moved = solver.plus(remainder, right)
        return solver.choose_number(shifted, moved, remainder) if isinstance(shifted, BoolTerm) else remainder


def numbers_for(system: System) -> Numbers:
    """Words where every interval of the system is bounded and not too wide, else integers."""
    narrow = all(
        sort.lo is not None and sort.hi is not None and interval_width(sort) <= WIDEST_WORD
        for sort in _int_sorts(system, set())
    )
    return WordNumbers() if narrow else IntegerNumbers()


def interval_width(sort: IntSort) -> int:
    """The bits of a signed word that holds every number of the interval."""
    assert sort.lo is not None
    assert sort.hi is not None
    return max(_bits(sort.lo), _bits(sort.hi))


def _bits(value: int) -> int:
    return (value if value >= 0 else ~value).bit_length() + 1


def _width(number: Number) -> int:
    return _bits(number) if isinstance(number, int) else number.width


def _word(number: Number, width: int) -> NumberTerm:
    return solver.number_literal(number, width) if isinstance(number, int) else solver.resized(number, width)


def _integer(number: Number) -> NumberTerm:
    return solver.number_literal(number, 0) if isinstance(number, int) else number


def _known(operator: Operator, left: int, right: int) -> int:
    match operator:
        case Operator.ADD:
            return left + right
        case Operator.SUBTRACT:
            return left - right
        case Operator.MULTIPLY:
            return left * right
        case Operator.DIVIDE:
            return left // right if right else 0
        case Operator.MODULO:
            return left % right if right else 0
        case _:
            assert_never(operator)


def _int_sorts(part: object, seen: set[int]) -> Iterator[IntSort]:
    """Every interval that occurs anywhere in a part of the system."""
    if id(part) in seen:
        return
    if isinstance(part, IntSort):
        yield part
    elif isinstance(part, dict):
        yield from _int_sorts(tuple(part.values()), seen)
    elif isinstance(part, tuple):
        for member in part:
            yield from _int_sorts(member, seen)
    elif is_dataclass(part):
        seen.add(id(part))
        for entry in fields(part):
            yield from _int_sorts(getattr(part, entry.name), seen)
