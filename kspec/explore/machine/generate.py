"""The code of a system: `expand` and `judge`, and what their numbers mean; with it, the code of a whole search."""

from __future__ import annotations

from dataclasses import dataclass

from llvmlite import ir

from kspec.explore.machine.canonical.define import define_canonical
from kspec.explore.machine.expanding import Expanded, Expanding, MakeOutlet
from kspec.explore.machine.facts import Counter, Finding, SearchesGivenUp
from kspec.explore.machine.functions import Functions, declare
from kspec.explore.machine.judging import define_judge
from kspec.explore.machine.kernel import define_kernel
from kspec.explore.machine.memory import Shape
from kspec.explore.machine.numbering import Numbering
from kspec.explore.machine.parts import parts_of
from kspec.explore.machine.program import Program
from kspec.explore.symmetry.group import group_of
from kspec.system.system import System


@dataclass(frozen=True, slots=True)
class Generated:
    """`canonical`: puts a state into its canonical form; None where every state is its own."""

    program: Program
    canonical: ir.Function | None


@dataclass(frozen=True, slots=True)
class Explorer:
    """A module with the code of a system and of the search over it. `is_reduced`: it stores canonical forms."""

    module: ir.Module
    counters: tuple[Counter, ...]
    findings: tuple[Finding, ...]
    is_reduced: bool


def generate_explorer(system: System, *, symmetric: bool, fingerprint: int | None = None) -> Explorer:
    """Raises NotCompilable as `generate` does."""
    functions = declare(ir.Module("explorer"))
    generated = generate(system, functions, symmetric=symmetric)
    program, canonical = generated.program, generated.canonical
    shape = Shape(program.words, len(program.counters), len(program.findings), fingerprint)
    define_kernel(functions, shape, canonical)
    return Explorer(functions.module, program.counters, program.findings, canonical is not None)


def generate(
    system: System, functions: Functions, *, symmetric: bool = False, outlet: MakeOutlet = Expanded
) -> Generated:
    """Defines `expand` and `judge` in the module of the functions, and, where it is wanted and objects can be
    exchanged, `canonical`. `outlet`: what becomes of the steps that can be taken. Raises NotCompilable where a system
    has something that machine code does not do."""
    parts = parts_of(system, functions.module)
    layout, numbering = parts.layout, Numbering()
    Expanding(parts, functions, numbering, outlet).define()
    define_judge(parts.shared, functions, numbering, parts.packing)
    group = group_of(system) if symmetric else None
    canonical = None
    if group is not None and not group.is_trivial:
        given_up = numbering.counter(SearchesGivenUp())
        canonical = define_canonical(system, group, functions, layout, parts.constants, parts.packing, given_up)
    parts.define()
    program = Program(layout.words, numbering.counters, numbering.findings, layout.pack, layout.unpack)
    return Generated(program, canonical)
