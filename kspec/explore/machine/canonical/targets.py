"""Where each object goes: objects take the places of their class in the order of their ranks."""

from __future__ import annotations

from llvmlite import ir

from kspec.explore.machine.builder import Builder
from kspec.explore.machine.canonical.colours import each_member
from kspec.explore.machine.canonical.moving import Moving
from kspec.explore.machine.constants import Constants
from kspec.explore.symmetry.automorphisms import Level
from kspec.explore.symmetry.objects import inverse


class Targets:
    """Builds the code that finds, from the rank of each object within its class, the place that it goes to."""

    def __init__(self, b: Builder, moving: Moving, constants: Constants, ranks: ir.Value) -> None:
        self._b = b
        self._moving = moving
        self._constants = constants
        self._ranks = ranks
        self.targets = b.array(moving.size)
        """By object; those that cannot be exchanged, and nobody, stay."""
        self._free = {item for cell in moving.group.cells for item in cell}
        self._standing = b.array(moving.size) if moving.group.levels else ranks

    def prepare(self) -> None:
        """What is the same for every state."""
        self._b.copy(self.targets, self._constants.row(range(self._moving.size)), self._moving.size)

    def find(self) -> None:
        b = self._b
        for members in self._moving.classes:
            if members.items[0] in self._free:
                row = None if members.start is not None else self._constants.row(members.items)
                with each_member(b, self._constants, members) as item:
                    rank = b.load(self._ranks, item)
                    place = b.add(rank, members.start or 0) if row is None else b.load(row, rank)
                    b.store(self.targets, item, place)
        if self._moving.group.levels:
            self._follow_chain()

    # --- chains of stabilisers ---------------------------------------------------------------------------------------

    def _follow_chain(self) -> None:
        """As `symmetry.automorphisms.placed`, with the objects that are linked by constants."""
        b = self._b
        linked = [item for members in self._moving.classes for item in members.items if item not in self._free]
        row = self._constants.row(linked)
        with b.loop(0, len(linked)) as each:
            item = b.load(row, each.index)
            b.store(self._standing, item, b.load(self._ranks, item))
            b.store(self.targets, item, item)
        for level in self._moving.group.levels:
            self._apply(level, row, len(linked))

    def _apply(self, level: Level, linked: ir.Value, count: int) -> None:
        b, size = self._b, self._moving.size
        places = list(level.movers)
        best, least = b.variable(0), b.variable(size)
        row = self._constants.row(places)
        with b.loop(0, len(places)) as each:
            rank = b.load(self._standing, b.load(row, each.index))
            with b.when(b.less(rank, least.get())):
                best.set(each.index)
                least.set(rank)
        back = [number for place in places for number in (*inverse(level.movers[place]), size - 1)]
        moves = b.at(self._constants.row(back), b.multiply(best.get(), size))
        moved = b.array(size)
        with b.loop(0, count) as each:
            item = b.load(linked, each.index)
            b.store(moved, b.load(moves, item), b.load(self._standing, item))
            b.store(self.targets, item, b.load(moves, b.load(self.targets, item)))
        with b.loop(0, count) as each:
            item = b.load(linked, each.index)
            b.store(self._standing, item, b.load(moved, item))
