"""From LLVM's intermediate form to functions that Python can call."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Final

import llvmlite
from llvmlite import binding


class Effort(Enum):
    """How much code is optimised."""

    QUICK = 0
    """Not at all: made in a tenth of the time, it takes two to four times as long."""
    THOROUGH = 1
    """As with -O1: measured, the search is as fast as with -O2."""


_OfWorker: Final = ctypes.CFUNCTYPE(None, ctypes.c_void_p)
_OfState: Final = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)


@dataclass(frozen=True, slots=True)
class Code:
    """The functions of a compiled module that the search calls. They run without Python's lock."""

    run: Callable[[int], None]
    restore: Callable[[int], None]
    drain: Callable[[int], None]
    rehash: Callable[[int], None]
    emit: Callable[[int, int], None]
    expand: Callable[[int, int], None]
    judge: Callable[[int, int], None]
    engine: binding.ExecutionEngine
    """Owns the memory of the code."""


def compile_text(text: str, effort: Effort) -> bytes:
    """The object code of a module's text. Runs without Python's lock for most of the time."""
    target = _target_machine(effort)
    module = binding.parse_assembly(text)
    module.triple = target.triple
    module.verify()
    if effort is Effort.THOROUGH:
        options = binding.create_pipeline_tuning_options(speed_level=1)
        builder = binding.create_pass_builder(target, options)
        builder.getModulePassManager().run(module, builder)
    code: bytes = target.emit_object(module)
    return code


def made_for(effort: Effort) -> str:
    """What object code depends on, besides the text: LLVM, its options, and the processor."""
    triple = binding.get_default_triple()
    return f"{llvmlite.__version__} {binding.llvm_version_info} {effort.name} {triple} {_processor()} {_features()}"


def load(code: bytes) -> binding.ExecutionEngine:
    """Object code, ready to run."""
    engine = binding.create_mcjit_compiler(binding.parse_assembly(""), _target_machine(Effort.QUICK))
    engine.add_object_file(binding.ObjectFileRef.from_data(code))
    engine.finalize_object()
    return engine


def link(code: bytes) -> Code:
    """The functions of a search."""
    engine = load(code)

    def of_worker(name: str) -> Callable[[int], None]:
        return _OfWorker(engine.get_function_address(name))

    def of_state(name: str) -> Callable[[int, int], None]:
        return _OfState(engine.get_function_address(name))

    return Code(
        run=of_worker("run"),
        restore=of_worker("restore"),
        drain=of_worker("drain"),
        rehash=of_worker("rehash"),
        emit=of_state("emit"),
        expand=of_state("expand"),
        judge=of_state("judge"),
        engine=engine,
    )


@cache
def _processor() -> str:
    name: str = binding.get_host_cpu_name()
    return name


@cache
def _features() -> str:
    features: str = binding.get_host_cpu_features().flatten()
    return features


def _target_machine(effort: Effort) -> binding.TargetMachine:
    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    return binding.Target.from_default_triple().create_target_machine(
        cpu=_processor(), features=_features(), opt=2 * effort.value, reloc="static", codemodel="jitdefault", jit=True
    )
