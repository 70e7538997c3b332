"""`judge`, and the properties of steps and ends: what the properties of a system say, as code."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from llvmlite import ir

from kspec.explore.machine.builder import I64, ROW, Builder, Operand
from kspec.explore.machine.code import Code, Shared, Unpacked
from kspec.explore.machine.expressions import Expressions
from kspec.explore.machine.facts import (
    Deadlocked,
    Finding,
    PropertyFails,
    Reached,
    RoomUsed,
    StepPropertyFails,
    StepViolated,
    TerminalFails,
    Violated,
)
from kspec.explore.machine.functions import WORKER, Functions
from kspec.explore.machine.numbering import Numbering
from kspec.explore.machine.packing import Packing
from kspec.explore.machine.telling import Teller
from kspec.system.expressions import Expr, FailureKind
from kspec.system.properties import PropertyKind
from kspec.system.system import FREE, Kind, System


def define_judge(shared: Shared, functions: Functions, numbering: Numbering, packing: Packing) -> None:
    """`judge`: the properties of one state, and how many objects there are."""
    b = Builder(functions.judge)
    worker, words = functions.judge.args
    tell = Teller(b, functions, numbering, worker)
    code = Code(shared, b, packing.unpacked(b, words))
    for kind in shared.system.kinds:
        _count_room(code, tell, kind)
    for name, expression in properties(shared.system, PropertyKind.INVARIANT):
        _judge(code, tell, expression, words, Violated(name), partial(PropertyFails, name))
    for name, expression in properties(shared.system, PropertyKind.REACHABLE):
        _look_for(code, tell, name, expression)
    b.ret()
    b.finish()


def judge_end(code: Code, tell: Teller) -> None:
    """The properties of states in which nothing can happen."""
    for name, expression in properties(code.shared.system, PropertyKind.DEADLOCK):
        _judge(code, tell, expression, code.new.words, Deadlocked(name), partial(TerminalFails, name))


class StepJudge:
    """The properties of steps, in a function of their own."""

    def __init__(self, shared: Shared, functions: Functions, numbering: Numbering, packing: Packing) -> None:
        self._shared = shared
        self._functions = functions
        self._numbering = numbering
        self._packing = packing
        self._properties = tuple(properties(shared.system, PropertyKind.STEP))
        of_step = ir.FunctionType(ir.VoidType(), (WORKER, ROW, ROW, ROW, I64))
        self._function = ir.Function(functions.module, of_step, "judge_step") if self._properties else None

    @property
    def is_needed(self) -> bool:
        """Whether there are properties of steps."""
        return self._function is not None

    def define(self) -> None:
        """`judge_step(worker, words before, cells before, words after, action)`"""
        if self._function is None:
            return
        self._function.linkage = "internal"
        self._function.attributes.add("noinline")  # every transition calls it
        b = Builder(self._function)
        worker, before, cells, after, action = self._function.args
        end = b.block("same")
        _jump_if_same(b, before, after, self._shared.layout.words, end)
        code = Code(self._shared, b, self._packing.unpacked(b, after), Unpacked(before, cells), action)
        tell = Teller(b, self._functions, self._numbering, worker)
        for name, expression in self._properties:
            _judge(code, tell, expression, before, StepViolated(name), partial(StepPropertyFails, name))
        b.place(end)
        b.ret()
        b.finish()

    def call(self, tell: Teller, old: Unpacked, after: ir.Value, action: Operand) -> None:
        """Judges a step, if there are properties of steps. They say nothing of one that changes no state."""
        if self._function is not None:
            tell.b.call(self._function, (tell.worker, old.words, old.cells, after, action))


def properties(system: System, kind: PropertyKind) -> Iterator[tuple[str, Expr]]:
    """The properties of a kind that have an expression."""
    for property in system.properties:
        if property.kind is kind and property.expression is not None:
            yield property.name, property.expression


def _judge(
    code: Code,
    tell: Teller,
    expression: Expr,
    words: ir.Value,
    violated: Finding,
    fails: Callable[[FailureKind], Finding],
) -> None:
    """Reports the state of these words where an expression is false, or fails."""
    b = code.b
    end, false = b.block("judged"), b.block("violated")

    def handle(kind: FailureKind) -> None:
        tell.report(fails(kind), words)
        b.jump(end)

    with code.catching(handle):
        Expressions(code).jump_unless(expression, false)
        b.jump(end)
        b.place(false)
        tell.report(violated, words)
    b.place(end)


def _look_for(code: Code, tell: Teller, name: str, expression: Expr) -> None:
    b = code.b
    end = b.block("looked_for")

    def handle(kind: FailureKind) -> None:
        tell.report(PropertyFails(name, kind), code.new.words)
        b.jump(end)

    with code.catching(handle):
        Expressions(code).jump_unless(expression, end)
        tell.report(Reached(name), code.new.words)
    b.place(end)


def _count_room(code: Code, tell: Teller, kind: Kind) -> None:
    """Counts a state with so many slots in use; the counters of a kind follow each other."""
    b, status = code.b, code.shared.layout.status(kind.sort)
    if status is None:
        return
    counters = [tell.numbering.counter(RoomUsed(kind.name, slots)) for slots in range(len(kind.slots) + 1)]
    used = b.variable(counters[0])
    with b.loop(status, status + len(kind.slots)) as each:
        used.add(b.bit(b.differ(b.load(code.new.cells, each.index), FREE)))
    b.call(tell.functions.count, (tell.worker, used.get()))


def _jump_if_same(b: Builder, before: ir.Value, after: ir.Value, words: int, target: ir.Block) -> None:
    difference = b.variable(0)
    with b.loop(0, words) as each:
        difference.include(b.bit_xor(b.load(before, each.index), b.load(after, each.index)))
    b.jump_when(b.equal(difference.get(), 0), target)
