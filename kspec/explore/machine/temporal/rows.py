"""The row of numbers of a worker that builds a graph, to code."""

from __future__ import annotations

from dataclasses import dataclass

from llvmlite import ir

from kspec.explore.machine.cells import Cells
from kspec.explore.machine.temporal.memory import Own, Shape, Shared


@dataclass(frozen=True, slots=True)
class WorkerRow(Cells[Shape, Own, Shared]):
    """The row of the worker that the code runs for."""

    def ring_entry(self, number: ir.Value) -> ir.Value:
        return self.b.at(self.row, self.b.add(self.b.multiply(number, self.shape.ring_entry), self.shape.ring))

    def masks(self, start: int) -> ir.Value:
        """The masks of units that begin there in the row."""
        return self.b.at(self.row, start)
