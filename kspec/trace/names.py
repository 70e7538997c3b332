"""What objects are called along a run: a new object in a slot that was used before is another object, `pod1'2`."""

from __future__ import annotations

from dataclasses import dataclass

from kspec.evaluate.layout import Layout
from kspec.evaluate.run import State
from kspec.system.sorts import ObjectSort
from kspec.system.system import ALIVE, FREE, Kind, Role, System


@dataclass(frozen=True, slots=True)
class Roster:
    """The slots of one kind in one state: what is in each, and how many objects each has had so far."""

    kind: Kind
    status: tuple[int, ...]
    generations: tuple[int, ...]

    def name(self, slot: int) -> str:
        """The name of the object that a slot holds, or held last."""
        generation = self.generations[slot]
        name = self.kind.slots[slot]
        return name if generation <= 1 else f"{name}'{generation}"

    def present(self) -> tuple[int, ...]:
        """The slots that hold an object, deleted ones included."""
        return tuple(slot for slot, status in enumerate(self.status) if status != FREE)

    def alive(self) -> tuple[int, ...]:
        return tuple(slot for slot, status in enumerate(self.status) if status == ALIVE)


@dataclass(frozen=True, slots=True)
class Names:
    """The names of all objects in one state of a run."""

    rosters: dict[str, Roster]

    def object(self, sort: ObjectSort, slot: int) -> str:
        return self.rosters[sort.kind].name(slot)


def names_at_start(system: System, layout: Layout, state: State) -> Names:
    """The names in an initial state: those of the slots."""
    rosters = {}
    for kind in system.kinds:
        status = _status(system, layout, kind, state)
        rosters[kind.name] = Roster(kind, status, tuple(int(here == ALIVE) for here in status))
    return Names(rosters)


def names_after(names: Names, system: System, layout: Layout, state: State) -> Names:
    """The names in the state after the one that `names` is about."""
    rosters = {}
    for kind in system.kinds:
        before = names.rosters[kind.name]
        status = _status(system, layout, kind, state)
        generations = tuple(
            generation + int(was == FREE and now == ALIVE)
            for generation, was, now in zip(before.generations, before.status, status, strict=True)
        )
        rosters[kind.name] = Roster(kind, status, generations)
    return Names(rosters)


def _status(system: System, layout: Layout, kind: Kind, state: State) -> tuple[int, ...]:
    for variable in system.variables:
        if variable.role is Role.STATUS and variable.index == (kind.sort,):
            values = (layout.value(state, variable.name, slot) for slot in range(len(kind.slots)))
            return tuple(value if isinstance(value, int) else FREE for value in values)
    return (ALIVE,) * len(kind.slots)
