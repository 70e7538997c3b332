"""Rows on the stack of machine code with guard words around them: whoever writes beside a row is found out."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from llvmlite import ir

from kspec.explore.machine import builder
from kspec.explore.machine.builder import I64, Builder, Operand

BESIDE = "beside"
"""The global number of how many guard words were found changed."""
_WIDTH = 8
_UNTOUCHED = 0x5AFE_C0DE_5AFE_C0DE


@contextmanager
def guarded() -> Iterator[None]:
    """Functions that are built inside count in BESIDE, where they return, the guard words that were written to."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Builder, "__init__", _begin)
        patch.setattr(Builder, "array", _array)
        patch.setattr(Builder, "ret", _return)
        yield


def written_beside(engine: Any) -> int:
    """How many guard words the functions of an engine found changed so far."""
    return ctypes.c_uint64.from_address(engine.get_global_value_address(BESIDE)).value


_begin_unguarded, _array_unguarded, _return_unguarded = Builder.__init__, Builder.array, Builder.ret


def _begin(self: Any, function: ir.Function) -> None:
    self.guards = []
    _begin_unguarded(self, function)


def _array(self: Any, size: int) -> ir.Value:
    row = _array_unguarded(self, size + 2 * _WIDTH)
    entry = self._entry_builder
    for number in (*range(_WIDTH), *range(_WIDTH + size, 2 * _WIDTH + size)):
        guard = entry.gep(row, [I64(number)])
        entry.store(builder._number(_UNTOUCHED), guard)
        self.guards.append(guard)
    return entry.gep(row, [I64(_WIDTH)])


def _return(self: Any, value: Operand | None = None) -> None:
    module = self.function.module
    if BESIDE not in module.globals:
        ir.GlobalVariable(module, I64, BESIDE).initializer = I64(0)
    for guard in self.guards:
        changed = self.differ(self.ir.load(guard), _UNTOUCHED)
        self.store(module.globals[BESIDE], 0, self.add(self.load(module.globals[BESIDE]), self.bit(changed)))
    _return_unguarded(self, value)
