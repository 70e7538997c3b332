"""Refining the colours of objects along their links, and ranking objects by colour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from llvmlite import ir

from kspec.explore.machine.builder import Builder, Operand, Variable
from kspec.explore.machine.canonical.links import Links
from kspec.explore.machine.canonical.mixing import mixed, plus, seed
from kspec.explore.machine.canonical.moving import Members, Moving
from kspec.explore.machine.constants import Constants

_FIRST_PASSES = 2
"""Before it is looked at whether objects are tied: enough for most states."""


@dataclass(frozen=True, slots=True)
class Ranks:
    """`lower`: for each object, how many of its class have a lower colour; `alike`: how many have the same."""

    lower: ir.Value
    alike: ir.Value
    tied: Variable
    """The sum of `alike` over all objects: as many as there are objects, if none are tied."""


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
        self.ranks = Ranks(b.array(moving.size), b.array(moving.size), b.variable(0))

    def prepare(self) -> None:
        """Objects that cannot be exchanged are tied with none."""
        b = self._b
        with b.loop(0, self._moving.size) as each:
            b.store(self.ranks.lower, each.index, 0)
            b.store(self.ranks.alike, each.index, 1)

    def refine(self) -> None:
        """Objects get the same colour only if no number of passes would tell them apart."""
        b, tied = self._b, self.ranks.tied
        if not self._links:
            self._rank()
            return
        stable, passes = b.block("stable"), b.variable(0)
        tied.set(0)
        with b.forever():
            self._pass()
            passes.add(1)
            with b.unless(b.less(passes.get(), _FIRST_PASSES)):
                before = tied.get()
                self._rank()
                b.jump_when(b.equal(tied.get(), before), stable)
                b.jump_when(b.equal(tied.get(), self._moving.count), stable)
        b.place(stable)

    # --- colours -----------------------------------------------------------------------------------------------------

    def _pass(self) -> None:
        """Each kind in turn looks at the latest colours of the others; those with the most links last."""
        linked = sorted(
            {kind for links in self._links for kind in links.kinds},
            key=lambda kind: (sum(links.kinds.count(kind) for links in self._links), kind),
        )
        for kind in linked:
            self._recolour(kind)

    def _recolour(self, kind: str) -> None:
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
                others = [other for number, other in enumerate(objects) if number != position]
                seen = plus(b, label, seed("position", position))
                for other in others:
                    seen = mixed(b, plus(b, seen, b.load(self._colours, other)))
                b.store(self._news, item, b.add(b.load(self._news, item), seen))

    # --- ranks -------------------------------------------------------------------------------------------------------

    def _rank(self) -> None:
        b = self._b
        self.ranks.tied.set(0)
        for members in self._moving.classes:
            with each_member(b, self._constants, members) as item:
                colour = b.load(self._colours, item)
                lower, alike = b.variable(0), b.variable(0)
                with each_member(b, self._constants, members) as other:
                    its = b.load(self._colours, other)
                    lower.add(b.bit(b.less_unsigned(its, colour)))
                    alike.add(b.bit(b.equal(its, colour)))
                b.store(self.ranks.lower, item, lower.get())
                b.store(self.ranks.alike, item, alike.get())
                self.ranks.tied.add(alike.get())


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
