"""The code of random runs: from an initial state, step by step, until there is none or it is the last.

Each state is expanded once; its steps are offered as they come, and the successor of the one that is kept stands in the
worker's row when all were. The same choices as in `explore/simulate/choice.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from llvmlite import ir

from kspec.explore.machine.builder import I64, ROW, Block, Builder
from kspec.explore.machine.constants import Constants
from kspec.explore.machine.facts import CutStates, Finding, QuietStates, Reached
from kspec.explore.machine.functions import WORKER, Functions
from kspec.explore.machine.program import Program
from kspec.explore.machine.sightings import needs_step, violated_name
from kspec.explore.machine.simulation.memory import Own, Shape, Shared, Sight
from kspec.explore.machine.simulation.randomness import below, mixed, one_in
from kspec.explore.machine.simulation.rows import WorkerRow


@dataclass(frozen=True, slots=True)
class Subjects:
    """What findings are about: the name of a property that is violated or reached; None: a create finds no room."""

    names: tuple[str | None, ...]
    of_finding: tuple[int, ...]
    """By number of the finding, the position of its name."""


def subjects_of(findings: Sequence[Finding]) -> Subjects:
    names = [finding.property if isinstance(finding, Reached) else violated_name(finding) for finding in findings]
    distinct = tuple(dict.fromkeys(names))
    return Subjects(distinct, tuple(distinct.index(name) for name in names))


def declare_offer(module: ir.Module) -> ir.Function:
    """`offer(worker, action)`: whether a step of the action is kept, for now."""
    function = ir.Function(module, ir.FunctionType(I64, (WORKER, I64)), "offer")
    function.linkage = "internal"
    return function


def define_kernel(functions: Functions, offer: ir.Function, shape: Shape, program: Program, subjects: Subjects) -> None:
    """Defines `offer`, `emit`, `count` and `report`, and what Python calls: `walk(worker)`."""
    _define_offer(offer, shape)
    _define_emit(functions.emit, shape)
    _define_count(functions.count, shape)
    _define_report(functions, shape, program, subjects)
    walk = ir.Function(functions.module, ir.FunctionType(ir.VoidType(), (WORKER,)), "walk")
    _define_walk(walk, functions, shape, program)


# --- what the code of a system calls ----------------------------------------------------------------------------------


def _define_offer(offer: ir.Function, shape: Shape) -> None:
    b = Builder(offer)
    worker, action = WorkerRow.of(b, shape, offer.args[0]), offer.args[1]
    with b.when(b.differ(worker.get(Own.ACTION), action)):
        worker.set(Own.ACTION, action)
        worker.set(Own.BINDINGS, 0)
        worker.set(Own.IS_KEPT, b.bit(one_in(worker, worker.add(Own.ACTIONS, 1))))
    bindings = worker.add(Own.BINDINGS, 1)
    with b.when(b.equal(worker.get(Own.IS_KEPT), 0)):
        b.ret(0)
    b.ret(b.bit(one_in(worker, bindings)))
    b.finish()


def _define_emit(emit: ir.Function, shape: Shape) -> None:
    b = Builder(emit)
    worker = WorkerRow.of(b, shape, emit.args[0])
    b.copy(worker.successor, emit.args[1], shape.words)
    worker.set(Own.CHOSEN, worker.get(Own.ACTION))
    b.ret()
    b.finish()


def _define_count(count: ir.Function, shape: Shape) -> None:
    count.attributes.add("alwaysinline")
    b = Builder(count)
    _increment(b, WorkerRow.of(b, shape, count.args[0]).counter(count.args[1]))
    b.ret()
    b.finish()


def _define_report(functions: Functions, shape: Shape, program: Program, subjects: Subjects) -> None:
    """Only the first time in a run counts. What is told later in it is never shown by a shorter one."""
    b = Builder(functions.report)
    worker, finding = WorkerRow.of(b, shape, functions.report.args[0]), functions.report.args[1]
    constants = Constants(functions.module, "findings")
    more = constants.row([int(needs_step(told)) for told in program.findings])
    sight = worker.sight(b.load(constants.row(subjects.of_finding), finding))
    run, length = worker.get(Own.RUN), b.add(worker.get(Own.STEP), b.load(more, finding))
    with b.when(b.differ(b.load(sight, Sight.LAST), run)):
        is_first = b.equal(b.load(sight, Sight.LAST), 0)
        b.store(sight, Sight.LAST, run)
        _increment(b, b.at(sight, Sight.RUNS))
        b.store(sight, Sight.STEPS, b.add(b.load(sight, Sight.STEPS), length))
        with b.when(b.one_of(is_first, b.less(length, b.load(sight, Sight.LENGTH)))):
            b.store(sight, Sight.LENGTH, length)
            b.store(sight, Sight.RUN, run)
    b.ret()
    b.finish()


# --- what Python calls ------------------------------------------------------------------------------------------------


def _define_walk(walk: ir.Function, functions: Functions, shape: Shape, program: Program) -> None:
    """Takes one run after the other, until none is left or it is to stop."""
    b = Builder(walk)
    worker = WorkerRow.of(b, shape, walk.args[0])
    stop = b.block("stop")
    with b.forever() as end:
        _obey(b, worker, stop)
        number = b.fetch_add(worker.shared, Shared.NEXT_RUN, 1)
        b.jump_unless(b.less(number, worker.of_all(Shared.RUNS)), end)
        _begin(b, worker, number)
        b.call(functions.judge, (walk.args[0], worker.state))
        with b.while_(lambda: b.less(worker.get(Own.STEP), worker.of_all(Shared.DEPTH))) as ended:
            _obey(b, worker, stop)
            _choose(b, worker, functions, walk.args[0], program, ended)
            b.copy(worker.state, worker.successor, shape.words)
            _increment(b, worker.action(worker.get(Own.CHOSEN)))
            worker.add(Own.STEPS, 1)
            worker.add(Own.STEP, 1)
            b.call(functions.judge, (walk.args[0], worker.state))
        worker.add(Own.DONE, 1)
    b.place(stop)
    b.ret()
    b.finish()


def _obey(b: Builder, worker: WorkerRow, stop: Block) -> None:
    b.jump_when(b.differ(b.load_relaxed(worker.shared, Shared.STOP), 0), stop)


def _begin(b: Builder, worker: WorkerRow, number: ir.Value) -> None:
    """Puts a run at its beginning."""
    run = b.add(number, 1)
    worker.set(Own.RUN, run)
    worker.set(Own.STEP, 0)
    worker.set(Own.RANDOM, mixed(b, b.add(worker.of_all(Shared.SEED), run)))
    start = below(worker, worker.of_all(Shared.START_COUNT))
    starts = b.ir.inttoptr(worker.of_all(Shared.STARTS), ROW)
    words = worker.shape.words
    b.copy(worker.state, b.at(starts, b.multiply(start, words)), words)


def _choose(
    b: Builder, worker: WorkerRow, functions: Functions, argument: ir.Value, program: Program, ended: Block
) -> None:
    """Expands the state. Where there is no step, it counts why, and jumps."""
    quiet, cut = (worker.counter(program.counters.index(fact)) for fact in (QuietStates(), CutStates()))
    quiet_before, cut_before = b.load(quiet), b.load(cut)
    worker.set(Own.ACTION, -1)
    worker.set(Own.ACTIONS, 0)
    b.call(functions.expand, (argument, worker.state))
    with b.when(b.equal(worker.get(Own.ACTIONS), 0)):
        worker.add(Own.ENDED, 1)
        worker.add(Own.QUIET, b.subtract(b.load(quiet), quiet_before))
        worker.add(Own.CUT, b.subtract(b.load(cut), cut_before))
        b.jump(ended)


def _increment(b: Builder, counter: ir.Value) -> None:
    b.store(counter, 0, b.add(b.load(counter), 1))
