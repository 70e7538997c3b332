"""Refining the colours of objects along their links, and finding those that have one colour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from llvmlite import ir

from kspec.explore.machine.builder import Block, Builder, Operand, Variable
from kspec.explore.machine.canonical.links import Links
from kspec.explore.machine.canonical.mixing import mixed, plus, seed
from kspec.explore.machine.canonical.moving import Members, Moving
from kspec.explore.machine.constants import Constants


@dataclass(frozen=True, slots=True)
class Ties:
    """Linked objects that have one colour. Objects that nothing is linked with may have one too: they take any order.

    `like`: for each object the last of its class that it is tied with, or itself; `tied`: 1 if there is another one,
    else 0.
    """

    like: ir.Value
    tied: ir.Value
    count: Variable
    """How many objects are tied with a later one."""


class Colouring:
    """Builds the code that refines colours until they are stable."""

    def __init__(
        self, b: Builder, moving: Moving, constants: Constants, colours: ir.Value, links: Sequence[Links]
    ) -> None:
        self._b = b
        self._moving = moving
        self._constants = constants
        self._colours = colours
        self._links = links
        self._news = b.array(moving.size)
        self._linked = b.array(moving.size)
        self.ties = Ties(b.array(moving.size), b.array(moving.size), b.variable(0))

    def prepare(self) -> None:
        """Finds the objects that are linked; those that cannot be exchanged are tied with none."""
        b, size = self._b, self._moving.size
        numbers, zeros = self._constants.row(range(size)), self._constants.row([0] * size)
        b.copy(self.ties.like, numbers, size)
        b.copy(self.ties.tied, zeros, size)
        b.copy(self._linked, zeros, size)
        for links in self._links:
            with each_link(b, links) as link:
                for item in links.objects_of(b, link):
                    b.store(self._linked, item, 1)

    def refine(self) -> None:
        """Until no further pass tells apart what is tied; then the ties are those that are left.

        Each pass looks at the kind with the most links, between two looks at the others: so news of one object comes
        to all that are near in few passes, and it is worthwhile to look for ties after the first.
        """
        b = self._b
        *others, most_linked = self._linked_kinds()
        stable, split, onward = b.block("stable"), b.block("split"), b.block("onward")
        passes = b.variable(0)
        with b.forever():
            for kind in others:
                self._recolour(kind)
            b.jump_when(b.equal(passes.get(), 0), onward)
            b.jump_when(b.equal(passes.get(), 1), split)
            self._jump_when_split(split)
            b.jump(stable)
            b.place(split)
            self._find_ties()
            b.jump_when(b.equal(self.ties.count.get(), 0), stable)
            b.place(onward)
            self._recolour(most_linked)
            passes.add(1)
        b.place(stable)

    # --- colours -----------------------------------------------------------------------------------------------------

    def _linked_kinds(self) -> list[str]:
        """Those with the most links last."""
        linked = {kind for links in self._links for kind in links.kinds}
        return sorted(linked, key=lambda kind: (sum(links.kinds.count(kind) for links in self._links), kind))

    def _recolour(self, kind: str) -> None:
        """Every object of the kind looks at the latest colours of those it is linked with."""
        b, slots = self._b, self._moving.objects.of(self._moving.system.kind(kind).sort)
        with b.loop(slots.start, slots.stop) as each:
            b.store(self._news, each.index, b.load(self._colours, each.index))
        for links in self._links:
            if kind in links.kinds:
                with each_link(b, links) as link:
                    self._add_views(links, link, kind)
        with b.loop(slots.start, slots.stop) as each:
            b.store(self._colours, each.index, mixed(b, b.load(self._news, each.index)))

    def _add_views(self, links: Links, link: ir.Value, kind: str) -> None:
        """Adds to each object of the kind how it sees the link."""
        b = self._b
        label, objects = links.label_of(b, link), links.objects_of(b, link)
        for position, item in enumerate(objects):
            if links.kinds[position] == kind:
                seen = plus(b, label, seed("position", position))
                for number, other in enumerate(objects):
                    if number != position:
                        colour = b.load(self._colours, other)
                        if links.kinds[number] == kind:  # it may be the object itself
                            colour = b.select(b.equal(other, item), seed("itself"), colour)
                        seen = mixed(b, plus(b, seen, colour))
                b.store(self._news, item, b.add(b.load(self._news, item), seen))

    # --- ties --------------------------------------------------------------------------------------------------------

    def _find_ties(self) -> None:
        b, ties = self._b, self.ties
        ties.count.set(0)
        for members in self._moving.classes:
            with each_member(b, self._constants, members) as item:
                b.store(ties.tied, item, 0)
            with each_member(b, self._constants, members) as item, b.when(b.differ(b.load(self._linked, item), 0)):
                self._find_like(members, item)

    def _find_like(self, members: Members, item: Operand) -> None:
        b, ties = self._b, self.ties
        colour, like = b.load(self._colours, item), b.variable(item)
        with each_member(b, self._constants, members) as other:
            is_same = b.equal(b.load(self._colours, other), colour)
            like.set(b.select(is_same, other, like.get()))
        last = like.get()
        is_tied = b.bit(b.differ(last, item))
        b.store(ties.like, item, last)
        ties.count.add(is_tied)
        for one in (item, last):
            b.store(ties.tied, one, b.bit_or(b.load(ties.tied, one), is_tied))

    def _jump_when_split(self, split: Block) -> None:
        """Jumps where objects that were tied no longer are."""
        b = self._b
        differences = b.variable(0)
        for members in self._moving.classes:
            with each_member(b, self._constants, members) as item:
                its_like = b.load(self._colours, b.load(self.ties.like, item))
                differences.include(b.bit_xor(b.load(self._colours, item), its_like))
        b.jump_when(b.differ(differences.get(), 0), split)


@contextmanager
def each_link(b: Builder, links: Links) -> Iterator[ir.Value]:
    """For the place of each link of a row."""
    with b.loop(0, links.count) as each:
        yield b.at(links.row, b.multiply(each.index, links.stride))


@contextmanager
def each_member(b: Builder, constants: Constants, members: Members) -> Iterator[Operand]:
    """For the number of each object of a class."""
    if members.start is not None:
        with b.loop(members.start, members.start + members.size) as each:
            yield each.index
    else:
        row = constants.row(members.items)
        with b.loop(0, members.size) as each:
            yield b.load(row, each.index)
