"""Connectives, comparisons, arithmetic and `let`."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeAlias, assert_never

from kspec.evaluate.errors import EvaluationError, NoneUnwrapped
from kspec.evaluate.frame import Code, Frame
from kspec.evaluate.run import Failure, Item
from kspec.system.expressions import FailureKind, Operator, Order
from kspec.system.sorts import IntSort, Sort, fits
from kspec.system.spans import Span


def literal(value: Any) -> Code:
    return lambda frame: value


def local(position: int) -> Code:
    return operator.itemgetter(position)


def negation(operand: Code) -> Code:
    return lambda frame: not operand(frame)


def conjunction(operands: tuple[Code, ...]) -> Code:
    if len(operands) == 2:
        left, right = operands
        return lambda frame: left(frame) and right(frame)

    def run(frame: Frame) -> bool:
        for operand in operands:  # noqa: SIM110 - a generator would take twice as long
            if not operand(frame):
                return False
        return True

    return run


def disjunction(operands: tuple[Code, ...]) -> Code:
    if len(operands) == 2:
        left, right = operands
        return lambda frame: left(frame) or right(frame)

    def run(frame: Frame) -> bool:
        for operand in operands:  # noqa: SIM110 - a generator would take twice as long
            if operand(frame):
                return True
        return False

    return run


def implication(left: Code, right: Code) -> Code:
    return lambda frame: right(frame) if left(frame) else True


def equality(left: Code, right: Code) -> Code:
    return lambda frame: left(frame) == right(frame)


def equality_with(left: Code, value: Any) -> Code:
    return lambda frame: left(frame) == value


def comparison(order: Order, left: Code, right: Code) -> Code:
    match order:
        case Order.LESS:
            return lambda frame: left(frame) < right(frame)
        case Order.AT_MOST:
            return lambda frame: left(frame) <= right(frame)
        case _:
            assert_never(order)


def arithmetic(operation: Operator, left: Code, right: Code, span: Span) -> Code:
    match operation:
        case Operator.ADD:
            return lambda frame: left(frame) + right(frame)
        case Operator.SUBTRACT:
            return lambda frame: left(frame) - right(frame)
        case Operator.MULTIPLY:
            return lambda frame: left(frame) * right(frame)
        case Operator.DIVIDE:
            return _division(operator.floordiv, left, right, span)
        case Operator.MODULO:
            return _division(operator.mod, left, right, span)
        case _:
            assert_never(operation)


def _division(divide: Callable[[int, int], int], left: Code, right: Code, span: Span) -> Code:
    failure = Failure(FailureKind.RANGES, "division by zero", span)

    def run(frame: Frame) -> int:
        dividend, divisor = left(frame), right(frame)
        if divisor == 0:
            raise EvaluationError(failure)
        return divide(dividend, divisor)

    return run


def conditional(condition: Code, then: Code, otherwise: Code) -> Code:
    return lambda frame: then(frame) if condition(frame) else otherwise(frame)


def let(position: int, value: Code, body: Code) -> Code:
    def run(frame: Frame) -> Any:
        frame[position] = value(frame)
        return body(frame)

    return run


def fitting(operand: Code, stored: Sort) -> Code:
    match stored:
        case IntSort(int(lo), int(hi)):
            return lambda frame: lo <= operand(frame) <= hi
        case _:
            return lambda frame: fits(operand(frame), stored)


def unwrapping(operand: Code) -> Code:
    def run(frame: Frame) -> Any:
        value = operand(frame)
        if value is None:
            raise NoneUnwrapped
        return value

    return run


Owner: TypeAlias = tuple[str, Code]
"""The object that is read: its kind, and the code of its slot."""


def requirement(condition: Code, body: Code, failure: Failure, owner: Owner | None = None) -> Code:
    def run(frame: Frame) -> Any:
        if not condition(frame):
            raise EvaluationError(_about(failure, owner, frame))
        return body(frame)

    return run


def _about(failure: Failure, owner: Owner | None, frame: Frame) -> Failure:
    if owner is None:
        return failure
    kind, slot = owner
    return replace(failure, item=Item(kind, slot(frame)))
