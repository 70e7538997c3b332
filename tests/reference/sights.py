"""What an instance of a component sees of a kind: a copy of the objects, and the changes on their way to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from tests.reference.values import Ref, Value, without_keys

Contents: TypeAlias = tuple[tuple[str, Value], ...]
"""Fields and their values."""


@dataclass(frozen=True, slots=True)
class Change:
    """An event: the object, what it was before and what it is after; None where it is not there."""

    ref: Ref
    before: Contents | None
    after: Contents | None
    own: bool = False

    def references(self) -> Iterator[Value]:
        yield self.ref
        yield from (value for _, value in (*(self.before or ()), *(self.after or ())))


@dataclass(frozen=True, slots=True)
class Sight:
    """`seen`: the objects that are there for the component, as it sees them. `pending`: changes that it is still to
    see, the oldest first. `missed`: objects with a change that is on its way no more. `owed`: those of them whose
    change the component made itself."""

    seen: frozenset[tuple[Ref, Contents]] = frozenset()
    pending: tuple[Change, ...] = ()
    missed: frozenset[Ref] = frozenset()
    owed: frozenset[Ref] = frozenset()

    @property
    def objects(self) -> dict[Ref, Contents]:
        return dict(self.seen)

    def is_behind(self, ref: Ref) -> bool:
        return ref in self.missed or any(change.ref == ref for change in self.pending)

    @property
    def waits(self) -> bool:
        """Whether it has not seen a change of its own."""
        return bool(self.owed) or any(change.own for change in self.pending)

    def with_seen(self, ref: Ref, contents: Contents | None) -> Sight:
        """The last version of an object arrives."""
        others = frozenset(item for item in self.seen if item[0] != ref)
        now = others if contents is None else others | {(ref, contents)}
        return replace(self, seen=now, missed=self.missed - {ref}, owed=self.owed - {ref})

    def delivered(self) -> Sight:
        first, *rest = self.pending
        return replace(self, pending=tuple(rest)).with_seen(first.ref, first.after)

    def lost(self) -> Sight:
        first, *rest = self.pending
        owed = self.owed | {first.ref} if first.own else self.owed
        return replace(self, pending=tuple(rest), missed=self.missed | {first.ref}, owed=owed)

    def told(self, changes: list[Change], lag: int) -> Sight:
        """After the changes of a step: never more than `lag` on their way, unless there were before."""
        most = max(lag, len(self.pending))
        sight = replace(self, pending=(*self.pending, *changes))
        while len(sight.pending) > most:
            sight = sight.delivered()
        return sight

    def not_told(self, changes: list[Change]) -> Sight:
        """After changes that nothing brings here by itself. What is behind already is no more so by another one."""
        missed = {change.ref for change in changes if not self.is_behind(change.ref)}
        owed = {change.ref for change in changes if change.own}
        return replace(self, missed=self.missed | missed, owed=self.owed | owed)

    def references(self) -> Iterator[Value]:
        yield from self.missed
        for ref, contents in self.seen:
            if self.is_behind(ref):
                yield from (value for _, value in contents)
        for change in self.pending:
            yield change.ref
            if change.after is not None and not self._is_last(change):
                yield from (value for _, value in change.after)

    def _is_last(self, change: Change) -> bool:
        """Whether the store has the object as the change left it."""
        later = self.pending[self.pending.index(change) + 1 :]
        return all(other.ref != change.ref for other in later)

    def without(self, freed: set[Ref]) -> Sight:
        """Maps have no entries of objects whose slots are free again."""
        seen = frozenset((ref, _without(contents, freed)) for ref, contents in self.seen)
        return replace(self, seen=seen)


def _without(contents: Contents, freed: set[Ref]) -> Contents:
    return tuple((name, without_keys(value, freed)) for name, value in contents)
