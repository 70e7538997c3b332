"""Which objects can be exchanged, and what tells the others apart, for a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from kspec.explore.result import Symmetry
from kspec.explore.symmetry.group import Group
from kspec.explore.symmetry.named import named_objects
from kspec.explore.symmetry.objects import Objects
from kspec.system.system import System

MOST_TOLD = 10**15
"""Of more permutations, no number: it says nothing to a person, and programs may not hold it."""


class Standing(Enum):
    """What the symmetries of a system do with an object."""

    FREE = "can be exchanged"
    LINKED = "can be exchanged, together with what constants link them to"
    ALONE = "the only one"
    NAMED = "named by an action or property"
    TOLD_APART = "told apart by constants, initial choices, names or their place in the room"


@dataclass(frozen=True, slots=True)
class Company:
    """Objects of one kind and standing: those that can be exchanged with each other, or cannot for one reason."""

    kind: str
    objects: tuple[str, ...]
    standing: Standing


def symmetry_of(system: System, group: Group) -> Symmetry:
    """The kinds with an object that goes somewhere else, and how many permutations there are."""
    sizes = Counter(group.colours)
    kinds = [kind for kind in system.kinds for _ in kind.slots]
    moving = (kind.name for kind, colour in zip(kinds, group.colours, strict=True) if sizes[colour] > 1)
    return Symmetry(tuple(dict.fromkeys(moving)), group.order if group.order <= MOST_TOLD else None)


def companies(system: System, group: Group) -> Iterator[Company]:
    """Every object of the system, kind after kind."""
    objects = Objects(system)
    named = named_objects(system, objects)
    free = {item for cell in group.cells for item in cell}
    names = [name for kind in system.kinds for name in kind.slots]
    sizes = Counter(group.colours)

    def standing_of(item: int) -> Standing:
        kind = system.kinds[objects.kinds[item]]
        if sizes[group.colours[item]] > 1:
            return Standing.FREE if item in free else Standing.LINKED
        if len(kind.slots) == 1:
            return Standing.ALONE
        return Standing.NAMED if item in named else Standing.TOLD_APART

    members: dict[tuple[int, Standing, int | None], list[str]] = {}
    for item, colour in enumerate(group.colours):
        standing = standing_of(item)
        together = colour if standing in (Standing.FREE, Standing.LINKED) else None
        members.setdefault((objects.kinds[item], standing, together), []).append(names[item])
    for (kind, standing, _), company in members.items():
        yield Company(system.kinds[kind].name, tuple(company), standing)
