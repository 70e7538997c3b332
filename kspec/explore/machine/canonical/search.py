"""Trying tied objects, where it may matter which one comes first.

Depth first, with the state of each depth in rows: the colours to go back to, the object that was picked, and which
objects need not be tried, since an automorphism maps them onto one that was. Two ways to the same form show an
automorphism; where they parted, the later way has nothing new. `symmetry.canonical` is the same search.

Few states need it: its code is in functions of their own, which LLVM spends little time on.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from llvmlite import ir

from kspec.explore.machine.builder import I64, ROW, Block, Builder
from kspec.explore.machine.canonical.colours import Ties
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


class _Cell(IntEnum):
    """The first cells of a search's memory."""

    DEPTH = 0
    """How many objects are picked; 0 where no search is needed."""
    LEFT = 1
    """How many more forms may be compared."""
    HAS_BEST = 2
    GIVEN_UP = 3
    SIZE = 4


@dataclass(frozen=True, slots=True)
class Form:
    """A form of the state, and where the objects went on the way to it."""

    words: ir.Value
    targets: ir.Value


@dataclass(frozen=True, slots=True)
class _Shape:
    """The sizes of the rows in a search's memory."""

    size: int
    words: int

    @property
    def deepest(self) -> int:
        return max(1, min(_DEEPEST, _MOST_NUMBERS // self.size))

    @property
    def numbers(self) -> int:
        """The size of the memory."""
        return _Cell.SIZE + 3 * self.deepest * (self.size + 1) + 2 * (self.words + self.size)


class _Memory:
    """What a search remembers, for the code of one function. By depth: `saved`, `orbits` (for each object the least one
    known to be like it), `tried`, `picked`, `chosen` (the colour of the objects that are tried), `best_path`."""

    def __init__(self, b: Builder, row: ir.Value, shape: _Shape) -> None:
        self._b = b
        self._row = row
        self._size = shape.size
        self._next = int(_Cell.SIZE)
        self.saved, self.orbits, self.tried = (self._take(shape.deepest * shape.size) for _ in range(3))
        self.picked, self.chosen, self.best_path = (self._take(shape.deepest) for _ in range(3))
        self.form, self.best = (Form(self._take(shape.words), self._take(shape.size)) for _ in range(2))

    def _take(self, size: int) -> ir.Value:
        row = self._b.at(self._row, self._next)
        self._next += size
        return row

    def get(self, cell: _Cell) -> ir.Value:
        return self._b.load(self._row, cell)

    def set(self, cell: _Cell, value: ir.Value | int) -> None:
        self._b.store(self._row, cell, value)

    def at(self, rows: ir.Value, depth: ir.Value) -> ir.Value:
        """The row of a depth."""
        return self._b.at(rows, self._b.multiply(depth, self._size))


class FormSearch:
    """The search, as the code of `canonical` sees it."""

    def __init__(self, b: Builder, moving: Moving, constants: Constants, colours: ir.Value, ties: Ties) -> None:
        shape = _Shape(moving.size, moving.layout.words)
        self._b = b
        self._arguments = (b.array(shape.numbers), colours, ties.tied)
        self._memory = _Memory(b, self._arguments[0], shape)
        self.form, self.best = self._memory.form, self._memory.best
        module = b.function.module
        self._branch, self._pick_next, self._compare = (
            _Part(module, name, shape, moving, constants) for name in ("branch", "pick_next", "compare")
        )
        self._branch.define_branch()
        self._pick_next.define_pick_next()
        self._compare.define_compare()

    def start(self) -> None:
        for cell in (_Cell.DEPTH, _Cell.HAS_BEST, _Cell.GIVEN_UP):
            self._memory.set(cell, 0)
        self._memory.set(_Cell.LEFT, MOST_FORMS)

    @property
    def depth(self) -> ir.Value:
        return self._memory.get(_Cell.DEPTH)

    @property
    def given_up(self) -> ir.Value:
        return self._memory.get(_Cell.GIVEN_UP)

    def branch(self, no_choice: Block) -> None:
        """Prepares to try each object of the tied class with the least colour. Jumps where there is no room for it."""
        has_room = self._b.call(self._branch.function, self._arguments)
        self._b.jump_when(self._b.equal(has_room, 0), no_choice)

    def pick_next(self, done: Block) -> None:
        """Picks the next object at the deepest depth where there is one. Jumps to `done` where there is none, or no
        more forms may be compared."""
        is_picked = self._b.call(self._pick_next.function, self._arguments)
        self._b.jump_when(self._b.equal(is_picked, 0), done)

    def compare(self) -> None:
        """Keeps the form if it is the least so far, and learns from one that is the same."""
        self._b.call(self._compare.function, self._arguments)


class _Part:
    """The code of one of the search's functions, `part(memory, colours, tied)`."""

    def __init__(self, module: ir.Module, name: str, shape: _Shape, moving: Moving, constants: Constants) -> None:
        self.function = ir.Function(module, ir.FunctionType(I64, (ROW, ROW, ROW)), name)
        self.function.linkage = "internal"
        self.function.attributes.add("noinline")
        self.function.attributes.add("optnone")
        memory, self._colours, self._tied = self.function.args
        self._b = Builder(self.function)
        self._memory = _Memory(self._b, memory, shape)
        self._shape = shape
        self._moving = moving
        self._constants = constants

    # --- picking -----------------------------------------------------------------------------------------------------

    def define_branch(self) -> None:
        """Gives 0 where there is no room."""
        b, memory, size = self._b, self._memory, self._shape.size
        depth = memory.get(_Cell.DEPTH)
        with b.when(b.at_most(self._shape.deepest, depth)):
            memory.set(_Cell.GIVEN_UP, 1)
            b.ret(0)
        b.copy(memory.at(memory.saved, depth), self._colours, size)
        b.copy(memory.at(memory.orbits, depth), self._constants.row(range(size)), size)
        with b.loop(0, size) as each:
            b.store(memory.at(memory.tried, depth), each.index, _Tried.NO)
        b.store(memory.picked, depth, -1)
        b.store(memory.chosen, depth, self._least_tied_colour())
        memory.set(_Cell.DEPTH, b.add(depth, 1))
        b.ret(1)
        b.finish()

    def _least_tied_colour(self) -> ir.Value:
        b, least = self._b, self._b.variable(-1)
        with b.loop(0, self._moving.nobody) as each, b.when(b.differ(b.load(self._tied, each.index), 0)):
            colour = b.load(self._colours, each.index)
            least.set(b.select(b.less_unsigned(colour, least.get()), colour, least.get()))
        return least.get()

    def define_pick_next(self) -> None:
        """Gives 1 where one was picked."""
        b, memory = self._b, self._memory
        with b.while_(lambda: b.differ(memory.get(_Cell.DEPTH), 0)):
            at = b.subtract(memory.get(_Cell.DEPTH), 1)
            picked = b.load(memory.picked, at)
            with b.unless(b.less(picked, 0)):
                orbit = b.load(memory.at(memory.orbits, at), picked)
                b.store(memory.at(memory.tried, at), orbit, _Tried.YES)
            self._pick_behind(at, picked)
            memory.set(_Cell.DEPTH, at)
        b.ret(0)
        b.finish()

    def _pick_behind(self, depth: ir.Value, picked: ir.Value) -> None:
        b, memory = self._b, self._memory
        saved, orbits, tried = (memory.at(rows, depth) for rows in (memory.saved, memory.orbits, memory.tried))
        with b.loop(b.add(picked, 1), self._moving.nobody) as each:
            b.jump_unless(b.equal(b.load(saved, each.index), b.load(memory.chosen, depth)), each.again)
            b.jump_when(b.equal(b.load(tried, b.load(orbits, each.index)), _Tried.YES), each.again)
            with b.when(b.equal(memory.get(_Cell.LEFT), 0)):
                memory.set(_Cell.GIVEN_UP, 1)
                b.ret(0)
            b.store(memory.picked, depth, each.index)
            b.copy(self._colours, saved, self._shape.size)
            own = mixed(b, b.add(b.load(saved, each.index), seed("picked")))
            b.store(self._colours, each.index, own)
            b.ret(1)

    # --- comparing ---------------------------------------------------------------------------------------------------

    def define_compare(self) -> None:
        b, memory = self._b, self._memory
        memory.set(_Cell.LEFT, b.subtract(memory.get(_Cell.LEFT), 1))
        worse, better = b.block("worse"), b.block("better")
        b.jump_when(b.equal(memory.get(_Cell.HAS_BEST), 0), better)
        with b.loop(0, self._shape.words) as each:
            mine, least = b.load(memory.form.words, each.index), b.load(memory.best.words, each.index)
            b.jump_when(b.less_unsigned(mine, least), better)
            b.jump_when(b.differ(mine, least), worse)
        self._learn()
        b.jump(worse)
        b.place(better)
        self._keep()
        b.place(worse)
        b.ret(0)
        b.finish()

    def _keep(self) -> None:
        b, memory = self._b, self._memory
        b.copy(memory.best.words, memory.form.words, self._shape.words)
        b.copy(memory.best.targets, memory.form.targets, self._shape.size)
        b.copy(memory.best_path, memory.picked, self._shape.deepest)
        memory.set(_Cell.HAS_BEST, 1)

    def _learn(self) -> None:
        """The automorphism maps each object to the one that went to the same place on the way to the best form. It
        counts at every depth whose earlier picks it leaves alone: those at which the two ways are the same, and the
        one where they parted, to which the search goes back."""
        b, memory, size = self._b, self._memory, self._shape.size
        back, image = b.array(size), b.array(size)
        with b.loop(0, size) as each:
            b.store(back, b.load(memory.best.targets, each.index), each.index)
        with b.loop(0, size) as each:
            b.store(image, each.index, b.load(back, b.load(memory.form.targets, each.index)))
        parted = b.block("parted")
        at = b.variable(0)
        with b.forever():
            self._join(at.get(), image)
            picked = b.load(memory.picked, at.get())
            b.jump_when(b.differ(picked, b.load(memory.best_path, at.get())), parted)
            b.jump_when(b.differ(picked, b.load(image, picked)), parted)
            at.add(1)
        b.place(parted)
        memory.set(_Cell.DEPTH, b.add(at.get(), 1))

    def _join(self, depth: ir.Value, image: ir.Value) -> None:
        """Notes at a depth that each object is like its image."""
        b, memory, size = self._b, self._memory, self._shape.size
        orbits, tried = memory.at(memory.orbits, depth), memory.at(memory.tried, depth)
        with b.loop(0, size) as each:
            one, other = b.load(orbits, each.index), b.load(orbits, b.load(image, each.index))
            with b.when(b.differ(one, other)):
                b.store(tried, one, b.bit_or(b.load(tried, one), b.load(tried, other)))
                with b.loop(0, size) as item:
                    same = b.equal(b.load(orbits, item.index), other)
                    b.store(orbits, item.index, b.select(same, one, b.load(orbits, item.index)))
