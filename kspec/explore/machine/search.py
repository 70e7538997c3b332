"""One exploration in machine code, from the system to what was found."""

from __future__ import annotations

from llvmlite import ir

from kspec.evaluate.evaluator import Evaluator
from kspec.explore.findings import open_properties
from kspec.explore.machine.allocation import Allocator
from kspec.explore.machine.codegen import emit_program
from kspec.explore.machine.compile import Code, compile_module
from kspec.explore.machine.crew import Crew
from kspec.explore.machine.driver import Rules, Search
from kspec.explore.machine.exploration import tell
from kspec.explore.machine.functions import declare
from kspec.explore.machine.kernel import define_kernel
from kspec.explore.machine.memory import Shape
from kspec.explore.machine.program import Program
from kspec.explore.machine.visited import CAPACITY
from kspec.explore.progress import OnProgress
from kspec.explore.result import Exploration, Limits
from kspec.explore.watch import Watch
from kspec.system.system import System


def search(
    system: System,
    limits: Limits,
    *,
    settled: frozenset[str],
    need_counts: bool,
    first: bool,
    on_progress: OnProgress | None,
    workers: int,
    capacity: int = CAPACITY,
) -> Exploration:
    """`capacity`: how many entries the table begins with, a power of two."""
    watch = Watch(limits)
    evaluator = Evaluator(system)
    program, shape, code = build(system)
    rules = Rules(open_properties(system, settled), need_counts, first)
    with Crew(code, shape, Allocator(limits.memory), workers, capacity) as crew:
        found = Search(evaluator, program, crew, limits, watch, rules).run(on_progress)
        return tell(found, evaluator, program, crew, shape, watch.seconds)


def build(system: System) -> tuple[Program, Shape, Code]:
    """The code of a system and of the search over it. Raises NotCompilable."""
    functions = declare(ir.Module("explorer"))
    program = emit_program(system, functions)
    shape = Shape(program.words, len(program.counters), len(program.findings))
    define_kernel(functions, shape)
    return program, shape, compile_module(functions.module)
