"""The row of numbers of a worker that builds a graph, to code."""

from __future__ import annotations

from dataclasses import dataclass

from llvmlite import ir

from kspec.explore.machine.builder import I64, ROW, Builder, Operand
from kspec.explore.machine.temporal.memory import Own, Shape, Shared

_CALLBACK = ir.FunctionType(ir.VoidType(), (I64,)).as_pointer()


@dataclass(frozen=True, slots=True)
class WorkerRow:
    """The row of the worker that the code runs for."""

    b: Builder
    shape: Shape
    argument: ir.Value
    """The worker, as functions take it."""
    row: ir.Value

    @classmethod
    def of(cls, b: Builder, shape: Shape, worker: ir.Value) -> WorkerRow:
        return cls(b, shape, worker, b.ir.bitcast(worker, ROW))

    def get(self, cell: Own) -> ir.Value:
        return self.b.load(self.row, cell)

    def set(self, cell: Own, value: Operand) -> None:
        self.b.store(self.row, cell, value)

    def add(self, cell: Own, value: Operand) -> None:
        self.set(cell, self.b.add(self.get(cell), value))

    @property
    def shared(self) -> ir.Value:
        return self.b.ir.inttoptr(self.get(Own.SHARED), ROW)

    def of_all(self, cell: Shared) -> ir.Value:
        """A cell of all workers."""
        return self.b.load(self.shared, cell)

    def row_of_all(self, cell: Shared, of: ir.Type = I64) -> ir.Value:
        """The row that a cell of all workers points to."""
        return self.b.ir.inttoptr(self.of_all(cell), of.as_pointer())

    def call_back(self, cell: Shared) -> None:
        """Calls the Python function of a cell, for this worker."""
        self.b.ir.call(self.b.ir.inttoptr(self.of_all(cell), _CALLBACK), [self.get(Own.NUMBER)])

    def ring_entry(self, number: ir.Value) -> ir.Value:
        return self.b.at(self.row, self.b.add(self.b.multiply(number, self.shape.ring_entry), self.shape.ring))

    def masks(self, start: int) -> ir.Value:
        """The masks of units that begin there in the row."""
        return self.b.at(self.row, start)
