"""The random numbers of `explore/simulate/stream.py` as code: the same ones."""

from __future__ import annotations

from typing import Final

from llvmlite import ir

from kspec.explore.machine.builder import I64, Builder, Operand
from kspec.explore.machine.simulation.memory import Own
from kspec.explore.machine.simulation.rows import WorkerRow
from kspec.explore.simulate.stream import FIRST_FACTOR, GAMMA, SECOND_FACTOR

_I128: Final = ir.IntType(128)


def mixed(b: Builder, number: ir.Value) -> ir.Value:
    for shift, factor in ((30, FIRST_FACTOR), (27, SECOND_FACTOR)):
        number = b.multiply(b.bit_xor(number, b.shift_right(number, shift)), factor)
    return b.bit_xor(number, b.shift_right(number, 31))


def below(worker: WorkerRow, bound: Operand) -> ir.Value:
    """A number from 0 up to but not including the bound; of one number, without drawing."""
    b = worker.b
    found = b.variable(0)
    with b.when(b.differ(bound, 1)):
        drawn = mixed(b, worker.add(Own.RANDOM, GAMMA))
        product = b.ir.mul(b.ir.zext(drawn, _I128), b.ir.zext(b.number(bound), _I128))
        found.set(b.ir.trunc(b.ir.lshr(product, _I128(64)), I64))
    return found.get()


def one_in(worker: WorkerRow, number: ir.Value) -> ir.Value:
    """True with this probability."""
    return worker.b.equal(below(worker, number), 0)
