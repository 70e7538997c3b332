"""Quantifiers and aggregates: nested loops over bindings, outermost first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, assert_never

from kspec.evaluate.frame import Code, Frame
from kspec.evaluate.translate.domains import DomainCode
from kspec.system.expressions import Aggregation, Quantified

Loop = tuple[int, DomainCode]
"""The position of a bound local, and what it ranges over."""


def quantifier(quantified: Quantified, loops: Sequence[Loop], where: Code | None, body: Code) -> Code:
    """`where` is None where every binding counts."""
    match quantified:
        case Quantified.FORALL:
            return _nest(_all, loops, body if where is None else _implied(where, body))
        case Quantified.EXISTS:
            return _nest(_any, loops, body if where is None else _both(where, body))
        case Quantified.EXACTLY_ONE:
            witnesses = _nest(_sum, loops, body if where is None else _both(where, body))
            return lambda frame: witnesses(frame) == 1
        case _:
            assert_never(quantified)


def aggregate(aggregation: Aggregation, loops: Sequence[Loop], where: Code | None, body: Code) -> Code:
    match aggregation:
        case Aggregation.COUNT | Aggregation.SUM:
            return _nest(_sum, loops, body if where is None else _else(where, body, 0))
        case Aggregation.MIN:
            return _nest(_best(min), loops, body if where is None else _else(where, body, None))
        case Aggregation.MAX:
            return _nest(_best(max), loops, body if where is None else _else(where, body, None))
        case _:
            assert_never(aggregation)


def _implied(where: Code, body: Code) -> Code:
    return lambda frame: body(frame) if where(frame) else True


def _both(where: Code, body: Code) -> Code:
    return lambda frame: where(frame) and body(frame)


def _else(where: Code, body: Code, otherwise: int | None) -> Code:
    return lambda frame: body(frame) if where(frame) else otherwise


def _nest(loop: Callable[[int, DomainCode, Code], Code], loops: Sequence[Loop], innermost: Code) -> Code:
    code = innermost
    for position, domain in reversed(loops):
        code = loop(position, domain, code)
    return code


def _all(position: int, domain: DomainCode, inner: Code) -> Code:
    values = domain.values

    def run(frame: Frame) -> bool:
        for value in values(frame):
            frame[position] = value
            if not inner(frame):
                return False
        return True

    return run


def _any(position: int, domain: DomainCode, inner: Code) -> Code:
    values = domain.values

    def run(frame: Frame) -> bool:
        for value in values(frame):
            frame[position] = value
            if inner(frame):
                return True
        return False

    return run


def _sum(position: int, domain: DomainCode, inner: Code) -> Code:
    values = domain.values

    def run(frame: Frame) -> int:
        total = 0
        for value in values(frame):
            frame[position] = value
            total += inner(frame)
        return total

    return run


def _best(choose: Callable[[int, int], int]) -> Callable[[int, DomainCode, Code], Code]:
    """The least or greatest value of the inner loop that is not none."""

    def loop(position: int, domain: DomainCode, inner: Code) -> Code:
        values = domain.values

        def run(frame: Frame) -> Any:
            best = None
            for value in values(frame):
                frame[position] = value
                found = inner(frame)
                if found is not None:
                    best = found if best is None else choose(best, found)
            return best

        return run

    return loop
