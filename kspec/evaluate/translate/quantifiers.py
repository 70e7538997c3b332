"""Quantifiers and aggregates: nested loops over bindings, outermost first.

Where nothing can fail for any binding, `forall` and `exists` stop at the first one that decides: that cannot be seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias, assert_never

from kspec.evaluate.frame import Code, Frame
from kspec.evaluate.translate.bindings import for_every
from kspec.evaluate.translate.domains import DomainCode
from kspec.system.expressions import Aggregation, Quantified

Loop: TypeAlias = tuple[int, DomainCode]
"""The position of a bound local, and what it ranges over."""

_Build: TypeAlias = Callable[[int, DomainCode, Code], Code]
"""Makes a loop over one local from the code of what is inside."""


def quantifier(quantified: Quantified, loops: Sequence[Loop], where: Code | None, body: Code, *, fails: bool) -> Code:
    """`where` is None where every binding counts; `fails`: whether something may fail for a binding."""
    match quantified:
        case Quantified.FORALL:
            return _nest(_every(all) if fails else _all, loops, body if where is None else _implied(where, body))
        case Quantified.EXISTS:
            return _nest(_every(any) if fails else _any, loops, body if where is None else _both(where, body))
        case Quantified.EXACTLY_ONE:
            witnesses = _nest(_every(sum), loops, body if where is None else _both(where, body))
            return lambda frame: witnesses(frame) == 1
        case _:
            assert_never(quantified)


def aggregate(aggregation: Aggregation, loops: Sequence[Loop], where: Code | None, body: Code) -> Code:
    match aggregation:
        case Aggregation.COUNT | Aggregation.SUM:
            return _nest(_every(sum), loops, body if where is None else _else(where, body, 0))
        case Aggregation.MIN:
            return _nest(_every(_best(min)), loops, body if where is None else _else(where, body, None))
        case Aggregation.MAX:
            return _nest(_every(_best(max)), loops, body if where is None else _else(where, body, None))
        case _:
            assert_never(aggregation)


def _implied(where: Code, body: Code) -> Code:
    return lambda frame: body(frame) if where(frame) else True


def _both(where: Code, body: Code) -> Code:
    return lambda frame: where(frame) and body(frame)


def _else(where: Code, body: Code, otherwise: int | None) -> Code:
    return lambda frame: body(frame) if where(frame) else otherwise


def _nest(build: _Build, loops: Sequence[Loop], innermost: Code) -> Code:
    code = innermost
    for position, domain in reversed(loops):
        code = build(position, domain, code)
    return code


def _every(joined: Callable[[list[Any]], Any]) -> _Build:
    """All values of the inner code, joined to one."""

    def build(position: int, domain: DomainCode, inner: Code) -> Code:
        found = for_every(position, domain, inner)
        return lambda frame: joined(found(frame))

    return build


def _best(choose: Callable[[Iterable[int]], int]) -> Callable[[list[int | None]], int | None]:
    """The least or greatest of the values that are not none."""

    def joined(found: list[int | None]) -> int | None:
        numbers = [value for value in found if value is not None]
        return choose(numbers) if numbers else None

    return joined


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
