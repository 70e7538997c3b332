"""The code of the table of all states found so far: a new state goes in, the table grows.

Open addressing with linear probing; an entry is a whole state, or its fingerprint. The table is lock-free: who swaps
word 0 of a vacant entry owns it, and whoever meets the same word 0 waits until the other words are there. The place of
a state is given by the top bits of its hash, so that a table of twice the size is filled in the order of the old one. A
fingerprint is its own hash.
"""

from __future__ import annotations

from typing import Final

from llvmlite import ir

from kspec.explore.machine.builder import Builder, Variable
from kspec.explore.machine.functions import Functions
from kspec.explore.machine.hashing import hash_of
from kspec.explore.machine.memory import PRESENT, WRITING, Own, Shape, Shared
from kspec.explore.machine.rows import WorkerRow, are_equal

STRIPE: Final = 1 << 14
"""Entries that one worker moves at a time while the table grows."""

_STATE: Final = WRITING - 1
"""The bits of word 0 that belong to the state."""


def leave_if_known(b: Builder, shape: Shape, worker: WorkerRow, entry: ir.Value, known: ir.Block) -> None:
    """Jumps if the table has the state of an entry of the ring; most successors were found before. Only reads."""
    table, mask, key = worker.pointer(Own.TABLE), worker.get(Own.MASK), _key(b, shape, entry)
    marked = b.load(key)
    place = b.variable(b.shift_right(b.load(entry, shape.words), worker.get(Own.SHIFT)))
    with b.forever() as vacant:
        there = b.at(table, b.multiply(place.get(), shape.entry))
        found = b.load_acquire(there)
        b.jump_when(b.equal(found, 0), vacant)
        other = b.block("other")
        b.jump_when(b.differ(found, marked), other)
        b.jump_when(are_equal(b, shape.entry - 1, b.at(there, 1), b.at(key, 1)), known)
        b.place(other)
        place.set(b.bit_and(b.add(place.get(), 1), mask))


def _key(b: Builder, shape: Shape, entry: ir.Value) -> ir.Value:
    """What the table keeps of an entry of the ring: the state, or the fingerprint behind it."""
    return entry if shape.fingerprint is None else b.at(entry, shape.words)


def define_insert(function: ir.Function, functions: Functions, shape: Shape) -> None:
    """`insert(worker, entry)`: an entry of the ring, PRESENT in word 0, goes to the table. A new state is appended to
    the worker's new states and judged. Where there is no room left and the search stops, nothing happens."""
    function.attributes.add("noinline")  # it would have `emit` save its registers for each successor
    b = Builder(function)
    worker_argument, entry = function.args
    worker = WorkerRow.of(b, shape, worker_argument)
    done = b.block("done")
    with b.when(b.equal(worker.get(Own.OUT), worker.get(Own.LIMIT))):
        worker.call_back(Shared.MORE_ROOM, Own.NUMBER)
        b.jump_when(b.equal(worker.get(Own.OUT), worker.get(Own.LIMIT)), done)
    _claim(b, shape, worker, entry, known=done)
    new = worker.pointer(Own.OUT)
    b.store(new, 0, b.bit_and(b.load(entry), _STATE))
    b.copy(b.at(new, 1), b.at(entry, 1), shape.words - 1)
    worker.set(Own.OUT, b.add(worker.get(Own.OUT), shape.state_bytes))
    b.call(functions.judge, [worker_argument, new])
    b.place(done)
    b.ret()
    b.finish()


def _claim(b: Builder, shape: Shape, worker: WorkerRow, waiting: ir.Value, known: ir.Block) -> None:
    """Puts the state of an entry of the ring into a vacant entry of the table; jumps where the table has it."""
    table, mask = worker.pointer(Own.TABLE), worker.get(Own.MASK)
    key = _key(b, shape, waiting)
    marked = b.load(key)
    place = b.variable(b.shift_right(b.load(waiting, shape.words), worker.get(Own.SHIFT)))
    claimed = b.block("claimed")
    with b.forever():
        entry = b.at(table, b.multiply(place.get(), shape.entry))
        found = b.variable(b.load_acquire(entry))
        with b.when(b.equal(found.get(), 0)):
            _take_vacant(b, shape, entry, key, found, claimed)
        _leave_if_same(b, shape, entry, key, found.get(), marked, known)
        place.set(b.bit_and(b.add(place.get(), 1), mask))
    b.place(claimed)


def _take_vacant(b: Builder, shape: Shape, entry: ir.Value, key: ir.Value, found: Variable, claimed: ir.Block) -> None:
    """Tries to take an entry that was vacant. Where another worker was faster, `found` is what it put there."""
    marked = b.load(key)
    first = marked if shape.entry == 1 else b.bit_xor(marked, PRESENT | WRITING)
    before, taken = b.compare_and_swap(entry, 0, 0, first)
    with b.when(taken):
        if shape.entry > 1:
            b.copy(b.at(entry, 1), b.at(key, 1), shape.entry - 1)
            b.store_release(entry, 0, marked)
        b.jump(claimed)
    found.set(before)


def _leave_if_same(
    b: Builder, shape: Shape, entry: ir.Value, key: ir.Value, found: ir.Value, marked: ir.Value, known: ir.Block
) -> None:
    if shape.entry == 1:
        b.jump_when(b.equal(found, marked), known)
        return
    other = b.block("other")
    b.jump_when(b.differ(b.bit_and(found, _STATE), b.bit_and(marked, _STATE)), other)
    with b.while_(lambda: b.differ(b.load_acquire(entry), marked)):
        pass
    b.jump_when(are_equal(b, shape.entry - 1, b.at(entry, 1), b.at(key, 1)), known)
    b.place(other)


def define_rehash(function: ir.Function, shape: Shape) -> None:
    """`rehash(worker)`: moves stripes of the old table to the worker's table, which nobody reads meanwhile, until none
    is left."""
    b = Builder(function)
    worker = WorkerRow.of(b, shape, function.args[0])
    shared = worker.shared
    old = b.ir.inttoptr(b.load(shared, Shared.OLD_TABLE), shared.type)
    capacity = b.load(shared, Shared.OLD_CAPACITY)
    with b.forever() as end:
        start = b.multiply(b.fetch_add(shared, Shared.NEXT_STRIPE, 1), STRIPE)
        b.jump_unless(b.less(start, capacity), end)
        after = b.add(start, STRIPE)
        with b.loop(start, b.select(b.less(after, capacity), after, capacity)) as each:
            entry = b.at(old, b.multiply(each.index, shape.entry))
            with b.when(b.differ(b.load(entry), 0)):
                _move(b, shape, worker, entry)
    b.ret()
    b.finish()


def _move(b: Builder, shape: Shape, worker: WorkerRow, entry: ir.Value) -> None:
    table, mask = worker.pointer(Own.TABLE), worker.get(Own.MASK)
    marked = b.load(entry)
    place = b.variable(b.shift_right(_hash_again(b, shape, entry), worker.get(Own.SHIFT)))
    moved = b.block("moved")
    with b.forever():
        target = b.at(table, b.multiply(place.get(), shape.entry))
        with b.when(b.equal(b.load_relaxed(target), 0)):
            _, taken = b.compare_and_swap(target, 0, 0, marked)
            with b.when(taken):
                b.copy(b.at(target, 1), b.at(entry, 1), shape.entry - 1)
                b.jump(moved)
        place.set(b.bit_and(b.add(place.get(), 1), mask))
    b.place(moved)


def _hash_again(b: Builder, shape: Shape, entry: ir.Value) -> ir.Value:
    """The hash of what an entry of the table keeps."""
    if shape.fingerprint is not None:
        return b.load(entry)
    state = b.array(shape.words)
    b.store(state, 0, b.bit_and(b.load(entry), _STATE))
    b.copy(b.at(state, 1), b.at(entry, 1), shape.words - 1)
    return hash_of(b, state, shape.words)
