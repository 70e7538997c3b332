"""One exploration in machine code, from the system to what was found."""

from __future__ import annotations

from dataclasses import dataclass, replace

from llvmlite import ir

from kspec.evaluate.evaluator import Evaluator
from kspec.explore.findings import open_properties
from kspec.explore.machine.allocation import Allocator
from kspec.explore.machine.compile import Code, compile_module
from kspec.explore.machine.crew import Crew
from kspec.explore.machine.driver import Rules, Search
from kspec.explore.machine.exploration import tell
from kspec.explore.machine.functions import declare
from kspec.explore.machine.generate import generate
from kspec.explore.machine.kernel import define_kernel
from kspec.explore.machine.memory import Shape
from kspec.explore.machine.program import Program
from kspec.explore.machine.runs import RunMaker
from kspec.explore.machine.visited import CAPACITY
from kspec.explore.progress import OnProgress
from kspec.explore.result import Exploration, Limits
from kspec.explore.watch import Watch
from kspec.system.system import System


@dataclass(frozen=True, slots=True)
class Machine:
    """The compiled code of a system and of the search over it. `is_reduced`: the search stores one state for each
    orbit."""

    system: System
    program: Program
    shape: Shape
    code: Code
    is_reduced: bool = False


def build(system: System, *, symmetric: bool = False) -> Machine:
    """`symmetric`: states that an exchange of objects maps onto each other are one, where objects can be exchanged.
    Raises NotCompilable where machine code cannot do what the system needs."""
    functions = declare(ir.Module("explorer"))
    generated = generate(system, functions, symmetric=symmetric)
    program = generated.program
    shape = Shape(program.words, len(program.counters), len(program.findings))
    define_kernel(functions, shape, generated.canonical)
    is_reduced = generated.canonical is not None
    return Machine(system, program, shape, compile_module(functions.module), is_reduced)


def search(
    machine: Machine,
    limits: Limits,
    *,
    settled: frozenset[str] = frozenset(),
    need_counts: bool = True,
    first: bool = False,
    on_progress: OnProgress | None = None,
    workers: int = 1,
    capacity: int = CAPACITY,
    watch: Watch | None = None,
) -> Exploration:
    """`capacity`: how many entries the table begins with, a power of two. `watch`: of a check that began earlier."""
    watch = Watch(limits) if watch is None else watch
    evaluator = Evaluator(machine.system)
    unit = "orbits" if machine.is_reduced else "states"
    rules = Rules(open_properties(machine.system, settled), need_counts, first, unit)
    with Crew(machine.code, machine.shape, Allocator(limits.memory), workers, capacity) as crew:
        found = Search(evaluator, machine.program, crew, limits, watch, rules).run(on_progress)
        seconds = watch.seconds
        exploration = tell(found, RunMaker(evaluator, machine.is_reduced), machine.program, crew, machine.shape)
    return replace(exploration, seconds=seconds)
