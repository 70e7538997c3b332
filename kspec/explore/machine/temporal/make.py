"""The object code that builds the graph of a system, made or found among what was made before."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from llvmlite import binding, ir

from kspec.explore.machine.compile import Effort, compile_text, load, made_for
from kspec.explore.machine.layout import PackedLayout
from kspec.explore.machine.make import OBJECTS, kept_name
from kspec.explore.machine.parts import parts_of
from kspec.explore.machine.program import ObjectCode
from kspec.explore.machine.temporal.kernel import define_kernel
from kspec.explore.machine.temporal.memory import Shape
from kspec.explore.machine.temporal.stepping import declare, define_expand
from kspec.explore.temporal.units import columns
from kspec.system.fairness import Units, units_of
from kspec.system.system import System
from kspec.user_cache import name_of

_OfWorker: Final = ctypes.CFUNCTYPE(None, ctypes.c_void_p)


@dataclass(frozen=True, slots=True)
class GraphCode:
    """The functions that build a graph. They run without Python's lock."""

    shape: Shape
    units: Units
    enter: Callable[[int], None]
    run: Callable[[int], None]
    engine: binding.ExecutionEngine
    """Owns the memory of the code."""


def graph_code(system: System, effort: Effort) -> GraphCode:
    """Raises NotCompilable where machine code cannot do what the system needs, and TooManyUnits."""
    units = units_of(system)
    shape = Shape(PackedLayout(system).words, columns(units))
    name = name_of("graph", kept_name(system, symmetric=False, fingerprint=None), made_for(effort))
    kept = OBJECTS.load(name)
    if kept is None:
        kept = ObjectCode(compile_text(str(_generate(system, shape, units)), effort), (), (), is_reduced=False)
        OBJECTS.store(name, kept)
    engine = load(kept.code)
    enter, run = (_OfWorker(engine.get_function_address(function)) for function in ("enter", "run"))
    return GraphCode(shape, units, enter, run, engine)


def _generate(system: System, shape: Shape, units: Units) -> ir.Module:
    module = ir.Module("graph")
    parts = parts_of(system, module)
    functions = declare(module)
    define_expand(functions, parts, units)
    define_kernel(functions, parts, shape, units)
    parts.define()
    return module
