"""Values of the reference checker, and what may stop an attempt to take a transition.

Numbers and booleans are Python's, an amount is a fraction, an enum member is `Enum.member`, `none` is None, a sequence
is a tuple, a set a frozenset.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias, TypeVar, Union

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, order=True)
class Ref:
    """An object: the slot of its kind. Slots count from 0."""

    kind: str
    slot: int


@dataclass(frozen=True, slots=True)
class Map:
    """Entries in the order of the keys."""

    entries: tuple[tuple[Value, Value], ...]

    def get(self, key: Value) -> Value:
        """Raises KeyError where the map has no such key."""
        return dict(self.entries)[key]

    def replaced(self, key: Value, value: Value) -> Map:
        return Map(tuple((k, value if k == key else v) for k, v in self.entries))

    def without(self, freed: set[Ref]) -> Map:
        return Map(tuple((k, without_keys(v, freed)) for k, v in self.entries if k not in freed))


Number: TypeAlias = int | Fraction
Value: TypeAlias = Union[bool, int, Fraction, str, None, Ref, Map, "frozenset[Value]", "tuple[Value, ...]"]


def member_value(enum: str, member: str) -> str:
    return f"{enum}.{member}"


def without_keys(value: Value, freed: set[Ref]) -> Value:
    """The value with the entries of freed objects taken out of every map in it."""
    match value:
        case Map():
            return value.without(freed)
        case tuple():
            return tuple(without_keys(entry, freed) for entry in value)
        case _:
            return value


def references(value: Value) -> Iterator[Ref]:
    """The objects that a stored value refers to: keys of maps are no references."""
    match value:
        case Ref():
            yield value
        case Map(entries):
            for _, entry in entries:
                yield from references(entry)
        case tuple() | frozenset():
            for member in value:
                yield from references(member)
        case _:
            pass


class Failed(Exception):
    """The attempt violates an implicit property: Ranges, LiveReferences or Asserts."""

    def __init__(self, implicit: str) -> None:
        super().__init__(implicit)
        self.implicit = implicit


def require(condition: bool) -> None:
    if not condition:
        raise Failed("Asserts")


def for_all_of(items: Iterable[Item], do: Callable[[Item], Result]) -> list[Result]:
    """What comes of each item. All are done; where some fail, the least failure counts, whichever item came first."""
    found: list[Result] = []
    failures: list[str] = []
    for item in items:
        try:
            found.append(do(item))
        except Failed as failed:
            failures.append(failed.implicit)
    if failures:
        raise Failed(min(failures, key=("Ranges", "LiveReferences", "Asserts").index))
    return found


class Disabled(Exception):
    """A `when` that is false, or a choice without an option."""


class Blocked(Exception):
    """A create found no room."""


class Ended(Exception):
    """A request was refused. The body ends here, unless a handler behind the request is for the result; `final`: no
    handler is asked."""

    def __init__(self, result: str, *, final: bool = False) -> None:
        super().__init__(result)
        self.result = result
        self.final = final


class Returned(Exception):
    """The body ends here."""
