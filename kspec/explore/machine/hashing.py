"""The hash of a packed state."""

from __future__ import annotations

from typing import Final

from llvmlite import ir

from kspec.explore.machine.builder import I64, Builder

_I128: Final = ir.IntType(128)
_START: Final = 0x9E3779B97F4A7C15
_WORD: Final = 0xD6E8FEB86659FD93
_END: Final = 0xA0761D6478BD642F
_FEW: Final = 8


def hash_of(b: Builder, state: ir.Value, words: int) -> ir.Value:
    """Folded products, one a word and one at the end, as in wyhash; the top bits are as good as the others."""
    mixed = b.variable(_START)
    if words <= _FEW:
        for number in range(words):
            mixed.set(_with(b, mixed.get(), b.load(state, number)))
    else:
        with b.loop(0, words) as each:
            mixed.set(_with(b, mixed.get(), b.load(state, each.index)))
    return _fold(b, mixed.get(), _END)


def _with(b: Builder, mixed: ir.Value, word: ir.Value) -> ir.Value:
    return _fold(b, b.bit_xor(mixed, word), _WORD)


def _fold(b: Builder, left: ir.Value, right: int) -> ir.Value:
    """The two halves of the product, by exclusive or."""
    product = b.ir.mul(b.ir.zext(left, _I128), _I128(right))
    low = b.ir.trunc(product, I64)
    high = b.ir.trunc(b.ir.lshr(product, _I128(64)), I64)
    return b.bit_xor(low, high)
