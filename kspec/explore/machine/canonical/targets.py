"""Where each object goes: objects take the places of their class in the order of their colours."""

from __future__ import annotations

from llvmlite import ir

from kspec.explore.machine.builder import Builder, Operand
from kspec.explore.machine.canonical.colours import each_member
from kspec.explore.machine.canonical.forest import most_turns
from kspec.explore.machine.canonical.moving import Members, Moving
from kspec.explore.machine.constants import Constants
from kspec.explore.symmetry.automorphisms import Level
from kspec.explore.symmetry.objects import inverse


class Targets:
    """Builds the code that finds, from the colours of objects and the turns of those of one colour, the place that each
    goes to."""

    def __init__(self, b: Builder, moving: Moving, constants: Constants, colours: ir.Value, turns: ir.Value) -> None:
        self._b = b
        self._moving = moving
        self._constants = constants
        self._colours = colours
        self._turns = turns
        self.targets = b.array(moving.size)
        """By object; those that cannot be exchanged, and nobody, stay."""
        self._keys = b.array(moving.size)
        """A colour, with the turn in its lowest bits."""
        self._free = {item for cell in moving.group.cells for item in cell}
        self._standing = b.array(moving.size)
        """Of objects that are linked by constants: the rank within the class."""

    def prepare(self) -> None:
        """What is the same for every state."""
        self._b.copy(self.targets, self._constants.row(range(self._moving.size)), self._moving.size)

    def find(self) -> None:
        b = self._b
        for members in self._moving.classes:
            with each_member(b, self._constants, members) as item:
                b.store(self._keys, item, self._key(item))
            row = None if members.start is not None else self._constants.row(members.items)
            with each_member(b, self._constants, members) as item:
                rank = self._rank(members, item)
                if members.items[0] in self._free:
                    place = b.add(rank, members.start or 0) if row is None else b.load(row, rank)
                    b.store(self.targets, item, place)
                else:
                    b.store(self._standing, item, rank)
                    b.store(self.targets, item, item)
        if self._moving.group.levels:
            self._follow_chain()

    def _key(self, item: Operand) -> ir.Value:
        b = self._b
        turns = (1 << most_turns(self._moving).bit_length()) - 1
        return b.bit_or(b.bit_and(b.load(self._colours, item), ~turns), b.load(self._turns, item))

    def _rank(self, members: Members, item: Operand) -> ir.Value:
        """How many of the class come before."""
        b = self._b
        key, before = b.load(self._keys, item), b.variable(0)
        with each_member(b, self._constants, members) as other:
            before.add(b.bit(b.less(b.load(self._keys, other), key)))
        return before.get()

    # --- chains of stabilisers ---------------------------------------------------------------------------------------

    def _follow_chain(self) -> None:
        """As `symmetry.automorphisms.placed`, with the objects that are linked by constants."""
        linked = [item for members in self._moving.classes for item in members.items if item not in self._free]
        row = self._constants.row(linked)
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
