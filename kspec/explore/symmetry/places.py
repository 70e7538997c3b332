"""The places of states, with the objects that they belong to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kspec.evaluate.layout import Layout
from kspec.explore.symmetry.objects import Objects
from kspec.system.sorts import Value
from kspec.system.system import ALIVE, FREE, Role, System, Variable


@dataclass(frozen=True, slots=True)
class Place:
    """One place of a variable. `data`: the positions of its indexes that are no objects, -1 for those that are;
    `owners`: the objects among its indexes, in order. `position` in states is None for places of constants."""

    variable: Variable
    variable_number: int
    number: int
    position: int | None
    data: tuple[int, ...]
    owners: tuple[int, ...]


class Places:
    """Every place of a system, and whether there is something in it."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.layout = Layout(system)
        self.objects = Objects(system)
        self.constant: list[Place] = []
        self.stored: list[Place] = []
        """In the order of states."""
        for number, variable in enumerate(system.variables):
            places = [self._place(variable, number, place) for place in range(self.layout.count(variable.name))]
            (self.stored if variable.constant is None else self.constant).extend(places)
        self._statuses = self._status_positions()

    def _place(self, variable: Variable, variable_number: int, number: int) -> Place:
        ordinals = self.layout.ordinals(variable.name, number)
        keys = [self.objects.key(ordinal, sort) for ordinal, sort in zip(ordinals, variable.index, strict=True)]
        data = tuple(ordinal if key is None else -1 for ordinal, key in zip(ordinals, keys, strict=True))
        position = self.layout.position(variable.name, number)
        owners = tuple(key for key in keys if key is not None)
        return Place(variable, variable_number, number, position, data, owners)

    def _status_positions(self) -> tuple[int | None, ...]:
        positions: list[int | None] = []
        for kind in self.system.kinds:
            base = self.layout.status_base(kind.name)
            positions.extend(None if base is None else base + slot for slot in range(len(kind.slots)))
        return tuple(positions)

    def is_free(self, state: Sequence[Value], item: int) -> bool:
        """Whether there is no object in the slot."""
        status = self._statuses[item]
        return status is not None and state[status] == FREE

    def is_blank(self, state: Sequence[Value], place: Place) -> bool:
        """Whether the place is cleared, so that what fills it is no value, and no reference."""
        for owner in place.owners:
            status = self._statuses[owner]
            if status is not None:
                cleared = place.variable.role in (Role.FIELD, Role.COMPONENT)
                if state[status] == FREE or (cleared and state[status] != ALIVE):
                    return True
        return False
