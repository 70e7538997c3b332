"""The code of a system by itself: what `expand` and `judge` tell about single states."""

from __future__ import annotations

import ctypes
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from llvmlite import binding, ir

from kspec.evaluate.run import State
from kspec.explore.machine.builder import ROW, Builder, Operand
from kspec.explore.machine.facts import Counter as Counted
from kspec.explore.machine.facts import Finding
from kspec.explore.machine.functions import Functions, declare
from kspec.explore.machine.generate import generate
from kspec.system.system import System
from tests.explore.machine.guards import guarded, written_beside

LOG = 1 << 20
EMITTED, COUNTED, REPORTED = range(3)


@dataclass
class Told:
    """What the code of a system told: successors in order, how often each counter, which states show what."""

    successors: list[State] = field(default_factory=list)
    counts: Counter[Counted] = field(default_factory=Counter)
    findings: dict[Finding, State] = field(default_factory=dict)


class Teller:
    """The compiled code of a system, with a log in place of the search."""

    def __init__(self, system: System) -> None:
        module = ir.Module("told")
        functions = declare(module)
        with guarded():
            self.program = generate(system, functions).program
        _define_log(functions, self.program.words)
        self._engine = _compiled(module)
        self._log = (ctypes.c_uint64 * LOG)()
        self._functions = {name: self._function(name) for name in ("expand", "judge")}

    def expand(self, state: State) -> Told:
        return self._run("expand", state)

    def judge(self, state: State) -> Told:
        return self._run("judge", state)

    def _function(self, name: str) -> Any:
        of_state = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)
        return of_state(self._engine.get_function_address(name))

    def _run(self, name: str, state: State) -> Told:
        words = (ctypes.c_uint64 * self.program.words)(*self.program.pack(state))
        self._log[0] = 1
        self._functions[name](self._log, words)
        assert written_beside(self._engine) == 0, "rows on the stack are large enough"
        assert self._log[0] < LOG, "the log has room for everything"
        assert tuple(words) == self.program.pack(state), "the state itself is not written to"
        return self._read()

    def _read(self) -> Told:
        told, position, words = Told(), 1, self.program.words
        while position < self._log[0]:
            what, number = self._log[position], self._log[position + 1]
            state = tuple(self._log[position + 2 : position + 2 + words])
            if what == EMITTED:
                told.successors.append(self._unpack(state))
            elif what == COUNTED:
                told.counts[self.program.counters[number]] += 1
            else:
                told.findings[self.program.findings[number]] = self._unpack(state)
            position += 2 + words
        return told

    def _unpack(self, words: tuple[int, ...]) -> State:
        state = self.program.unpack(words)
        assert self.program.pack(state) == words, "one state has one packed form"
        assert words[0] < 1 << 62, "the two top bits of the first word are free"
        return state


def _define_log(functions: Functions, words: int) -> None:
    for function, what in ((functions.emit, EMITTED), (functions.count, COUNTED), (functions.report, REPORTED)):
        b = Builder(function)
        log = b.ir.bitcast(function.args[0], ROW)
        number: Operand = 0 if what == EMITTED else function.args[1]
        position = b.load(log)
        with b.when(b.less(position, LOG - 2 - words)):
            b.store(log, position, what)
            b.store(log, b.add(position, 1), number)
            if what != COUNTED:
                b.copy(b.at(log, b.add(position, 2)), function.args[-1], words)
        b.store(log, 0, b.add(position, 2 + words))
        b.ret()
        b.finish()


def _compiled(module: ir.Module) -> Any:
    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    machine = binding.Target.from_default_triple().create_target_machine(opt=1)
    parsed = binding.parse_assembly(str(module))
    parsed.verify()
    builder = binding.create_pass_builder(machine, binding.create_pipeline_tuning_options(speed_level=1))
    builder.getModulePassManager().run(parsed, builder)
    engine = binding.create_mcjit_compiler(parsed, machine)
    engine.finalize_object()
    return engine
