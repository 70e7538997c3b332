"""Trying tied objects, where it may matter which one comes first.

Depth first, with the state of each depth in rows: the colours to go back to, the object that was picked, and which
objects need not be tried, since an automorphism maps them onto one that was. Two ways to the same form show an
automorphism; where they parted, the later way has nothing new. `symmetry.canonical` is the same search.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from llvmlite import ir

from kspec.explore.machine.builder import Block, Builder, Variable
from kspec.explore.machine.canonical.colours import Ranks
from kspec.explore.machine.canonical.mixing import mixed, seed
from kspec.explore.machine.canonical.moving import Moving
from kspec.explore.machine.constants import Constants

MOST_FORMS = 10_000
"""Forms that are compared for one state, at most."""
_MOST_NUMBERS = 1 << 14
"""In the rows of all depths together."""
_DEEPEST = 64


class _Tried(IntEnum):
    NO = 0
    YES = 1


@dataclass(frozen=True, slots=True)
class Form:
    """A form of the state, and where the objects went on the way to it."""

    words: ir.Value
    targets: ir.Value


class FormSearch:
    """Builds the code of the search. `depth` is how many objects are picked; 0 where no search is needed."""

    def __init__(self, b: Builder, moving: Moving, constants: Constants, colours: ir.Value, ranks: Ranks) -> None:
        self._b = b
        self._moving = moving
        self._constants = constants
        self._colours = colours
        self._ranks = ranks
        self._deepest = max(1, min(_DEEPEST, _MOST_NUMBERS // moving.size))
        rows = self._deepest * moving.size
        self._saved = b.array(rows)
        self._orbits = b.array(rows)
        """By depth, for each object the least one known to be like it."""
        self._tried = b.array(rows)
        self._picked = b.array(self._deepest)
        self._chosen = b.array(self._deepest)
        """By depth: the colour of the objects that are tried."""
        self._best_path = b.array(self._deepest)
        self.depth = b.variable(0)
        self._left = b.variable(MOST_FORMS)
        self._has_best = b.variable(0)
        self.given_up = b.variable(0)
        words = moving.layout.words
        self.form = Form(b.array(words), b.array(moving.size))
        self.best = Form(b.array(words), b.array(moving.size))

    def start(self) -> None:
        for variable in (self.depth, self._has_best, self.given_up):
            variable.set(0)
        self._left.set(MOST_FORMS)

    # --- picking -----------------------------------------------------------------------------------------------------

    def branch(self, no_choice: Block) -> None:
        """Prepares to try each object of the tied class with the least colour. Jumps where there is no room for it."""
        b, depth = self._b, self.depth.get()
        with b.when(b.at_most(self._deepest, depth)):
            self.given_up.set(1)
            b.jump(no_choice)
        size = self._moving.size
        b.copy(self._row(self._saved, depth), self._colours, size)
        b.copy(self._row(self._orbits, depth), self._constants.row(range(size)), size)
        with b.loop(0, size) as each:
            b.store(self._row(self._tried, depth), each.index, _Tried.NO)
        b.store(self._picked, depth, -1)
        b.store(self._chosen, depth, self._least_tied_colour())
        self.depth.add(1)

    def _least_tied_colour(self) -> ir.Value:
        b, least = self._b, self._b.variable(-1)
        with b.loop(0, self._moving.nobody) as each, b.when(b.differ(b.load(self._ranks.tied, each.index), 0)):
            colour = b.load(self._colours, each.index)
            least.set(b.select(b.less_unsigned(colour, least.get()), colour, least.get()))
        return least.get()

    def pick_next(self, done: Block) -> None:
        """Picks the next object at the deepest depth where there is one. Jumps to `done` where there is none, or no
        more forms may be compared."""
        b, found = self._b, self._b.block("picked")
        with b.forever():
            b.jump_when(b.equal(self.depth.get(), 0), done)
            at = b.subtract(self.depth.get(), 1)
            picked = b.load(self._picked, at)
            with b.unless(b.less(picked, 0)):
                self._mark_tried(at, picked)
            self._pick_behind(at, picked, found, done)
            self.depth.set(at)
        b.place(found)

    def _mark_tried(self, depth: ir.Value, item: ir.Value) -> None:
        b = self._b
        orbit = b.load(self._row(self._orbits, depth), item)
        b.store(self._row(self._tried, depth), orbit, _Tried.YES)

    def _pick_behind(self, depth: ir.Value, picked: ir.Value, found: Block, done: Block) -> None:
        b = self._b
        saved, orbits = self._row(self._saved, depth), self._row(self._orbits, depth)
        with b.loop(b.add(picked, 1), self._moving.nobody) as each:
            b.jump_unless(b.equal(b.load(saved, each.index), b.load(self._chosen, depth)), each.again)
            tried = b.load(self._row(self._tried, depth), b.load(orbits, each.index))
            b.jump_when(b.equal(tried, _Tried.YES), each.again)
            with b.when(b.equal(self._left.get(), 0)):
                self.given_up.set(1)
                b.jump(done)
            b.store(self._picked, depth, each.index)
            b.copy(self._colours, saved, self._moving.size)
            own = mixed(b, b.add(b.load(saved, each.index), seed("picked")))
            assert isinstance(own, ir.Value)
            b.store(self._colours, each.index, own)
            b.jump(found)

    def _row(self, rows: ir.Value, depth: ir.Value) -> ir.Value:
        return self._b.at(rows, self._b.multiply(depth, self._moving.size))

    # --- comparing ---------------------------------------------------------------------------------------------------

    def compare(self, again: Block) -> None:
        """Keeps the form if it is the least so far, and learns from one that is the same; jumps on to the next."""
        b = self._b
        self._left.set(b.subtract(self._left.get(), 1))
        worse, better, same = b.block("worse"), b.block("better"), b.block("same")
        b.jump_when(b.equal(self._has_best.get(), 0), better)
        with b.loop(0, self._moving.layout.words) as each:
            mine, least = b.load(self.form.words, each.index), b.load(self.best.words, each.index)
            b.jump_when(b.less_unsigned(mine, least), better)
            b.jump_when(b.differ(mine, least), worse)
        b.jump(same)
        b.place(better)
        self._keep()
        b.jump(again)
        b.place(same)
        self._learn()
        b.jump(again)
        b.place(worse)
        b.jump(again)

    def _keep(self) -> None:
        b = self._b
        b.copy(self.best.words, self.form.words, self._moving.layout.words)
        b.copy(self.best.targets, self.form.targets, self._moving.size)
        b.copy(self._best_path, self._picked, self._deepest)
        self._has_best.set(1)

    def _learn(self) -> None:
        """The automorphism maps each object to the one that went to the same place on the way to the best form. It
        counts at every depth whose earlier picks it leaves alone: those at which the two ways are the same, and the
        one where they parted, to which the search goes back."""
        b, size = self._b, self._moving.size
        back, image = b.array(size), b.array(size)
        with b.loop(0, size) as each:
            b.store(back, b.load(self.best.targets, each.index), each.index)
        with b.loop(0, size) as each:
            b.store(image, each.index, b.load(back, b.load(self.form.targets, each.index)))
        parted = b.block("parted")
        at = b.variable(0)
        with b.forever():
            self._join(at.get(), image)
            picked = b.load(self._picked, at.get())
            b.jump_when(b.differ(picked, b.load(self._best_path, at.get())), parted)
            b.jump_when(b.differ(picked, b.load(image, picked)), parted)
            at.add(1)
        b.place(parted)
        self.depth.set(b.add(at.get(), 1))

    def _join(self, depth: ir.Value, image: ir.Value) -> None:
        """Notes at a depth that each object is like its image."""
        b, size = self._b, self._moving.size
        orbits, tried = self._row(self._orbits, depth), self._row(self._tried, depth)
        with b.loop(0, size) as each:
            one, other = b.load(orbits, each.index), b.load(orbits, b.load(image, each.index))
            with b.when(b.differ(one, other)):
                either: Variable = b.variable(b.bit_or(b.load(tried, one), b.load(tried, other)))
                b.store(tried, one, either.get())
                with b.loop(0, size) as item:
                    same = b.equal(b.load(orbits, item.index), other)
                    b.store(orbits, item.index, b.select(same, one, b.load(orbits, item.index)))
