"""Refining the colours of objects along their links, and ranking objects by colour."""

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

_FIRST_PASSES = 2
"""Before it is looked at whether objects are tied: enough for most states."""


@dataclass(frozen=True, slots=True)
class Ranks:
    """`lower`: for each object, how many of its class have a lower colour; `like`: the last of those that have the
    same; `tied`: 1 if there is another one, else 0."""

    lower: ir.Value
    like: ir.Value
    tied: ir.Value
    colours: Variable
    """How many colours there are among the objects that can be exchanged."""


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
        self.ranks = Ranks(b.array(moving.size), b.array(moving.size), b.array(moving.size), b.variable(0))

    def prepare(self) -> None:
        """Objects that cannot be exchanged are tied with none."""
        b, numbers = self._b, self._constants.row(range(self._moving.size))
        b.copy(self.ranks.like, numbers, self._moving.size)
        with b.loop(0, self._moving.size) as each:
            b.store(self.ranks.lower, each.index, 0)
            b.store(self.ranks.tied, each.index, 0)

    def refine(self) -> None:
        """Until no further pass tells apart what is tied; then finds the ranks.

        Each pass looks at the kind with the most links, between two looks at the others: so news of one object comes
        to all that are near in few passes.
        """
        b, ranks = self._b, self.ranks
        if not self._links:
            self._rank()
            return
        *others, most_linked = self._linked_kinds()
        stable, split, onward = b.block("stable"), b.block("split"), b.block("onward")
        passes = b.variable(0)
        with b.forever():
            for kind in others:
                self._recolour(kind)
            b.jump_when(b.less(passes.get(), _FIRST_PASSES), onward)
            b.jump_when(b.equal(passes.get(), _FIRST_PASSES), split)
            self._jump_when_split(split)
            b.jump(stable)
            b.place(split)
            self._rank()
            b.jump_when(b.equal(ranks.colours.get(), self._moving.count), stable)
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

    # --- ranks -------------------------------------------------------------------------------------------------------

    def _rank(self) -> None:
        b, ranks = self._b, self.ranks
        ranks.colours.set(0)
        for members in self._moving.classes:
            with each_member(b, self._constants, members) as item:
                colour = b.load(self._colours, item)
                lower, like = b.variable(0), b.variable(item)
                with each_member(b, self._constants, members) as other:
                    its = b.load(self._colours, other)
                    lower.add(b.bit(b.less_unsigned(its, colour)))
                    like.set(b.select(b.equal(its, colour), other, like.get()))
                b.store(ranks.lower, item, lower.get())
                b.store(ranks.like, item, like.get())
                ranks.colours.add(b.bit(b.equal(like.get(), item)))
                b.store(ranks.tied, item, 0)
            with each_member(b, self._constants, members) as item:
                last = b.load(ranks.like, item)
                is_tied = b.bit(b.differ(last, item))
                b.store(ranks.tied, item, b.bit_or(b.load(ranks.tied, item), is_tied))
                b.store(ranks.tied, last, b.bit_or(b.load(ranks.tied, last), is_tied))

    def _jump_when_split(self, split: Block) -> None:
        """Jumps where objects that were tied no longer are."""
        b = self._b
        differences = b.variable(0)
        for members in self._moving.classes:
            with each_member(b, self._constants, members) as item:
                its_like = b.load(self._colours, b.load(self.ranks.like, item))
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
