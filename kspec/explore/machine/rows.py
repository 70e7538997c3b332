"""The row of numbers of a worker that searches, to code, and comparing states."""

from __future__ import annotations

from dataclasses import dataclass

from llvmlite import ir

from kspec.explore.machine.builder import Builder
from kspec.explore.machine.cells import Cells
from kspec.explore.machine.memory import Own, Shape, Shared


@dataclass(frozen=True, slots=True)
class WorkerRow(Cells[Shape, Own, Shared]):
    """The row of the worker that the code runs for."""

    def ring_entry(self, number: ir.Value) -> ir.Value:
        return self.b.at(self.row, self.b.add(self.b.multiply(number, self.shape.ring_entry), self.shape.ring))

    def counter(self, number: ir.Value) -> ir.Value:
        return self.b.at(self.row, self.b.add(number, self.shape.first_counter))

    def finding(self, number: ir.Value) -> ir.Value:
        offset = self.b.multiply(number, self.shape.finding)
        return self.b.at(self.row, self.b.add(offset, self.shape.first_finding))


def is_less(b: Builder, words: int, left: ir.Value, right: ir.Value) -> ir.Value:
    """Whether one state stands before another: word by word, unsigned."""
    result = b.variable(0)
    end = b.block("compared")
    with b.loop(0, words) as each:
        one, other = b.load(left, each.index), b.load(right, each.index)
        with b.when(b.differ(one, other)):
            result.set(b.bit(b.less_unsigned(one, other)))
            b.jump(end)
    b.place(end)
    return b.differ(result.get(), 0)


def are_equal(b: Builder, words: int, left: ir.Value, right: ir.Value) -> ir.Value:
    result = b.variable(0)
    end = b.block("compared")
    with b.loop(0, words) as each:
        b.jump_when(b.differ(b.load(left, each.index), b.load(right, each.index)), end)
    result.set(1)
    b.place(end)
    return b.differ(result.get(), 0)


def note_least(b: Builder, words: int, found: ir.Value, state: ir.Value) -> None:
    """`found` is whether a state was noted, and the least one."""
    least = b.at(found, 1)
    first, again, end = b.block("first"), b.block("again"), b.block("noted")
    b.fork(b.equal(b.load(found), 0), first, again)
    b.place(again)
    b.jump_unless(is_less(b, words, state, least), end)
    b.place(first)
    b.store(found, 0, 1)
    b.copy(least, state, words)
    b.place(end)
