"""The object code that builds the graph of a system, made or found among what was made before."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from llvmlite import binding

from kspec.explore.machine.compile import Effort, load
from kspec.explore.machine.layout import PackedLayout
from kspec.explore.machine.make import code_named, kept_name
from kspec.explore.machine.temporal.memory import Shape
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
    name = name_of("graph", kept_name(system, symmetric=False, fingerprint=None))
    engine = load(code_named(name, effort, lambda: _generated(system, shape, units)))
    enter, run = (_OfWorker(engine.get_function_address(function)) for function in ("enter", "run"))
    return GraphCode(shape, units, enter, run, engine)


def _generated(system: System, shape: Shape, units: Units) -> str:
    # the generator is loaded only where code is made
    from kspec.explore.machine.temporal.generate import generate_graph

    return str(generate_graph(system, shape, units))
