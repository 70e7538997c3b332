"""Conditions that are bits, comparisons, arithmetic, options."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from llvmlite import ir

from kspec.explore.machine import sets, values
from kspec.explore.machine.builder import Block, Builder, Operand
from kspec.explore.machine.numbers import interval
from kspec.explore.machine.shapes import is_scalar, universe
from kspec.system.expressions import (
    And,
    Arithmetic,
    Compare,
    Contains,
    Equal,
    Expr,
    FailureKind,
    Fits,
    If,
    Implies,
    IsAlive,
    Let,
    Literal,
    Not,
    Operator,
    Or,
    Order,
    Quantifier,
    Read,
    Require,
    Use,
    Writes,
)
from kspec.system.sorts import BoolSort, OptionSort, SetSort

if TYPE_CHECKING:
    from kspec.explore.machine.expressions import Expressions

_SIMPLE = 12
"""The most nodes of a condition that is evaluated whole, although a part might do."""


# --- conditions ------------------------------------------------------------------------------------------------------


def is_simple(expr: Expr) -> bool:
    """Whether all of a condition may be evaluated, without jumps: it is small, and nothing in it can fail."""
    return isinstance(expr.sort, BoolSort) and _cost(expr) <= _SIMPLE


def _cost(expr: Expr) -> int:
    """How many nodes it has; more than `_SIMPLE` where it is not simple."""
    match expr:
        case Literal() | Use():
            return 1 if is_scalar(expr.sort) else _SIMPLE + 1
        case Read(_, index, _, _, False) if is_scalar(expr.sort):
            return 1 + sum(map(_cost, index))
        case Not(operand):
            return 1 + _cost(operand)
        case And(operands) | Or(operands):
            return 1 + sum(map(_cost, operands))
        case Implies(left, right) | Compare(_, left, right):
            return 1 + _cost(left) + _cost(right)
        case Equal(left, right) if values.compares_at_once(left.sort, right.sort):
            return 1 + _cost(left) + _cost(right)
        case Contains(element, Literal(_, SetSort(of))) if sets.is_small(universe(of)):
            return 2 + _cost(element)
        case IsAlive(subject):
            return 1 + _cost(subject)
        case Arithmetic(Operator.ADD | Operator.SUBTRACT, left, right):
            return 1 + _cost(left) + _cost(right)
        case _:
            return _SIMPLE + 1


def simple(expressions: Expressions, expr: Expr) -> ir.Value:
    """A simple condition as a bit."""
    b = expressions.code.b
    match expr:
        case Not(operand):
            return b.negate(simple(expressions, operand))
        case And(operands):
            bits = [simple(expressions, operand) for operand in operands]
            return b.all_of(bits)
        case Or(operands):
            bits = [simple(expressions, operand) for operand in operands]
            return b.any_of(bits)
        case Implies(left, right):
            return b.any_of([b.negate(simple(expressions, left)), simple(expressions, right)])
        case _:
            return expressions.bit(expr)


def is_bit(expr: Expr) -> bool:
    """Whether a condition is built as a bit, rather than as jumps."""
    match expr:
        case Equal(left, right):
            return values.compares_at_once(left.sort, right.sort)
        case Not() | And() | Or() | Implies() | If() | Let() | Require() | Fits() | Writes() | Quantifier():
            return False
        case _:
            return True


def compared(b: Builder, order: Order, left: Operand, right: Operand) -> ir.Value:
    match order:
        case Order.LESS:
            return b.less(left, right)
        case Order.AT_MOST:
            return b.at_most(left, right)
        case _:
            assert_never(order)


# --- equality --------------------------------------------------------------------------------------------------------


def equal(expressions: Expressions, left: Expr, right: Expr) -> ir.Value:
    """Of values that are compared at once."""
    b = expressions.code.b
    if isinstance(right, Literal) and right.value is None:
        return values.is_none(b, expressions.value(left), left.sort)
    if isinstance(left, Literal) and left.value is None:
        return values.is_none(b, expressions.value(right), right.sort)
    one = expressions.value(left)
    return values.equal_scalars(b, one, left.sort, expressions.value(right), right.sort)


def jump_unless_equal(expressions: Expressions, left: Expr, right: Expr, otherwise: Block) -> None:
    """Of any values."""
    b = expressions.code.b
    if isinstance(right, Literal) and right.value is None:
        b.jump_unless(values.is_none(b, expressions.value(left), left.sort), otherwise)
    elif isinstance(left, Literal) and left.value is None:
        b.jump_unless(values.is_none(b, expressions.value(right), right.sort), otherwise)
    else:
        one = expressions.value(left)
        values.jump_unless_equal(b, one, left.sort, expressions.value(right), right.sort, otherwise)


def unwrapped(expressions: Expressions, operand: Expr) -> Operand:
    """The value of an option that has one."""
    value = expressions.value(operand)
    if is_scalar(operand.sort) or not isinstance(operand.sort, OptionSort):
        return value
    return values.read(expressions.code.b, value, operand.sort.inner, 1)


# --- arithmetic ------------------------------------------------------------------------------------------------------


def arithmetic(expressions: Expressions, expr: Arithmetic) -> Operand:
    """The intervals of operands and result fit in a word, so nothing wraps."""
    b = expressions.code.b
    interval(expr)
    left, right = expressions.value(expr.left), expressions.value(expr.right)
    match expr.operator:
        case Operator.ADD:
            return b.add(left, right)
        case Operator.SUBTRACT:
            return b.subtract(left, right)
        case Operator.MULTIPLY:
            return b.multiply(left, right)
        case Operator.DIVIDE | Operator.MODULO:
            low, high = interval(expr.right)
            if low <= 0 <= high:
                b.jump_when(b.equal(right, 0), expressions.code.failure(FailureKind.RANGES))
            return _divided(expressions, expr, left, right)
        case _:
            assert_never(expr.operator)


def _divided(expressions: Expressions, expr: Arithmetic, left: Operand, right: Operand) -> ir.Value:
    """Rounded down; the machine rounds towards zero."""
    b = expressions.code.b
    is_quotient = expr.operator is Operator.DIVIDE
    if interval(expr.left)[0] >= 0 and interval(expr.right)[0] >= 0:
        return b.divide_unsigned(left, right) if is_quotient else b.modulo_unsigned(left, right)
    quotient, rest = b.divide(left, right), b.modulo(left, right)
    below = b.both(b.differ(rest, 0), b.less(b.bit_xor(rest, right), 0))
    if is_quotient:
        return b.select(below, b.subtract(quotient, 1), quotient)
    return b.select(below, b.add(rest, right), rest)
