"""The module that builds the graph of a system."""

from __future__ import annotations

from llvmlite import ir

from kspec.explore.machine.parts import parts_of
from kspec.explore.machine.temporal.kernel import define_kernel
from kspec.explore.machine.temporal.memory import Shape
from kspec.explore.machine.temporal.stepping import declare, define_expand
from kspec.system.fairness import Units
from kspec.system.system import System


def generate_graph(system: System, shape: Shape, units: Units) -> ir.Module:
    """Raises NotCompilable where machine code cannot do what the system needs."""
    module = ir.Module("graph")
    parts = parts_of(system, module)
    functions = declare(module)
    define_expand(functions, parts, units)
    define_kernel(functions, parts, shape, units)
    parts.define()
    return module
