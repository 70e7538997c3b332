"""From the module of a search to functions of its row."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from llvmlite import binding, ir

from kspec.explore.machine.compile import load
from kspec.explore.machine.make import kept_code

_OfRow: Final = ctypes.CFUNCTYPE(None, ctypes.c_void_p)


@dataclass(frozen=True, slots=True)
class Function:
    """Runs without Python's lock."""

    call: Any
    engine: binding.ExecutionEngine
    """Owns the memory of the code."""


def functions_of(module: ir.Module, names: Sequence[str]) -> dict[str, Function]:
    """Object code is kept by the text of the module, which is the same for all systems."""
    engine = load(kept_code(str(module)))
    return {name: Function(_OfRow(engine.get_function_address(name)), engine) for name in names}
