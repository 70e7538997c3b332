"""Rows of constant numbers in a module."""

from __future__ import annotations

from collections.abc import Sequence

from llvmlite import ir

from kspec.explore.machine.builder import I64, ROW


class Constants:
    """Gives out rows, one for each content. `name`: of all its rows, in the module."""

    def __init__(self, module: ir.Module, name: str = "constants") -> None:
        self._module = module
        self._name = name
        self._rows: dict[tuple[int, ...], ir.Value] = {}

    def row(self, numbers: Sequence[int]) -> ir.Value:
        """A pointer to these numbers."""
        key = tuple(numbers)
        if key not in self._rows:
            of = ir.ArrayType(I64, len(key))
            row = ir.GlobalVariable(self._module, of, f"{self._name}.{len(self._rows)}")
            row.linkage, row.global_constant = "internal", True
            row.initializer = ir.Constant(of, [ir.Constant(I64, number) for number in key])
            self._rows[key] = row.bitcast(ROW)
        return self._rows[key]
