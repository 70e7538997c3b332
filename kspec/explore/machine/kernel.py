"""The code of the search: workers expand the states of a level and put what they find into the table.

Breadth first, level by level. A successor is hashed and waits in a ring while its place in the table is fetched into
the cache; when the ring comes round, it goes to the table.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from llvmlite import ir

from kspec.explore.machine.builder import I64, ROW, Builder
from kspec.explore.machine.functions import STATE, WORKER, Functions
from kspec.explore.machine.hashing import fingerprint_of, hash_of
from kspec.explore.machine.memory import PRESENT, RING_SIZE, Own, Shape, Shared, Signal
from kspec.explore.machine.rows import WorkerRow, note_least
from kspec.explore.machine.seeking import define_seek
from kspec.explore.machine.table import define_insert, define_rehash, leave_if_known

_I8: Final = ir.IntType(8).as_pointer()
_I32: Final = ir.IntType(32)


def define_kernel(functions: Functions, shape: Shape, canonical: ir.Function | None = None) -> None:
    """Defines `emit`, `count` and `report`, and what Python calls: `run(worker)`, `restore(worker)`, `drain(worker)`,
    `rehash(worker)`.

    `canonical(worker, state)` puts a state into its canonical form, in place.
    """
    insert = _internal(functions.module, "insert", (WORKER, STATE))
    seek = _internal(functions.module, "seek", (WORKER, STATE))
    define_insert(insert, functions, shape)
    define_seek(seek, shape)
    _define_emit(functions, shape, insert, seek, canonical)
    _define_count(functions.count, shape)
    _define_report(functions.report, shape)
    drain = _exported(functions.module, "drain")
    _define_drain(drain, shape, insert)
    _define_run(_exported(functions.module, "run"), functions, shape, drain)
    _define_restore(_exported(functions.module, "restore"), functions.module, shape, insert, drain)
    define_rehash(_exported(functions.module, "rehash"), shape)


def _internal(module: ir.Module, name: str, arguments: tuple[ir.Type, ...]) -> ir.Function:
    function = ir.Function(module, ir.FunctionType(ir.VoidType(), arguments), name)
    function.linkage = "internal"
    return function


def _exported(module: ir.Module, name: str) -> ir.Function:
    return ir.Function(module, ir.FunctionType(ir.VoidType(), (WORKER,)), name)


# --- what the code of a system calls ----------------------------------------------------------------------------------


def _define_emit(
    functions: Functions, shape: Shape, insert: ir.Function, seek: ir.Function, canonical: ir.Function | None
) -> None:
    b = Builder(functions.emit)
    worker_argument, successor = functions.emit.args
    worker = WorkerRow.of(b, shape, worker_argument)
    if canonical is not None:
        b.call(canonical, [worker_argument, successor])
    with b.when(b.differ(worker.get(Own.TARGETS), 0)):
        b.call(seek, [worker_argument, successor])
        b.ret()
    _let_wait(b, functions.module, shape, worker, successor, insert)
    b.ret()
    b.finish()


def _let_wait(
    b: Builder, module: ir.Module, shape: Shape, worker: WorkerRow, state: ir.Value, insert: ir.Function
) -> None:
    """Puts a state into the ring, in the place of the one that waits for the longest time."""
    if shape.fingerprint is None:
        hashed = hash_of(b, state, shape.words)
    else:
        hashed = fingerprint_of(b, state, shape.words, shape.fingerprint)
    _prefetch(b, module, shape, worker, hashed)
    number = worker.get(Own.RING)
    entry = worker.ring_entry(b.bit_and(number, RING_SIZE - 1))
    b.store(entry, 0, b.bit_or(b.load(state), PRESENT))
    b.copy(b.at(entry, 1), b.at(state, 1), shape.words - 1)
    b.store(entry, shape.words, hashed)
    next_number = b.add(number, 1)
    worker.set(Own.RING, next_number)
    _settle_oldest(b, shape, worker, worker.ring_entry(b.bit_and(next_number, RING_SIZE - 1)), insert)


def _settle_oldest(b: Builder, shape: Shape, worker: WorkerRow, oldest: ir.Value, insert: ir.Function) -> None:
    """Puts the successor that waits for the longest time into the table. It stays in the ring until it is written
    over, so that nothing is left to do behind the call; if it is drained too, it is known by then."""
    done = b.block("settled")
    b.jump_when(b.equal(b.load(oldest), 0), done)
    leave_if_known(b, shape, worker, oldest, done)
    b.call(insert, [worker.argument, oldest])
    b.place(done)


def _prefetch(b: Builder, module: ir.Module, shape: Shape, worker: WorkerRow, hashed: ir.Value) -> None:
    place = b.shift_right(hashed, worker.get(Own.SHIFT))
    entry = b.at(worker.pointer(Own.TABLE), b.multiply(place, shape.entry))
    of_prefetch = ir.FunctionType(ir.VoidType(), (_I8, _I32, _I32, _I32))
    prefetch = module.globals.get("llvm.prefetch.p0") or ir.Function(module, of_prefetch, "llvm.prefetch.p0")
    to_read, keep, data = _I32(0), _I32(3), _I32(1)
    b.ir.call(prefetch, [b.ir.bitcast(entry, _I8), to_read, keep, data])


def _define_count(count: ir.Function, shape: Shape) -> None:
    count.attributes.add("alwaysinline")
    b = Builder(count)
    counter = WorkerRow.of(b, shape, count.args[0]).counter(count.args[1])
    b.store(counter, 0, b.add(b.load(counter), 1))
    b.ret()
    b.finish()


def _define_report(report: ir.Function, shape: Shape) -> None:
    """Keeps the least state, so that it does not matter which worker saw what, and when."""
    b = Builder(report)
    worker = WorkerRow.of(b, shape, report.args[0])
    found = worker.finding(report.args[1])
    with b.when(b.equal(b.load(found), 0)):
        worker.set(Own.REPORTED, 1)
    note_least(b, shape.words, found, report.args[2])
    b.ret()
    b.finish()


# --- what Python calls ------------------------------------------------------------------------------------------------


def _define_drain(drain: ir.Function, shape: Shape, insert: ir.Function) -> None:
    """Puts what waits in the ring into the table."""
    b = Builder(drain)
    worker = WorkerRow.of(b, shape, drain.args[0])
    with b.loop(0, RING_SIZE) as each:
        entry = worker.ring_entry(each.index)
        with b.when(b.differ(b.load(entry), 0)):
            b.call(insert, [drain.args[0], entry])
            b.store(entry, 0, 0)
    b.ret()
    b.finish()


def _define_run(run: ir.Function, functions: Functions, shape: Shape, drain: ir.Function) -> None:
    """Expands the states of a level."""
    b = Builder(run)
    worker = WorkerRow.of(b, shape, run.args[0])

    def expand(state: ir.Value) -> None:
        worker.set(Own.SOURCE, b.ir.ptrtoint(state, I64))
        b.call(functions.expand, [run.args[0], state])

    _work(b, shape, worker, drain, expand)


def _define_restore(
    restore: ir.Function, module: ir.Module, shape: Shape, insert: ir.Function, drain: ir.Function
) -> None:
    """Stores the states of a level as new ones, as they are; they were found by a search that was stopped."""
    b = Builder(restore)
    worker = WorkerRow.of(b, shape, restore.args[0])
    _work(b, shape, worker, drain, lambda state: _let_wait(b, module, shape, worker, state, insert))


def _work(b: Builder, shape: Shape, worker: WorkerRow, drain: ir.Function, act: Callable[[ir.Value], None]) -> None:
    """The body of a function that takes items of the level's work, and does something with each of their states, until
    none is left or the search stops."""
    shared = worker.shared
    items = b.ir.inttoptr(b.load(shared, Shared.ITEMS), ROW)
    stop = b.block("stop")
    with b.forever() as end:
        number = b.fetch_add(shared, Shared.NEXT_ITEM, 1)
        b.jump_unless(b.less(number, b.load(shared, Shared.ITEM_COUNT)), end)
        item = b.at(items, b.multiply(number, 2))
        first = b.ir.inttoptr(b.load(item), ROW)
        with b.loop(0, b.load(item, 1)) as each:
            _obey(b, worker, stop)
            state = b.at(first, b.multiply(each.index, shape.words))
            act(state)
    b.call(drain, [worker.argument])
    b.place(stop)
    b.ret()
    b.finish()


def _obey(b: Builder, worker: WorkerRow, stop: ir.Block) -> None:
    """Does what the search's signal says."""
    with b.when(b.differ(b.load_relaxed(worker.shared, Shared.SIGNAL), Signal.GO)):
        b.jump_when(b.equal(b.load_relaxed(worker.shared, Shared.SIGNAL), Signal.STOP), stop)
        worker.call_back(Shared.MEET, Own.NUMBER)
        b.jump_when(b.equal(b.load_relaxed(worker.shared, Shared.SIGNAL), Signal.STOP), stop)
