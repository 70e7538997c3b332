"""The functions of a module of which all systems have the same."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from llvmlite import binding

from kspec.explore.machine.compile import Effort, load
from kspec.explore.machine.make import code_named, version_of_generators
from kspec.user_cache import name_of

_OfRow: Final = ctypes.CFUNCTYPE(None, ctypes.c_void_p)


@dataclass(frozen=True, slots=True)
class Function:
    """Runs without Python's lock."""

    call: Any
    engine: binding.ExecutionEngine
    """Owns the memory of the code."""


def functions_of(module: str, names: Sequence[str], generate: Callable[[], str]) -> dict[str, Function]:
    """Object code is kept by the name of the module; `generate` makes its text where it is not."""
    engine = load(code_named(name_of(module, version_of_generators()), Effort.THOROUGH, generate))
    return {name: Function(_OfRow(engine.get_function_address(name)), engine) for name in names}
