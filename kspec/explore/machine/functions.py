"""The functions through which the code of a system and the code of the search call each other.

The system defines `expand` and `judge`, the search `emit`, `count` and `report`. A packed state is a row of i64 words;
the two top bits of word 0 are zero in every packed state.
"""

from __future__ import annotations

from dataclasses import dataclass

from llvmlite import ir

I64 = ir.IntType(64)
WORKER = ir.IntType(8).as_pointer()
"""What belongs to one worker; only the search looks inside."""
STATE = I64.as_pointer()
"""The words of a packed state."""


@dataclass(frozen=True, slots=True)
class Functions:
    """`expand(worker, state)`: takes every binding in the state; gives successors to `emit`, tells the rest.
    `judge(worker, state)`: judges a newly stored state. `emit(worker, successor)`: takes a copy of a successor.
    `count(worker, counter)`: adds 1. `report(worker, finding, state)`: the state shows the finding.
    """

    module: ir.Module
    expand: ir.Function
    judge: ir.Function
    emit: ir.Function
    count: ir.Function
    report: ir.Function


def declare(module: ir.Module) -> Functions:
    """Declares all of them in a module."""
    of_state = ir.FunctionType(ir.VoidType(), (WORKER, STATE))
    of_number = ir.FunctionType(ir.VoidType(), (WORKER, I64))
    of_finding = ir.FunctionType(ir.VoidType(), (WORKER, I64, STATE))
    return Functions(
        module,
        expand=ir.Function(module, of_state, "expand"),
        judge=ir.Function(module, of_state, "judge"),
        emit=ir.Function(module, of_state, "emit"),
        count=ir.Function(module, of_number, "count"),
        report=ir.Function(module, of_finding, "report"),
    )
