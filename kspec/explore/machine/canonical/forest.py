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

from kspec.explore.machine.builder import I64, ROW, Block, Builder, Operand, Variable
from kspec.explore.machine.canonical.colours import Ties, each_link
from kspec.explore.machine.canonical.links import Links
from kspec.explore.machine.canonical.mixing import mixed, plus, seed
from kspec.explore.machine.canonical.moving import Moving
from kspec.explore.machine.constants import Constants

_PAIR = 4
"""Two objects, and how each of them sees the other."""


def define_add_pair(module: ir.Module) -> ir.Function:
    """`add_pair(pairs, count, roots, one, other, here, there)`: adds a pair of linked objects, with how each sees the
    other, and joins the trees they are in (`roots`: towards the root of each tree). Several links of one pair count as
    one. Gives how many pairs were added, or -1 where the link closes a circle."""
    function = ir.Function(module, ir.FunctionType(I64, (ROW, I64, ROW, I64, I64, I64, I64)), "add_pair")
    function.linkage = "internal"
    pairs, count, roots, one, other, here, there = function.args
    b = Builder(function)
    with b.loop(0, count) as each:
        pair = b.at(pairs, b.multiply(each.index, _PAIR))
        for mine, its, seen, shown in ((one, other, here, there), (other, one, there, here)):
            with b.when(b.both(b.equal(b.load(pair, 0), mine), b.equal(b.load(pair, 1), its))):
                b.store(pair, 2, b.add(b.load(pair, 2), seen))
                b.store(pair, 3, b.add(b.load(pair, 3), shown))
                b.ret(0)
    root, its_root = (_root(b, roots, item) for item in (one, other))
    with b.when(b.equal(root, its_root)):
        b.ret(-1)
    b.store(roots, root, its_root)
    pair = b.at(pairs, b.multiply(count, _PAIR))
    for number, value in enumerate((one, other, here, there)):
        b.store(pair, number, value)
    b.ret(1)
    b.finish()
    return function


def _root(b: Builder, roots: ir.Value, item: ir.Value) -> ir.Value:
    root = b.variable(item)
    with b.while_(lambda: b.differ(b.load(roots, root.get()), root.get())):
        root.set(b.load(roots, root.get()))
    return root.get()


def most_turns(moving: Moving) -> int:
    """No turn is as high as this."""
    return 2 * moving.size


@dataclass(frozen=True, slots=True)
class _Pairs:
    """The pairs of tied objects that are linked: fewer than there are objects, since they form a forest."""

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
        ties: Ties,
    ) -> None:
        self._b = b
        self._moving = moving
        self._constants = constants
        self._colours = colours
        self._links = links
        self._ties = ties
        self._add_pair = define_add_pair(b.function.module)
        self._pairs = _Pairs(b.array(moving.size * _PAIR), b.variable(0))
        self._roots = b.array(moving.size)
        self._queue = b.array(moving.size)
        """Linked tied objects, in the order in which they were met on the walk."""
        self._count = b.variable(0)
        self.turns = b.array(moving.size)
        """Tied objects come in the order of their turns: that of the walk; of objects it did not meet, their numbers
        and the number of all objects."""

    def order(self, crowded: Block) -> None:
        """Puts tied objects in order. Jumps where the links between them form no forest."""
        b = self._b
        self.forget()
        self._pairs.count.set(0)
        b.copy(self._roots, self._constants.row(range(self._moving.size)), self._moving.size)
        for links in self._links:
            with each_link(b, links) as link:
                self._add_link(links, link, crowded)
        with b.when(b.differ(self._pairs.count.get(), 0)):
            self._walk()

    def forget(self) -> None:
        """Takes tied objects in the order of their numbers."""
        size = self._moving.size
        self._count.set(0)
        self._b.copy(self.turns, self._constants.row(range(size, 2 * size)), size)

    # --- pairs -------------------------------------------------------------------------------------------------------

    def _add_link(self, links: Links, link: ir.Value, crowded: Block) -> None:
        """Adds the pair of tied objects of a link, if it has two."""
        b, end = self._b, self._b.block("next_link")
        label, objects = links.label_of(b, link), links.objects_of(b, link)
        one, other = self._tied_of(objects, crowded, end)
        here = self._seen(label, objects, one, other)
        there = self._seen(label, objects, other, one)
        count, pairs = self._pairs.count, self._pairs.row
        added = b.call(self._add_pair, [pairs, count.get(), self._roots, one, other, here, there])
        b.jump_when(b.less(added, 0), crowded)
        count.add(added)
        b.place(end)

    def _tied_of(self, objects: Sequence[ir.Value], crowded: Block, end: Block) -> tuple[ir.Value, ir.Value]:
        """The two tied objects of a link; where it has fewer, jumps to the end, where more, to `crowded`."""
        b = self._b
        ties = [b.differ(b.load(self._ties.tied, item), 0) for item in objects]
        if len(objects) == 2:
            b.jump_unless(b.both(b.both(*ties), b.differ(*objects)), end)
            return objects[0], objects[1]
        one, other = b.variable(-1), b.variable(-1)
        for item, tied in zip(objects, ties, strict=True):
            with b.when(tied):
                first = b.one_of(b.less(one.get(), 0), b.equal(one.get(), item))
                second = b.one_of(b.less(other.get(), 0), b.equal(other.get(), item))
                b.jump_unless(b.one_of(first, second), crowded)
                other.set(b.select(first, other.get(), item))
                one.set(b.select(first, item, one.get()))
        b.jump_when(b.less(other.get(), 0), end)
        return one.get(), other.get()

    def _seen(self, label: Operand, objects: Sequence[ir.Value], one: ir.Value, other: ir.Value) -> Operand:
        """The link as the first of a pair sees it."""
        b, seen = self._b, label
        if len(objects) == 2:
            return mixed(b, plus(b, label, seed("one", objects.index(one))))
        for item in objects:
            colour = b.load(self._colours, item)
            colour = b.select(b.equal(item, one), seed("one"), b.select(b.equal(item, other), seed("other"), colour))
            seen = mixed(b, plus(b, seen, colour))
        return seen

    @contextmanager
    def _each_pair(self) -> Iterator[ir.Value]:
        b = self._b
        with b.loop(0, self._pairs.count.get()) as each:
            yield b.at(self._pairs.row, b.multiply(each.index, _PAIR))

    # --- the walk ----------------------------------------------------------------------------------------------------

    def _walk(self) -> None:
        """Breadth first through each tree."""
        b, walked = self._b, self._b.variable(0)
        with b.forever() as done:
            root = self._first_root()
            b.jump_when(b.less(root, 0), done)
            self._meet(root)
            with b.while_(lambda: b.less(walked.get(), self._count.get())):
                here = b.load(self._queue, walked.get())
                walked.add(1)
                with b.forever() as no_more:
                    there = self._next_from(here)
                    b.jump_when(b.less(there, 0), no_more)
                    self._meet(there)

    def _meet(self, item: ir.Value) -> None:
        b = self._b
        b.store(self._queue, self._count.get(), item)
        b.store(self.turns, item, self._count.get())
        self._count.add(1)

    def _is_new(self, item: ir.Value) -> ir.Value:
        """Whether the walk did not meet the object yet."""
        return self._b.at_most(self._moving.size, self._b.load(self.turns, item))

    def _first_root(self) -> ir.Value:
        """A linked object of least colour that was not met yet, or -1."""
        best = _Least(self._b)
        with self._each_pair() as pair:
            for end in (0, 1):
                item = self._b.load(pair, end)
                with self._b.when(self._is_new(item)):
                    best.offer(item, self._b.load(self._colours, item))
        return best.item.get()

    def _next_from(self, here: ir.Value) -> ir.Value:
        """A neighbour that was not met yet, of those the one that looks least from here; or -1."""
        b, best = self._b, _Least(self._b)
        with self._each_pair() as pair:
            for mine, its in ((0, 1), (1, 0)):
                there = b.load(pair, its)
                with b.when(b.both(b.equal(b.load(pair, mine), here), self._is_new(there))):
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
