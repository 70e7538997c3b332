"""Small graphs with `expand` and `judge` written by hand, to test the search without any system."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from llvmlite import ir

from kspec.explore.machine.allocation import Allocator
from kspec.explore.machine.builder import I64, ROW, Builder
from kspec.explore.machine.compile import Effort, compile_text, link
from kspec.explore.machine.crew import Crew
from kspec.explore.machine.frontier import Level, states_at
from kspec.explore.machine.functions import Functions, declare
from kspec.explore.machine.kernel import define_kernel
from kspec.explore.machine.memory import Shape
from kspec.explore.machine.program import Words
from kspec.explore.machine.tiered import TieredCode

STEPS, STATES = 0, 1
"""The counters of toys: successors given, states judged."""


@dataclass(frozen=True)
class Toy:
    code: TieredCode
    shape: Shape
    initial: tuple[Words, ...]
    successors: Callable[[Words], Sequence[Words]]


def grid(side: int, words: int, colours: int = 3) -> Toy:
    """From (x, y) to (x + 1, y) and (x, y + 1). Many states share word 0. Finding 0: x + y is 7; 1: both are odd."""

    def state(x: int, y: int) -> Words:
        if words == 1:
            return (x | y << 20,)
        return ((x + y) % colours, x | y << 20, *(x * y + n for n in range(words - 2)))

    def successors(found: Words) -> Sequence[Words]:
        both = found[0 if words == 1 else 1]
        x, y = both & 0xFFFFF, both >> 20
        return [state(*other) for other in ((x + 1, y), (x, y + 1)) if max(other) < side]

    functions = declare(ir.Module("grid"))
    _expand_grid(functions, side, words, colours)
    _judge_grid(functions, words)
    return _finish(functions, Shape(words, 2, 2), (state(0, 0),), successors)


def _expand_grid(functions: Functions, side: int, words: int, colours: int) -> None:
    b = Builder(functions.expand)
    worker, source = functions.expand.args
    both = b.load(source, 0 if words == 1 else 1)
    x, y = b.bit_and(both, 0xFFFFF), b.shift_right(both, 20)
    target = b.array(words)
    for right, up in ((1, 0), (0, 1)):
        new_x, new_y = b.add(x, right), b.add(y, up)
        with b.when(b.both(b.less(new_x, side), b.less(new_y, side))):
            at = b.bit_or(new_x, b.shift_left(new_y, 20))
            if words == 1:
                b.store(target, 0, at)
            else:
                b.store(target, 0, b.modulo_unsigned(b.add(new_x, new_y), colours))
                b.store(target, 1, at)
                for number in range(words - 2):
                    b.store(target, 2 + number, b.add(b.multiply(new_x, new_y), number))
            b.call(functions.count, [worker, STEPS])
            b.call(functions.emit, [worker, target])
    b.ret()
    b.finish()


def _judge_grid(functions: Functions, words: int) -> None:
    b = Builder(functions.judge)
    worker, state = functions.judge.args
    both = b.load(state, 0 if words == 1 else 1)
    x, y = b.bit_and(both, 0xFFFFF), b.shift_right(both, 20)
    b.call(functions.count, [worker, STATES])
    with b.when(b.equal(b.add(x, y), 7)):
        b.call(functions.report, [worker, 0, state])
    with b.when(b.equal(b.bit_and(b.bit_and(x, y), 1), 1)):
        b.call(functions.report, [worker, 1, state])
    b.ret()
    b.finish()


def graph(edges: Sequence[Sequence[int]]) -> Toy:
    """A graph given by the numbers that each number leads to; from 0 on. Finding 0: no successor (told by `expand`)."""
    functions = declare(ir.Module("graph"))
    starts = [0]
    for targets in edges:
        starts.append(starts[-1] + len(targets))
    start_row = _constants(functions.module, "starts", starts)
    target_row = _constants(functions.module, "targets", [target for targets in edges for target in targets] or [0])
    b = Builder(functions.expand)
    worker, source = functions.expand.args
    number = b.load(source)
    low, high = b.load(b.at(start_row, number)), b.load(b.at(start_row, b.add(number, 1)))
    target = b.array(1)
    with b.loop(low, high) as each:
        b.store(target, 0, b.load(target_row, each.index))
        b.call(functions.count, [worker, STEPS])
        b.call(functions.emit, [worker, target])
    with b.when(b.equal(low, high)):
        b.call(functions.report, [worker, 0, source])
    b.ret()
    b.finish()
    b = Builder(functions.judge)
    b.call(functions.count, [functions.judge.args[0], STATES])
    b.ret()
    b.finish()
    return _finish(functions, Shape(1, 2, 1), ((0,),), lambda state: [(target,) for target in edges[state[0]]])


def _constants(module: ir.Module, name: str, values: Sequence[int]) -> ir.Value:
    of = ir.ArrayType(I64, len(values))
    row = ir.GlobalVariable(module, of, name)
    row.linkage, row.global_constant, row.initializer = "internal", True, ir.Constant(of, list(values))
    return row.bitcast(ROW)


def _finish(
    functions: Functions, shape: Shape, initial: tuple[Words, ...], successors: Callable[[Words], Sequence[Words]]
) -> Toy:
    define_kernel(functions, shape)
    return Toy(
        TieredCode(link(compile_text(str(functions.module), Effort.THOROUGH)), None, 0), shape, initial, successors
    )


def crew_of(toy: Toy, workers: int, capacity: int = 16, memory: int | None = None) -> Crew:
    return Crew(toy.code, toy.shape, Allocator(memory), workers, capacity)


def search(crew: Crew, toy: Toy, tick: Callable[[int], None] = lambda waiting: None) -> list[Level]:
    """All levels, the last one empty."""
    for state in toy.initial:
        crew.add(state)
    crew.add_waiting()
    levels = [crew.take_level()]
    while levels[-1].count:
        crew.expand(levels[-1], tick)
        levels.append(crew.take_level())
    return levels


def states_of(toy: Toy, level: Level) -> list[Words]:
    return [state for stretch in level.stretches for state in states_at(stretch, toy.shape.words)]


def expected_levels(toy: Toy) -> list[set[Words]]:
    """The same in Python."""
    seen = set(toy.initial)
    levels = [set(toy.initial)]
    while levels[-1]:
        new = {after for state in levels[-1] for after in toy.successors(state)} - seen
        seen |= new
        levels.append(new)
    return levels
