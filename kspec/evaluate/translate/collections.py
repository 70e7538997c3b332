"""Sets, maps and sequences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, assert_never

from kspec.evaluate.errors import EvaluationError
from kspec.evaluate.frame import Code, Frame
from kspec.evaluate.run import Failure
from kspec.evaluate.translate.bindings import for_every
from kspec.evaluate.translate.domains import DomainCode, checked_range
from kspec.evaluate.values import ordinal
from kspec.system.expressions import FailureKind, SetOperator
from kspec.system.sorts import Sort, Value
from kspec.system.spans import Span


def set_literal(elements: tuple[Code, ...]) -> Code:
    return lambda frame: frozenset([element(frame) for element in elements])


def number_range(left: Code, right: Code) -> Code:
    def run(frame: Frame) -> frozenset[int]:
        lo, hi = left(frame), right(frame)
        return frozenset(checked_range("a set of numbers", lo, hi))

    return run


def in_number_range(element: Code, left: Code, right: Code) -> Code:
    def run(frame: Frame) -> bool:
        value, lo, hi = element(frame), left(frame), right(frame)
        return value is not None and bool(lo <= value <= hi)

    return run


def comprehension(position: int, domain: DomainCode, where: Code) -> Code:
    candidates = for_every(position, domain, lambda frame: (frame[position], where(frame)))
    return lambda frame: frozenset(value for value, belongs in candidates(frame) if belongs)


def set_operation(operator: SetOperator, left: Code, right: Code) -> Code:
    match operator:
        case SetOperator.UNION:
            return lambda frame: left(frame) | right(frame)
        case SetOperator.MINUS:
            return lambda frame: left(frame) - right(frame)
        case SetOperator.INTERSECT:
            return lambda frame: left(frame) & right(frame)
        case _:
            assert_never(operator)


def contains(element: Code, collection: Code) -> Code:
    def run(frame: Frame) -> bool:
        value = element(frame)
        return value in collection(frame)

    return run


def subset(left: Code, right: Code) -> Code:
    return lambda frame: left(frame) <= right(frame)


def size(collection: Code) -> Code:
    return lambda frame: len(collection(frame))


def map_build(position: int, keys: DomainCode, exists: Callable[[Frame, Any], bool], body: Code, empty: Value) -> Code:
    """`exists`: whether a key is no object, or one that exists. The entries of other keys are `empty`."""
    entries = for_every(position, keys, lambda frame: body(frame) if exists(frame, frame[position]) else empty)
    return lambda frame: tuple(entries(frame))


def map_read(map_: Code, key: Code, keys: Sort, span: Span) -> Code:
    locate = _entry(keys, span)

    def run(frame: Frame) -> Any:
        entries = map_(frame)
        return entries[locate(key(frame))]

    return run


def map_with(map_: Code, key: Code, value: Code, keys: Sort, span: Span) -> Code:
    locate = _entry(keys, span)

    def run(frame: Frame) -> tuple[Any, ...]:
        entries = map_(frame)
        number = locate(key(frame))
        return (*entries[:number], value(frame), *entries[number + 1 :])

    return run


def _entry(keys: Sort, span: Span) -> Callable[[Value], int]:
    """The number of a key's entry."""
    failure = Failure(FailureKind.RANGES, "a map has no such key", span)

    def locate(key: Value) -> int:
        number = ordinal(key, keys)
        if number is None:
            raise EvaluationError(failure)
        return number

    return locate


def seq_literal(elements: tuple[Code, ...]) -> Code:
    return lambda frame: tuple([element(frame) for element in elements])


def first(sequence: Code, span: Span) -> Code:
    failure = Failure(FailureKind.RANGES, "an empty sequence has no first entry", span)

    def run(frame: Frame) -> Any:
        entries = sequence(frame)
        if not entries:
            raise EvaluationError(failure)
        return entries[0]

    return run


def push(sequence: Code, element: Code) -> Code:
    return lambda frame: (*sequence(frame), element(frame))


def pop(sequence: Code, span: Span) -> Code:
    failure = Failure(FailureKind.RANGES, "an empty sequence has no entry to take", span)

    def run(frame: Frame) -> Any:
        entries = sequence(frame)
        if not entries:
            raise EvaluationError(failure)
        return entries[1:]

    return run
