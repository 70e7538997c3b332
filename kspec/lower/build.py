"""Smart constructors: expressions of the system with constants folded and the sort computed.

None of them changes what an expression means, failures included: an operand is dropped only where it cannot fail.
"""

from __future__ import annotations

from kspec.evaluate.walk import may_fail
from kspec.language.codes import Code
from kspec.lower import intervals
from kspec.lower.problems import BIT_LIMIT, Problem
from kspec.lower.shapes import DifferentKeys, adapt, always_fits, join
from kspec.system.amounts import Unit
from kspec.system.expressions import (
    FALSE,
    TRUE,
    And,
    Arithmetic,
    Compare,
    Equal,
    Expr,
    Fits,
    If,
    Implies,
    Literal,
    Not,
    Operator,
    Or,
    Order,
    Unwrap,
    Use,
)
from kspec.system.sorts import IntSort, OptionSort, Sort, Value, fits, zero
from kspec.system.spans import NOWHERE, Span


def is_atom(expr: Expr) -> bool:
    """Whether an expression may stand in several places at no cost."""
    return isinstance(expr, Use | Literal)


def number(value: int, unit: Unit | None = None) -> Literal:
    return Literal(value, IntSort(value, value, unit))


def literal(value: Value, sort: Sort) -> Literal:
    """A value of a sort; a number's interval is itself."""
    return number(value, sort.unit) if isinstance(sort, IntSort) and isinstance(value, int) else Literal(value, sort)


def none(sort: Sort) -> Literal:
    """`none`, as an option of that sort."""
    return Literal(None, sort if isinstance(sort, OptionSort) else OptionSort(sort))


def interval(expr: Expr) -> IntSort:
    """The interval of a number."""
    assert isinstance(expr.sort, IntSort)
    return expr.sort


# --- logic -----------------------------------------------------------------------------------------------------------


def negate(operand: Expr) -> Expr:
    match operand:
        case Literal(value):
            return FALSE if value else TRUE
        case Not(inner):
            return inner
        case _:
            return Not(operand)


def conjunction(*operands: Expr) -> Expr:
    """All of them, left to right."""
    kept: list[Expr] = []
    for operand in operands:
        parts = operand.operands if isinstance(operand, And) else (operand,)
        for part in parts:
            if part == FALSE and not any(map(may_fail, kept)):
                return FALSE
            if part != TRUE:
                kept.append(part)
    return kept[0] if len(kept) == 1 else And(tuple(kept)) if kept else TRUE


def disjunction(*operands: Expr) -> Expr:
    """One of them, left to right."""
    kept: list[Expr] = []
    for operand in operands:
        parts = operand.operands if isinstance(operand, Or) else (operand,)
        for part in parts:
            if part == TRUE and not any(map(may_fail, kept)):
                return TRUE
            if part != FALSE:
                kept.append(part)
    return kept[0] if len(kept) == 1 else Or(tuple(kept)) if kept else FALSE


def implies(left: Expr, right: Expr) -> Expr:
    if left == TRUE:
        return right
    if left == FALSE or (right == TRUE and not may_fail(left)):
        return TRUE
    return Implies(left, right)


def conditional(condition: Expr, then: Expr, otherwise: Expr, span: Span = NOWHERE) -> Expr:
    """`if condition then … else …`"""
    if condition == TRUE:
        return then
    if condition == FALSE:
        return otherwise
    sort = common_sort(then, otherwise, span)
    then, otherwise = adapt(then, sort), adapt(otherwise, sort)
    if then == otherwise and is_atom(then) and not may_fail(condition):
        return then
    return If(condition, then, otherwise, sort)


# --- comparing -------------------------------------------------------------------------------------------------------


def common_sort(left: Expr, right: Expr, span: Span) -> Sort:
    try:
        return join(left.sort, right.sort)
    except DifferentKeys as error:
        hint = "give both the same range of keys"
        raise Problem(Code.KS602, f"these maps differ in their keys: {error}", span, hint) from None


def equal(left: Expr, right: Expr, span: Span = NOWHERE) -> Expr:
    sort = common_sort(left, right, span)
    left, right = adapt(left, sort), adapt(right, sort)
    match left, right:
        case Literal(a), Literal(b):
            return TRUE if _same(a, b) else FALSE
        case Use(a), Use(b) if a == b:
            return TRUE
        case _ if _never_equal(left, right) or _never_equal(right, left):
            return FALSE
        case _:
            return Equal(left, right)


def _same(left: Value, right: Value) -> bool:
    return (left is None) == (right is None) and left == right


def _never_equal(expr: Expr, other: Expr) -> bool:
    """Whether `other` is `none`, and `expr` certainly is not and cannot fail."""
    is_none = isinstance(other, Literal) and other.value is None
    return is_none and not isinstance(expr.sort, OptionSort) and not may_fail(expr)


def compare(order: Order, left: Expr, right: Expr) -> Expr:
    match order, left, right:
        case Order.LESS, Literal(int(a)), Literal(int(b)):
            return TRUE if a < b else FALSE
        case Order.AT_MOST, Literal(int(a)), Literal(int(b)):
            return TRUE if a <= b else FALSE
        case _:
            return Compare(order, left, right)


# --- numbers ---------------------------------------------------------------------------------------------------------


def arithmetic(operator: Operator, left: Expr, right: Expr, span: Span) -> Expr:
    sort = bounded(intervals.apply(operator, interval(left), interval(right)), span)
    match left, right:
        case Literal(int(a)), Literal(int(b)) if b != 0 or operator not in (Operator.DIVIDE, Operator.MODULO):
            return number(_compute(operator, a, b), sort.unit)
        case _:
            return Arithmetic(operator, left, right, sort, span)


def add(left: Expr, right: Expr) -> Expr:
    return arithmetic(Operator.ADD, left, right, NOWHERE)


def bounded(sort: IntSort, span: Span) -> IntSort:
    """The interval, unless its numbers are too long."""
    if any(bound is not None and bound.bit_length() > BIT_LIMIT for bound in (sort.lo, sort.hi)):
        message = f"this number can have more than {BIT_LIMIT:,} bits"
        raise Problem(Code.KS603, message, span, "use smaller numbers or ranges")
    return sort


def _compute(operator: Operator, left: int, right: int) -> int:
    match operator:
        case Operator.ADD:
            return left + right
        case Operator.SUBTRACT:
            return left - right
        case Operator.MULTIPLY:
            return left * right
        case Operator.DIVIDE:
            return left // right
        case Operator.MODULO:
            return left % right


def within(operand: Expr, stored: Sort) -> Expr:
    """Whether the value lies within the bounds of a stored sort."""
    if always_fits(operand.sort, stored) and not may_fail(operand):
        return TRUE
    if isinstance(operand, Literal):
        return TRUE if fits(operand.value, stored) else FALSE
    return Fits(operand, stored)


# --- options and others ----------------------------------------------------------------------------------------------


def unwrap_anyway(atom: Expr) -> Expr:
    """The value of an option that is not none in any state that is reached. Proofs look at other states too, and there
    it is some value."""
    if not isinstance(atom.sort, OptionSort):
        return atom
    inner = atom.sort.inner
    return conditional(equal(atom, none(atom.sort)), Literal(zero(inner), inner), unwrap(atom))


def unwrap(operand: Expr) -> Expr:
    """The value of an option that is not none here."""
    match operand:
        case Literal(value, OptionSort(inner)) if value is not None:
            return Literal(value, inner)
        case _:
            return Unwrap(operand, operand.sort.inner) if isinstance(operand.sort, OptionSort) else operand
