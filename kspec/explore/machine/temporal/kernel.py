"""The code that builds a graph: states get their numbers, then workers expand each of them once more.

A successor is hashed and waits in a ring while its place in the table is fetched into the cache; when the ring comes
round, the number of the state in that place is written where the step stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from llvmlite import ir

from kspec.explore.machine.builder import I64, ROW, Block, Builder
from kspec.explore.machine.functions import STATE, WORKER
from kspec.explore.machine.hashing import hash_of
from kspec.explore.machine.memory import PRESENT
from kspec.explore.machine.parts import Parts
from kspec.explore.machine.rows import are_equal
from kspec.explore.machine.temporal.memory import RING_SIZE, TARGET_BITS, UNIT_SHIFT, Own, Shape, Shared
from kspec.explore.machine.temporal.owing import Owing
from kspec.explore.machine.temporal.rows import WorkerRow
from kspec.explore.machine.temporal.stepping import StepFunctions
from kspec.explore.temporal.graph import NO_UNIT
from kspec.system.fairness import Units

_I8: Final = ir.IntType(8)
_I32: Final = ir.IntType(32)


def define_kernel(functions: StepFunctions, parts: Parts, shape: Shape, units: Units) -> None:
    """Defines `step`, and what Python calls: `enter(worker)` writes the numbers of states beside the table,
    `run(worker)` writes the steps of states and what they say of fairness."""
    find = ir.Function(functions.module, ir.FunctionType(I64, (WORKER, STATE, I64)), "find")
    find.linkage = "internal"
    settle = ir.Function(functions.module, ir.FunctionType(ir.VoidType(), (WORKER, ROW)), "settle_oldest")
    settle.linkage = "internal"
    _define_find(find, shape)
    _define_settle(settle, shape, find)
    _define_step(functions, shape, settle)
    _define_wait(functions.wait, shape)
    _define_enter(_exported(functions.module, "enter"), shape, find)
    _define_run(_exported(functions.module, "run"), functions, parts, shape, units, settle)


def _exported(module: ir.Module, name: str) -> ir.Function:
    return ir.Function(module, ir.FunctionType(ir.VoidType(), (WORKER,)), name)


# --- the table --------------------------------------------------------------------------------------------------------


def _define_find(find: ir.Function, shape: Shape) -> None:
    """`find(worker, state, hash)`: the place of a state in the table, PRESENT in its word 0; -1 where it is not."""
    b = Builder(find)
    argument, state, hashed = find.args
    worker = WorkerRow.of(b, shape, argument)
    table, mask = worker.row_of_all(Shared.TABLE), worker.of_all(Shared.MASK)
    place = b.variable(b.shift_right(hashed, worker.of_all(Shared.SHIFT)))
    marked = b.load(state)
    with b.forever() as vacant:
        entry = b.at(table, b.multiply(place.get(), shape.words))
        found, other = b.load(entry), b.block("other")
        b.jump_when(b.equal(found, 0), vacant)
        b.jump_when(b.differ(found, marked), other)
        with b.when(are_equal(b, shape.words - 1, b.at(entry, 1), b.at(state, 1))):
            b.ret(place.get())
        b.place(other)
        place.set(b.bit_and(b.add(place.get(), 1), mask))
    b.ret(-1)
    b.finish()


def _let_wait(b: Builder, shape: Shape, worker: WorkerRow, entry: ir.Value, state: ir.Value) -> None:
    """Puts a state and its hash into an entry of the ring, and has its place fetched."""
    hashed = hash_of(b, state, shape.words)
    place = b.shift_right(hashed, worker.of_all(Shared.SHIFT))
    _prefetch(b, b.at(worker.row_of_all(Shared.TABLE), b.multiply(place, shape.words)))
    _prefetch(b, b.ir.gep(worker.row_of_all(Shared.NUMBERS, _I32), [place]))
    b.store(entry, 0, b.bit_or(b.load(state), PRESENT))
    b.copy(b.at(entry, 1), b.at(state, 1), shape.words - 1)
    b.store(entry, shape.words, hashed)


def _prefetch(b: Builder, address: ir.Value) -> None:
    module, pointer = b.function.module, _I8.as_pointer()
    name = "llvm.prefetch.p0"
    function = module.globals.get(name)
    if function is None:
        function = ir.Function(module, ir.FunctionType(ir.VoidType(), (pointer, _I32, _I32, _I32)), name)
    to_read, keep, data = _I32(0), _I32(3), _I32(1)
    b.ir.call(function, [b.ir.bitcast(address, pointer), to_read, keep, data])


def _define_enter(enter: ir.Function, shape: Shape, find: ir.Function) -> None:
    """Writes the number of each state beside its place in the table, a ring of states at a time."""
    b = Builder(enter)
    worker = WorkerRow.of(b, shape, enter.args[0])
    states, numbers = worker.row_of_all(Shared.STATES), worker.row_of_all(Shared.NUMBERS, _I32)
    stop = b.block("stop")
    with _each_item(b, worker, stop) as (_, first, end):
        some = b.variable(first)
        with b.while_(lambda: b.less(some.get(), end)):
            start, after = some.get(), _least(b, b.add(some.get(), RING_SIZE), end)
            with b.loop(start, after) as each:
                entry = worker.ring_entry(b.subtract(each.index, start))
                _let_wait(b, shape, worker, entry, b.at(states, b.multiply(each.index, shape.words)))
            with b.loop(start, after) as each:
                entry = worker.ring_entry(b.subtract(each.index, start))
                place = b.call(find, (worker.argument, entry, b.load(entry, shape.words)))
                _count_lost(b, worker, place, each.again)
                b.ir.store(b.ir.trunc(each.index, _I32), b.ir.gep(numbers, [place]))
            some.set(after)
    b.place(stop)
    with b.loop(0, RING_SIZE) as each:
        b.store(worker.ring_entry(each.index), 0, 0)
    b.ret()
    b.finish()


def _count_lost(b: Builder, worker: WorkerRow, place: ir.Value, otherwise: Block) -> None:
    """Goes on where the state has a place."""
    with b.when(b.less(place, 0)):
        worker.add(Own.LOST, 1)
        b.jump(otherwise)


# --- steps ------------------------------------------------------------------------------------------------------------


def _define_step(functions: StepFunctions, shape: Shape, settle: ir.Function) -> None:
    """Writes a step without the number that it leads to, which is written when the ring comes round."""
    b = Builder(functions.step)
    argument, successor, action, unit = functions.step.args
    worker = WorkerRow.of(b, shape, argument)
    done = b.block("done")
    with b.when(b.equal(worker.get(Own.OUT), worker.get(Own.LIMIT))):
        worker.call_back(Shared.MORE_ROOM, Own.NUMBER)
        b.jump_when(b.equal(worker.get(Own.OUT), worker.get(Own.LIMIT)), done)
    with b.when(b.differ(unit, NO_UNIT)):
        _include(b, b.at(worker.masks(shape.enabled), b.shift_right(unit, 6)), unit)
    out = worker.get(Own.OUT)
    packed = b.bit_or(b.shift_left(action, TARGET_BITS), b.shift_left(unit, UNIT_SHIFT))
    b.store(b.ir.inttoptr(out, ROW), 0, packed)
    worker.set(Own.OUT, b.add(out, 8))
    worker.add(Own.COUNT, 1)
    number = worker.get(Own.RING)
    worker.set(Own.RING, b.add(number, 1))
    entry = worker.ring_entry(b.bit_and(number, RING_SIZE - 1))
    b.call(settle, (argument, entry))
    _let_wait(b, shape, worker, entry, successor)
    b.store(entry, shape.words + 1, out)
    b.place(done)
    b.ret()
    b.finish()


def _define_wait(wait: ir.Function, shape: Shape) -> None:
    b = Builder(wait)
    argument, unit = wait.args
    waiting = WorkerRow.of(b, shape, argument).masks(shape.in_queue)
    _include(b, b.at(waiting, b.shift_right(unit, 6)), unit)
    b.ret()
    b.finish()


def _include(b: Builder, column: ir.Value, unit: ir.Value) -> None:
    b.store(column, 0, b.bit_or(b.load(column), b.shift_left(I64(1), b.bit_and(unit, 63))))


def _define_settle(settle: ir.Function, shape: Shape, find: ir.Function) -> None:
    """`settle_oldest(worker, entry)`: writes the number that an entry of the ring waits for, if one does."""
    b = Builder(settle)
    argument, entry = settle.args
    worker = WorkerRow.of(b, shape, argument)
    done = b.block("done")
    b.jump_when(b.equal(b.load(entry), 0), done)
    place = b.call(find, (argument, entry, b.load(entry, shape.words)))
    _count_lost(b, worker, place, done)
    number = b.ir.load(b.ir.gep(worker.row_of_all(Shared.NUMBERS, _I32), [place]))
    step = b.ir.inttoptr(b.load(entry, shape.words + 1), ROW)
    b.store(step, 0, b.bit_or(b.load(step), b.ir.zext(number, I64)))
    b.place(done)
    b.store(entry, 0, 0)
    b.ret()
    b.finish()


# --- states -----------------------------------------------------------------------------------------------------------


def _define_run(
    run: ir.Function, functions: StepFunctions, parts: Parts, shape: Shape, units: Units, settle: ir.Function
) -> None:
    b = Builder(run)
    worker = WorkerRow.of(b, shape, run.args[0])
    owing = Owing(b, parts, shape, units, worker)
    stop = b.block("stop")
    with _each_item(b, worker, stop) as (item, first, end):
        b.store(worker.row_of_all(Shared.BEGINS), item, worker.get(Own.COUNT))
        b.store(worker.row_of_all(Shared.OWNERS), item, worker.get(Own.NUMBER))
        with b.loop(first, end) as each:
            b.jump_when(_is_to_stop(b, worker), stop)
            before = worker.get(Own.COUNT)
            words = b.at(worker.row_of_all(Shared.STATES), b.multiply(each.index, shape.words))
            state = parts.packing.unpacked(b, words)
            owing.begin()
            cut = b.call(functions.expand, (worker.argument, words, state.cells))
            b.ir.store(b.ir.trunc(cut, _I8), b.ir.gep(worker.row_of_all(Shared.CUT, _I8), [each.index]))
            steps = b.subtract(worker.get(Own.COUNT), before)
            b.store(worker.row_of_all(Shared.OFFSETS), b.add(each.index, 1), steps)
            owing.end(each.index, state.cells)
    with b.loop(0, RING_SIZE) as each:
        b.call(settle, (worker.argument, worker.ring_entry(each.index)))
    b.place(stop)
    b.ret()
    b.finish()


@contextmanager
def _each_item(b: Builder, worker: WorkerRow, stop: Block) -> Iterator[tuple[ir.Value, ir.Value, ir.Value]]:
    """A loop over the items of work that no other worker takes: the number of each, its first state, and its end."""
    count, size = worker.of_all(Shared.STATE_COUNT), worker.of_all(Shared.ITEM_SIZE)
    with b.forever() as end:
        b.jump_when(_is_to_stop(b, worker), stop)
        item = b.fetch_add(worker.shared, Shared.NEXT_ITEM, 1)
        first = b.multiply(item, size)
        b.jump_unless(b.less(first, count), end)
        yield item, first, _least(b, b.add(first, size), count)


def _is_to_stop(b: Builder, worker: WorkerRow) -> ir.Value:
    return b.differ(b.load_relaxed(worker.shared, Shared.STOP), 0)


def _least(b: Builder, one: ir.Value, other: ir.Value) -> ir.Value:
    return b.select(b.less(one, other), one, other)
