"""What a variable ranges over."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from kspec.evaluate.errors import ENUMERATION_LIMIT, EnumerationTooLarge
from kspec.evaluate.frame import NEW, OLD, Code, Frame
from kspec.evaluate.layout import Layout
from kspec.evaluate.values import enumerate_values, in_order
from kspec.system.expressions import Local
from kspec.system.sorts import ObjectSort, Sort, cardinality, fits
from kspec.system.system import ALIVE


@dataclass(frozen=True, slots=True)
class DomainCode:
    """`values`: all of them, in order. `contains`: whether one is among them, without enumerating the others."""

    values: Callable[[Frame], Iterable[Any]]
    contains: Callable[[Frame, Any], bool]


def _constant(values: Sequence[Any]) -> DomainCode:
    return DomainCode(lambda frame: values, lambda frame, value: value in values)


def slots(kind: ObjectSort) -> DomainCode:
    return _constant(range(kind.slots))


def existing(layout: Layout, kind: ObjectSort, moment: int) -> DomainCode:
    base = layout.status_base(kind.kind)
    if base is None:
        return slots(kind)
    end = base + kind.slots

    def values(frame: Frame) -> list[int]:
        return [slot for slot, status in enumerate(frame[moment][base:end]) if status == ALIVE]

    return DomainCode(values, lambda frame, slot: frame[moment][base + slot] == ALIVE)


def existing_by_step(layout: Layout, kind: ObjectSort, *, before: bool, after: bool) -> DomainCode:
    """The objects alive or not in the old state, and alive or not in the new one."""
    base = layout.status_base(kind.kind)
    if base is None:
        return slots(kind) if before and after else _constant(())

    def contains(frame: Frame, slot: int) -> bool:
        was, is_now = frame[OLD][base + slot] == ALIVE, frame[NEW][base + slot] == ALIVE
        return was is before and is_now is after

    return DomainCode(lambda frame: [slot for slot in range(kind.slots) if contains(frame, slot)], contains)


def all_values(what: str, sort: Sort) -> DomainCode:
    count = cardinality(sort)
    if count is not None and count <= ENUMERATION_LIMIT:
        return _constant(enumerate_values(what, sort))
    return DomainCode(lambda frame: enumerate_values(what, sort), lambda frame, value: fits(value, sort))


def keys(sort: Sort) -> DomainCode:
    """Every value of a sort, objects included."""
    return DomainCode(lambda frame: enumerate_values("a map's key", sort), lambda frame, value: fits(value, sort))


def members(collection: Code) -> DomainCode:
    """The members of a set or sequence, each once."""
    return DomainCode(
        lambda frame: in_order(frozenset(collection(frame))),
        lambda frame, value: value in collection(frame),
    )


def number_range(local: Local, left: Code, right: Code) -> DomainCode:
    """The numbers from `left` to `right`, without building their set."""

    def values(frame: Frame) -> range:
        lo, hi = left(frame), right(frame)
        return checked_range(local.name, lo, hi)

    def contains(frame: Frame, value: int) -> bool:
        lo, hi = left(frame), right(frame)
        return bool(lo <= value <= hi)

    return DomainCode(values, contains)


def checked_range(what: str, lo: int, hi: int) -> range:
    if hi - lo >= ENUMERATION_LIMIT:
        raise EnumerationTooLarge(what, hi - lo + 1)
    return range(lo, hi + 1)
