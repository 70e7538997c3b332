"""The function `canonical(worker, state)`: rewrites a packed state, in place."""

from __future__ import annotations

from llvmlite import ir

from kspec.explore.machine.builder import Builder
from kspec.explore.machine.canonical.colours import Colouring
from kspec.explore.machine.canonical.forest import Forest
from kspec.explore.machine.canonical.links import Reader
from kspec.explore.machine.canonical.moving import Moving
from kspec.explore.machine.canonical.rewrite import Rewriter
from kspec.explore.machine.canonical.search import FormSearch
from kspec.explore.machine.canonical.targets import Targets
from kspec.explore.machine.constants import Constants
from kspec.explore.machine.functions import STATE, WORKER, Functions
from kspec.explore.machine.layout import PackedLayout
from kspec.explore.machine.packing import Packing
from kspec.explore.symmetry.group import Group
from kspec.system.system import System


def define_canonical(
    system: System,
    group: Group,
    functions: Functions,
    layout: PackedLayout,
    constants: Constants,
    packing: Packing,
    given_up: int,
) -> ir.Function:
    """`given_up`: the counter of the states whose form may not be the only one of their orbit, since the search for the
    least met its limit."""
    type_ = ir.FunctionType(ir.VoidType(), (WORKER, STATE))
    function = ir.Function(functions.module, type_, "canonical")
    function.linkage = "internal"
    function.attributes.add("noinline")
    _Canonical(function, Moving(system, layout, group), functions, constants, packing, given_up).define()
    return function


class _Canonical:
    def __init__(
        self,
        function: ir.Function,
        moving: Moving,
        functions: Functions,
        constants: Constants,
        packing: Packing,
        given_up: int,
    ) -> None:
        self._worker, self._state = function.args
        self._b = b = Builder(function)
        self._moving = moving
        self._functions = functions
        self._constants = constants
        self._packing = packing
        self._given_up = given_up
        self._cells = packing.unpacked(b, self._state).cells
        self._colours = b.array(moving.size)

    def define(self) -> None:
        b, moving, constants, colours = self._b, self._moving, self._constants, self._colours
        links = Reader(b, moving, constants, self._cells, colours).read()
        colouring = Colouring(b, moving, constants, colours, links)
        forest = Forest(b, moving, constants, colours, links, colouring.ties)
        targets = Targets(b, moving, constants, colours, forest.turns)
        targets.prepare()
        if links:
            colouring.prepare()
            self._order_linked(colouring, forest, targets)
        else:
            forest.forget()
            targets.find()
            self._write(targets, self._state)
        b.ret()
        b.finish()

    def _write(self, targets: Targets, state: ir.Value) -> None:
        b = self._b
        written = b.array(self._moving.layout.size)
        Rewriter(b, self._moving, self._cells, targets.targets, written).write()
        b.call(self._packing.pack, [written, state])

    def _order_linked(self, colouring: Colouring, forest: Forest, targets: Targets) -> None:
        b = self._b
        search = FormSearch(b, self._moving, self._constants, self._colours, colouring.ties)
        search.start()
        crowded, any_order, ordered = b.block("crowded"), b.block("any_order"), b.block("ordered")
        pick, done, end = b.block("pick"), b.block("done"), b.block("end")
        with b.forever():
            colouring.refine()
            b.jump_when(b.equal(colouring.ties.count.get(), 0), any_order)
            forest.order(crowded)
            b.jump(ordered)
            b.place(crowded)
            search.branch(any_order)
            b.jump(pick)
            b.place(any_order)
            forest.forget()
            b.place(ordered)
            targets.find()
            is_only = b.equal(search.depth, 0)
            self._write(targets, b.ir.select(is_only, self._state, search.form.words))
            b.jump_when(is_only, end)
            b.copy(search.form.targets, targets.targets, self._moving.size)
            search.compare()
            b.place(pick)
            search.pick_next(done)
        b.place(done)
        b.copy(self._state, search.best.words, self._moving.layout.words)
        with b.when(b.differ(search.given_up, 0)):
            b.call(self._functions.count, [self._worker, self._given_up])
        b.place(end)
