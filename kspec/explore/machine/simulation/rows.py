"""The row of numbers of a worker that simulates, to code."""

from __future__ import annotations

from dataclasses import dataclass

from llvmlite import ir

from kspec.explore.machine.builder import Operand
from kspec.explore.machine.cells import Cells
from kspec.explore.machine.simulation.memory import Own, Shape, Shared, Sight


@dataclass(frozen=True, slots=True)
class WorkerRow(Cells[Shape, Own, Shared]):
    """The row of the worker that the code runs for."""

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
