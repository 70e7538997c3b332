"""The function `canonical` of a system by itself."""

from __future__ import annotations

import ctypes
from typing import Any

from llvmlite import binding, ir

from kspec.evaluate.run import State
from kspec.explore.machine.builder import ROW, Builder
from kspec.explore.machine.canonical.define import define_canonical
from kspec.explore.machine.constants import Constants
from kspec.explore.machine.functions import Functions, declare
from kspec.explore.machine.layout import PackedLayout
from kspec.explore.machine.packing import Packing
from kspec.explore.symmetry.group import Group
from kspec.system.system import System
from tests.explore.machine.guards import guarded, written_beside


class Former:
    """Puts states into the form that machine code finds."""

    def __init__(self, system: System, group: Group) -> None:
        functions = declare(ir.Module("forms"))
        self._layout = PackedLayout(system)
        with guarded():
            constants = Constants(functions.module)
            packing = Packing(functions.module, self._layout, constants)
            packing.define()
            canonical = define_canonical(system, group, functions, self._layout, constants, packing, 0)
            canonical.linkage = ""
            _define_count(functions)
        self._engine = _compiled(functions.module)
        of_state = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)
        self._canonical = of_state(self._engine.get_function_address("canonical"))
        self._given_up = ctypes.c_uint64(0)

    @property
    def given_up(self) -> int:
        """How many searches met their limit."""
        return self._given_up.value

    def canonical(self, state: State) -> State:
        words = (ctypes.c_uint64 * self._layout.words)(*self._layout.pack(state))
        self._canonical(ctypes.addressof(self._given_up), ctypes.addressof(words))
        assert written_beside(self._engine) == 0, "rows on the stack are large enough"
        form = self._layout.unpack(tuple(words))
        assert self._layout.pack(form) == tuple(words)
        return form


def _define_count(functions: Functions) -> None:
    b = Builder(functions.count)
    counter = b.ir.bitcast(functions.count.args[0], ROW)
    b.store(counter, 0, b.add(b.load(counter), 1))
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
