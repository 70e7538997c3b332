"""The row of numbers of a worker, to code."""

from __future__ import annotations

from dataclasses import dataclass

from llvmlite import ir

from kspec.explore.machine.builder import ROW, Builder, Operand
from kspec.explore.machine.simulation.memory import Own, Shape, Shared, Sight


@dataclass(frozen=True, slots=True)
class WorkerRow:
    """The row of the worker that the code runs for."""

    b: Builder
    shape: Shape
    row: ir.Value

    @classmethod
    def of(cls, b: Builder, shape: Shape, worker: ir.Value) -> WorkerRow:
        return cls(b, shape, b.ir.bitcast(worker, ROW))

    def get(self, cell: Own) -> ir.Value:
        return self.b.load(self.row, cell)

    def set(self, cell: Own, value: Operand) -> None:
        self.b.store(self.row, cell, value)

    def add(self, cell: Own, value: Operand) -> ir.Value:
        """Adds to a cell; gives what it is then."""
        total = self.b.add(self.get(cell), value)
        self.set(cell, total)
        return total

    @property
    def shared(self) -> ir.Value:
        return self.b.ir.inttoptr(self.get(Own.SHARED), ROW)

    def of_all(self, cell: Shared) -> ir.Value:
        """A cell of all workers."""
        return self.b.load(self.shared, cell)

    @property
    def state(self) -> ir.Value:
        return self.b.at(self.row, self.shape.state)

    @property
    def successor(self) -> ir.Value:
        return self.b.at(self.row, self.shape.successor)

    def counter(self, number: Operand) -> ir.Value:
        return self.b.at(self.row, self.b.add(number, self.shape.first_counter))

    def action(self, number: Operand) -> ir.Value:
        """How often an action was taken."""
        return self.b.at(self.row, self.b.add(number, self.shape.first_action))

    def sight(self, subject: Operand) -> ir.Value:
        offset = self.b.multiply(subject, Sight.SIZE)
        return self.b.at(self.row, self.b.add(offset, self.shape.first_sight))
