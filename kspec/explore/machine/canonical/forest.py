"""Objects that are tied, and whether it matters which of them comes first.

Where the links between tied objects form a forest it does not: objects of one colour are mapped onto each other by
automorphisms (`symmetry.ties`). They are put in order by walking through each tree, from an object of least colour on
to its neighbours, each time to one of those that look alike from where the walk is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from llvmlite import ir

from kspec.explore.machine.builder import Block, Builder, Operand, Variable
from kspec.explore.machine.canonical.colours import Ranks, each_link, each_member
from kspec.explore.machine.canonical.links import Links
from kspec.explore.machine.canonical.mixing import mixed, plus, seed
from kspec.explore.machine.canonical.moving import Moving
from kspec.explore.machine.constants import Constants

_PAIR = 4
"""Two objects, and how each of them sees the other."""


@dataclass(frozen=True, slots=True)
class _Pairs:
    """The pairs of tied objects that are linked."""

    row: ir.Value
    count: Variable


class Forest:
    """Builds the code that orders tied objects."""

    def __init__(
        self,
        b: Builder,
        moving: Moving,
        constants: Constants,
        colours: ir.Value,
        links: Sequence[Links],
        ranks: Ranks,
    ) -> None:
        self._b = b
        self._moving = moving
        self._constants = constants
        self._colours = colours
        self._links = links
        self._ranks = ranks
        room = sum(links.room for links in links)
        self._pairs = _Pairs(b.array((room + 1) * _PAIR), b.variable(0))
        self._roots = b.array(moving.size)
        self._order = b.array(moving.size)
        """When each object was met on the walk; to begin with, its number."""
        self._met = b.array(moving.size)
        self._queue = b.array(moving.size)
        self.final = b.array(moving.size)
        """The rank of each object within its class, all different."""

    def order(self, crowded: Block) -> None:
        """Jumps where the links between tied objects form no forest; else finds the final ranks."""
        b = self._b
        self._pairs.count.set(0)
        numbers = self._constants.row(range(self._moving.size))
        b.copy(self._roots, numbers, self._moving.size)
        b.copy(self._order, numbers, self._moving.size)
        for links in self._links:
            with each_link(b, links) as link:
                self._add_link(links, link, crowded)
        with b.when(b.differ(self._pairs.count.get(), 0)):
            self._walk()
        self._rank()

    def rank_by_number(self) -> None:
        """Ranks tied objects as they come."""
        self._b.copy(self._order, self._constants.row(range(self._moving.size)), self._moving.size)
        self._rank()

    def rank_untied(self) -> None:
        self._b.copy(self.final, self._ranks.lower, self._moving.size)

    def _rank(self) -> None:
        """Ranks tied objects by their order."""
        b = self._b
        for members in self._moving.classes:
            with each_member(b, self._constants, members) as item:
                colour, place = b.load(self._colours, item), b.load(self._order, item)
                before = b.variable(b.load(self._ranks.lower, item))
                with each_member(b, self._constants, members) as other:
                    same = b.equal(b.load(self._colours, other), colour)
                    earlier = b.less(b.load(self._order, other), place)
                    before.add(b.bit(b.both(same, earlier)))
                b.store(self.final, item, before.get())

    # --- pairs -------------------------------------------------------------------------------------------------------

    def _add_link(self, links: Links, link: ir.Value, crowded: Block) -> None:
        """Adds the pair of tied objects of a link, if it has two."""
        b, end = self._b, self._b.block("next_link")
        label, objects = links.label_of(b, link), links.objects_of(b, link)
        ties = [b.differ(b.load(self._ranks.alike, item), 1) for item in objects]
        one, other = b.variable(-1), b.variable(-1)
        for item, tied in zip(objects, ties, strict=True):
            with b.when(tied):
                first = b.one_of(b.less(one.get(), 0), b.equal(one.get(), item))
                second = b.one_of(b.less(other.get(), 0), b.equal(other.get(), item))
                b.jump_unless(b.one_of(first, second), crowded)
                other.set(b.select(first, other.get(), item))
                one.set(b.select(first, item, one.get()))
        b.jump_when(b.less(other.get(), 0), end)
        here = self._seen(label, objects, one.get(), other.get())
        there = self._seen(label, objects, other.get(), one.get())
        self._add_pair(one.get(), other.get(), here, there, crowded)
        b.place(end)

    def _seen(self, label: Operand, objects: Sequence[ir.Value], one: ir.Value, other: ir.Value) -> Operand:
        """The link as the first of a pair sees it."""
        b, seen = self._b, label
        for item in objects:
            colour = b.load(self._colours, item)
            colour = b.select(b.equal(item, one), seed("one"), b.select(b.equal(item, other), seed("other"), colour))
            seen = mixed(b, plus(b, seen, colour))
        return seen

    def _add_pair(self, one: ir.Value, other: ir.Value, here: Operand, there: Operand, crowded: Block) -> None:
        """Links of one pair count as one."""
        b, pairs, end = self._b, self._pairs, self._b.block("added")
        with self._each_pair() as pair:
            for mine, its, seen, shown in ((one, other, here, there), (other, one, there, here)):
                same = b.both(b.equal(b.load(pair, 0), mine), b.equal(b.load(pair, 1), its))
                with b.when(same):
                    b.store(pair, 2, b.add(b.load(pair, 2), seen))
                    b.store(pair, 3, b.add(b.load(pair, 3), shown))
                    b.jump(end)
        root, its_root = self._root(one), self._root(other)
        b.jump_when(b.equal(root, its_root), crowded)
        b.store(self._roots, root, its_root)
        pair = b.at(pairs.row, b.multiply(pairs.count.get(), _PAIR))
        for number, value in enumerate((one, other, here, there)):
            b.store(pair, number, value)
        pairs.count.add(1)
        b.place(end)

    def _root(self, item: ir.Value) -> ir.Value:
        b = self._b
        root = b.variable(item)
        with b.while_(lambda: b.differ(b.load(self._roots, root.get()), root.get())):
            root.set(b.load(self._roots, root.get()))
        return root.get()

    @contextmanager
    def _each_pair(self) -> Iterator[ir.Value]:
        b = self._b
        with b.loop(0, self._pairs.count.get()) as each:
            yield b.at(self._pairs.row, b.multiply(each.index, _PAIR))

    # --- the walk ----------------------------------------------------------------------------------------------------

    def _walk(self) -> None:
        """Breadth first through each tree."""
        b = self._b
        with b.loop(0, self._moving.size) as each:
            b.store(self._met, each.index, 0)
        met, walked = b.variable(0), b.variable(0)
        with b.forever() as done:
            root = self._first_root()
            b.jump_when(b.less(root, 0), done)
            self._meet(root, met)
            with b.while_(lambda: b.less(walked.get(), met.get())):
                here = b.load(self._queue, walked.get())
                walked.add(1)
                with b.forever() as no_more:
                    there = self._next_from(here)
                    b.jump_when(b.less(there, 0), no_more)
                    self._meet(there, met)

    def _meet(self, item: ir.Value, met: Variable) -> None:
        b = self._b
        b.store(self._queue, met.get(), item)
        b.store(self._order, item, met.get())
        b.store(self._met, item, 1)
        met.add(1)

    def _first_root(self) -> ir.Value:
        """A linked object of least colour that was not met yet, or -1."""
        best = _Least(self._b)
        with self._each_pair() as pair:
            for end in (0, 1):
                item = self._b.load(pair, end)
                with self._b.when(self._b.equal(self._b.load(self._met, item), 0)):
                    best.offer(item, self._b.load(self._colours, item))
        return best.item.get()

    def _next_from(self, here: ir.Value) -> ir.Value:
        """A neighbour that was not met yet, of those the one that looks least from here; or -1."""
        b, best = self._b, _Least(self._b)
        with self._each_pair() as pair:
            for mine, its in ((0, 1), (1, 0)):
                there = b.load(pair, its)
                is_new = b.equal(b.load(self._met, there), 0)
                with b.when(b.both(b.equal(b.load(pair, mine), here), is_new)):
                    look = mixed(b, b.add(b.load(pair, 2 + mine), b.load(self._colours, there)))
                    best.offer(there, look)
        return best.item.get()


class _Least:
    """The object with the least number so far."""

    def __init__(self, b: Builder) -> None:
        self._b = b
        self.item = b.variable(-1)
        self._least = b.variable(0)

    def offer(self, item: ir.Value, number: ir.Value | int) -> None:
        b = self._b
        assert isinstance(number, ir.Value)
        is_least = b.one_of(b.less(self.item.get(), 0), b.less_unsigned(number, self._least.get()))
        self.item.set(b.select(is_least, item, self.item.get()))
        self._least.set(b.select(is_least, number, self._least.get()))
