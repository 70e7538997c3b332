"""The row of numbers of one worker, to code: cells by name, and those that all workers share."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final, Generic, Self, TypeVar

from llvmlite import ir

from kspec.explore.machine.builder import I64, ROW, Builder, Operand

SHARED: Final = 0
"""The cell of every worker's row that points to the row of all workers."""

_CALLBACK = ir.FunctionType(ir.VoidType(), (I64,)).as_pointer()

ShapeT = TypeVar("ShapeT")
OwnT = TypeVar("OwnT", bound=IntEnum)
SharedT = TypeVar("SharedT", bound=IntEnum)


@dataclass(frozen=True, slots=True)
class Cells(Generic[ShapeT, OwnT, SharedT]):
    """The row of the worker that the code runs for. `argument`: the worker, as functions take it."""

    b: Builder
    shape: ShapeT
    argument: ir.Value
    row: ir.Value

    @classmethod
    def of(cls, b: Builder, shape: ShapeT, worker: ir.Value) -> Self:
        return cls(b, shape, worker, b.ir.bitcast(worker, ROW))

    def get(self, cell: OwnT) -> ir.Value:
        return self.b.load(self.row, cell)

    def set(self, cell: OwnT, value: Operand) -> None:
        self.b.store(self.row, cell, value)

    def add(self, cell: OwnT, value: Operand) -> ir.Value:
        """Adds to a cell; gives what it is then."""
        total = self.b.add(self.get(cell), value)
        self.set(cell, total)
        return total

    def pointer(self, cell: OwnT) -> ir.Value:
        """The row that a cell points to."""
        return self.b.ir.inttoptr(self.get(cell), ROW)

    @property
    def shared(self) -> ir.Value:
        return self.b.ir.inttoptr(self.b.load(self.row, SHARED), ROW)

    def of_all(self, cell: SharedT) -> ir.Value:
        """A cell of all workers."""
        return self.b.load(self.shared, cell)

    def row_of_all(self, cell: SharedT, of: ir.Type = I64) -> ir.Value:
        """The row that a cell of all workers points to."""
        return self.b.ir.inttoptr(self.of_all(cell), of.as_pointer())

    def call_back(self, cell: SharedT, number: OwnT) -> None:
        """Calls the Python function of a cell of all workers, with the number of this one."""
        self.b.ir.call(self.b.ir.inttoptr(self.of_all(cell), _CALLBACK), [self.get(number)])
