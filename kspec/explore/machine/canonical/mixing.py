"""Mixing numbers into hashes that stand for colours and labels."""

from __future__ import annotations

from hashlib import blake2b
from typing import Final

from llvmlite import ir

from kspec.explore.machine.builder import I64, Builder, Operand

_I128: Final = ir.IntType(128)
_FACTOR: Final = 0x9E6C63D0876A9A47
_BITS: Final = (1 << 64) - 1


def seed(*parts: object) -> int:
    """A number for a name."""
    return int.from_bytes(blake2b(repr(parts).encode(), digest_size=8).digest(), "little")


def mixed(b: Builder, value: Operand) -> Operand:
    """A number that says as much, and looks random; of a constant, a constant."""
    if isinstance(value, int):
        product = (value & _BITS) * _FACTOR
        return (product & _BITS) ^ (product >> 64)
    product = b.ir.mul(b.ir.zext(value, _I128), _I128(_FACTOR))
    return b.bit_xor(b.ir.trunc(product, I64), b.ir.trunc(b.ir.lshr(product, _I128(64)), I64))


def plus(b: Builder, left: Operand, right: Operand) -> Operand:
    """The sum; of constants, a constant."""
    if isinstance(left, int) and isinstance(right, int):
        return (left + right) & _BITS
    return b.add(left, right)
