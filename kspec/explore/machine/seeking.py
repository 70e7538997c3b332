"""The code that looks for predecessors: which states lead to some targets?

A worker with targets gives no successor to the table; it notes for each target the least state that leads to it.
"""

from __future__ import annotations

from llvmlite import ir

from kspec.explore.machine.builder import I64, Builder
from kspec.explore.machine.memory import FILTER_SPREAD, Own, Shape
from kspec.explore.machine.rows import WorkerRow, are_equal, note_least


def define_seek(function: ir.Function, shape: Shape) -> None:
    """`seek(worker, successor)`: notes the state that is being expanded at each target that the successor equals."""
    b = Builder(function)
    worker = WorkerRow.of(b, shape, function.args[0])
    successor = function.args[1]
    done = b.block("done")
    b.jump_when(b.equal(b.bit_and(worker.get(Own.FILTER), _bit(b, b.load(successor))), 0), done)
    targets = worker.pointer(Own.TARGETS)
    with b.loop(0, worker.get(Own.TARGET_COUNT)) as each:
        target = b.at(targets, b.multiply(each.index, shape.target))
        b.jump_unless(are_equal(b, shape.words, target, successor), each.again)
        note_least(b, shape.words, b.at(target, shape.words), worker.pointer(Own.SOURCE))
    b.place(done)
    b.ret()
    b.finish()


def _bit(b: Builder, word: ir.Value) -> ir.Value:
    """The bit of a target in FILTER, by its word 0; `filter_bit` is the same in Python."""
    return b.shift_left(I64(1), b.shift_right(b.multiply(word, FILTER_SPREAD), 58))
