"""The code of atoms: a mask of those that are true, for each of some states, or for each step from them."""

from __future__ import annotations

from typing import Final

from llvmlite import ir

from kspec.explore.machine.builder import I64, ROW, Block, Builder
from kspec.explore.machine.code import Code, Unpacked
from kspec.explore.machine.expressions import Expressions
from kspec.explore.machine.parts import Parts, parts_of
from kspec.explore.machine.places import exists
from kspec.explore.machine.temporal.asked import Argument, Asked
from kspec.system.expressions import FailureKind, Moment
from kspec.system.system import System

_I16: Final = ir.IntType(16)
_I32: Final = ir.IntType(32)


def generate_atoms(system: System, asked: Asked) -> ir.Module:
    """A module with `ask(row)`. Raises NotCompilable where machine code cannot do what an expression needs."""
    module = ir.Module("atoms")
    parts = parts_of(system, module)
    ask = ir.Function(module, ir.FunctionType(ir.VoidType(), (ROW,)), "ask")
    _Asking(parts, asked, ask).define()
    parts.define()
    return module


class _Asking:
    """Builds `ask`."""

    def __init__(self, parts: Parts, asked: Asked, ask: ir.Function) -> None:
        self._parts = parts
        self._asked = asked
        self._b = Builder(ask)
        self._row = ask.args[0]

    def define(self) -> None:
        b = self._b
        with b.loop(b.load(self._row, Argument.FIRST), b.load(self._row, Argument.END)) as each:
            words = b.at(self._pointer(Argument.STATES), b.multiply(each.index, self._parts.layout.words))
            state = self._parts.packing.unpacked(b, words)
            if self._asked.of_steps:
                self._ask_steps(each.index, state, each.again)
            else:
                code = self._bound(Code(self._parts.shared, b, state))
                self._jump_unless_alive(code, Moment.NEW, each.again)
                self._ask(code, each.index)
        b.ret()
        b.finish()

    def _pointer(self, cell: Argument, of: ir.Type = I64) -> ir.Value:
        return self._b.ir.inttoptr(self._b.load(self._row, cell), of.as_pointer())

    def _ask_steps(self, state: ir.Value, old: Unpacked, again: Block) -> None:
        b = self._b
        action = b.variable(0)
        self._jump_unless_alive(self._bound(Code(self._parts.shared, b, old, old)), Moment.OLD, again)
        offsets = b.at(self._pointer(Argument.OFFSETS), state)
        with b.loop(b.load(offsets), b.load(offsets, 1)) as step:
            action.set(b.ir.zext(b.ir.load(b.ir.gep(self._pointer(Argument.ACTIONS, _I16), [step.index])), I64))
            new = self._target(step.index) if self._asked.looks_at_new else old
            self._ask(self._bound(Code(self._parts.shared, b, new, old, action.get())), step.index)

    def _target(self, step: ir.Value) -> Unpacked:
        b = self._b
        target = b.ir.zext(b.ir.load(b.ir.gep(self._pointer(Argument.TARGETS, _I32), [step])), I64)
        words = b.at(self._pointer(Argument.STATES), b.multiply(target, self._parts.layout.words))
        return self._parts.packing.unpacked(b, words)

    def _bound(self, code: Code) -> Code:
        values = self._pointer(Argument.VALUES)
        for position, local in enumerate(self._asked.locals):
            code.bind(local, self._b.load(values, position))
        return code

    def _jump_unless_alive(self, code: Code, moment: Moment, otherwise: Block) -> None:
        for local in self._asked.alive:
            alive = exists(code, local.sort, code.locals[local.id], moment)
            if alive is not None:
                self._b.jump_unless(alive, otherwise)

    def _ask(self, code: Code, number: ir.Value) -> None:
        """Writes the mask of a state or step; the first expression that fails ends it all."""
        b = self._b
        mask = b.variable(0)

        def handle(kind: FailureKind) -> None:
            b.store(self._row, Argument.FAILED, number)
            b.ret()

        for bit, expression in enumerate(self._asked.expressions):
            onward = b.block("onward")
            with code.catching(handle):
                Expressions(code).jump_unless(expression, onward)
                mask.include(1 << bit)
                b.place(onward)
        b.store(self._pointer(Argument.MASKS), number, mask.get())
