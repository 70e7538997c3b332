"""The objects that can be exchanged, as numbers in machine code."""

from __future__ import annotations

from dataclasses import dataclass

from kspec.explore.machine.layout import PackedLayout
from kspec.explore.machine.shapes import plain
from kspec.explore.symmetry.group import Group
from kspec.explore.symmetry.objects import Objects
from kspec.explore.symmetry.refine import classes
from kspec.system.sorts import MapSort, ObjectSort, OptionSort, SeqSort, SetSort, Sort
from kspec.system.system import System


@dataclass(frozen=True, slots=True)
class Members:
    """Objects that can be mapped onto each other. `start`: the first, where their numbers follow each other."""

    items: tuple[int, ...]
    start: int | None

    @property
    def size(self) -> int:
        return len(self.items)


class Moving:
    """Objects are numbered kind after kind. `nobody` is the number of an object that is none."""

    def __init__(self, system: System, layout: PackedLayout, group: Group) -> None:
        self.system = system
        self.layout = layout
        self.group = group
        self.objects = Objects(system)
        self.nobody = self.objects.count
        self.size = self.objects.count + 1
        """Of rows with a number for each object, and nobody."""
        self.classes = tuple(_members(items) for items in classes(group.colours) if len(items) > 1)
        moving = {item for members in self.classes for item in members.items}
        self.kinds = frozenset(system.kinds[self.objects.kinds[item]].name for item in moving)
        """The kinds of which some objects can be exchanged."""

    def kind_of(self, sort: Sort) -> ObjectSort | None:
        """The kind that values of the sort, none apart, refer to, if objects of it can be exchanged."""
        bare = plain(sort)
        return bare if isinstance(bare, ObjectSort) and bare.kind in self.kinds else None

    def concerns(self, sort: Sort) -> bool:
        """Whether an exchange of objects can change a value of the sort."""
        match sort:
            case OptionSort(inner):
                return self.concerns(inner)
            case SetSort(element) | SeqSort(element, _):
                return self.concerns(element)
            case MapSort(key, value):
                return self.kind_of(key) is not None or self.concerns(value)
            case _:
                return self.kind_of(sort) is not None

    def is_plain_when_blank(self, sort: Sort) -> bool:
        """Whether what fills cleared places of the sort looks as if it referred to no object."""
        match sort:
            case ObjectSort():
                return self.kind_of(sort) is None
            case MapSort(_, value):
                return self.is_plain_when_blank(value)
            case _:
                return True


def _members(items: list[int]) -> Members:
    in_row = items == list(range(items[0], items[0] + len(items)))
    return Members(tuple(items), items[0] if in_row else None)
