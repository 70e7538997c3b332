"""Hashes of a packed state: a fast one for its place in the table, and a fingerprint that may stand for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from llvmlite import ir

from kspec.explore.machine.builder import I64, Builder

_I128: Final = ir.IntType(128)
_START: Final = 0x9E3779B97F4A7C15
_WORD: Final = 0xD6E8FEB86659FD93
_END: Final = 0xA0761D6478BD642F
_FEW: Final = 8

_ROUNDS: Final = ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB))
_LAST_SHIFT: Final = 31


def hash_of(b: Builder, state: ir.Value, words: int) -> ir.Value:
    """Folded products, one a word and one at the end, as in wyhash; the top bits are as good as the others."""
    return _fold(b, _over_words(b, state, words, lambda value: _fold(b, value, _WORD)), _END)


def fingerprint_of(b: Builder, state: ir.Value, words: int, bits: int) -> ir.Value:
    """A number that is never 0, and whose top bits are a place in the table, as those of a hash are.

    For each word one finalizer of SplitMix64 (Stafford's variant 13), without a key. It has an inverse, so that two
    states that differ in one word only never have one fingerprint of 64 bits (but for 0, which becomes 1).
    """
    mixed = _over_words(b, state, words, lambda value: _finalized(b, value))
    kept = b.bit_and(mixed, ((1 << bits) - 1) << (64 - bits))
    return b.select(b.equal(kept, 0), 1, kept)


def _over_words(b: Builder, state: ir.Value, words: int, mix: Callable[[ir.Value], ir.Value]) -> ir.Value:
    mixed = b.variable(_START)
    if words <= _FEW:
        for number in range(words):
            mixed.set(mix(b.bit_xor(mixed.get(), b.load(state, number))))
    else:
        with b.loop(0, words) as each:
            mixed.set(mix(b.bit_xor(mixed.get(), b.load(state, each.index))))
    return mixed.get()


def _finalized(b: Builder, value: ir.Value) -> ir.Value:
    for shift, factor in _ROUNDS:
        value = b.multiply(b.bit_xor(value, b.shift_right(value, shift)), factor)
    return b.bit_xor(value, b.shift_right(value, _LAST_SHIFT))


def _fold(b: Builder, left: ir.Value, right: int) -> ir.Value:
    """The two halves of the product, by exclusive or."""
    product = b.ir.mul(b.ir.zext(left, _I128), _I128(right))
    low = b.ir.trunc(product, I64)
    high = b.ir.trunc(b.ir.lshr(product, _I128(64)), I64)
    return b.bit_xor(low, high)
