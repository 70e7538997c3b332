"""The objects of a system, numbered: kind after kind, slot after slot."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

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
    Value,
)
from kspec.system.system import System

Permutation: TypeAlias = tuple[int, ...]
"""Where each object goes, within its kind."""


class Objects:
    """Every slot of every kind is an object here, whether something is there or not."""

    def __init__(self, system: System) -> None:
        self._bases: dict[str, int] = {}
        self.count = 0
        for kind in system.kinds:
            self._bases[kind.name] = self.count
            self.count += len(kind.slots)
        self.kinds: tuple[int, ...] = tuple(
            number for number, kind in enumerate(system.kinds) for _ in range(len(kind.slots))
        )
        """The kind of each object, as its number."""

    def base(self, kind: str) -> int:
        """The object in the first slot of a kind."""
        return self._bases[kind]

    def of(self, kind: ObjectSort) -> range:
        return range(self._bases[kind.kind], self._bases[kind.kind] + kind.slots)

    def key(self, ordinal: int, sort: Sort) -> int | None:
        """The object that an index or a map's key is, given as its position among the values of the sort."""
        match sort:
            case ObjectSort(kind):
                return self._bases[kind] + ordinal
            case OptionSort(ObjectSort(kind)):
                return self._bases[kind] + ordinal - 1 if ordinal else None
            case _:
                return None

    def within(self, value: Value, sort: Sort) -> Iterator[int]:
        """The objects that a value refers to; objects that are keys of maps are none of them."""
        match sort, value:
            case _, None:
                return
            case ObjectSort(kind), int(slot):
                yield self._bases[kind] + slot
            case OptionSort(inner), _:
                yield from self.within(value, inner)
            case (SetSort(element) | SeqSort(element), (frozenset() | tuple()) as elements):
                for member in elements:
                    yield from self.within(member, element)
            case MapSort(_, entry), tuple(entries):
                for held in entries:
                    yield from self.within(held, entry)
            case (BoolSort() | IntSort() | EnumSort(), _) | _:
                return


def inverse(permutation: Permutation) -> Permutation:
    result = [0] * len(permutation)
    for source, target in enumerate(permutation):
        result[target] = source
    return tuple(result)


def composed(first: Permutation, second: Permutation) -> Permutation:
    """First the one, then the other."""
    return tuple(second[target] for target in first)


def transposition(objects: Objects, one: int, other: int) -> Permutation:
    result = list(range(objects.count))
    result[one], result[other] = other, one
    return tuple(result)
