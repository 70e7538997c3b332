"""From LLVM's intermediate form to functions that Python can call."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import llvmlite
from llvmlite import binding, ir

from kspec.explore.machine import object_cache

SPEED: Final = 2
"""The optimisation level, as in -O2."""

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


def compile_module(module: ir.Module) -> Code:
    """The functions of a search."""
    engine = load(module)

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


def load(module: ir.Module) -> binding.ExecutionEngine:
    """Compiles a module, or takes its object code from the cache."""
    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    target = _target_machine()
    module.triple = target.triple
    text = str(module)
    name = object_cache.digest(llvmlite.__version__, str(SPEED), target.triple, _host(), text)
    code = object_cache.load(name)
    if code is None:
        code = _compile(text, target)
        object_cache.store(name, code)
    return _link(code, target)


def _host() -> str:
    return f"{binding.get_host_cpu_name()} {binding.get_host_cpu_features().flatten()}"


def _target_machine() -> binding.TargetMachine:
    target = binding.Target.from_default_triple()
    return target.create_target_machine(
        cpu=binding.get_host_cpu_name(),
        features=binding.get_host_cpu_features().flatten(),
        opt=SPEED,
        reloc="static",
        codemodel="jitdefault",
        jit=True,
    )


def _compile(text: str, target: binding.TargetMachine) -> bytes:
    module = binding.parse_assembly(text)
    module.verify()
    options = binding.create_pipeline_tuning_options(speed_level=SPEED)
    builder = binding.create_pass_builder(target, options)
    builder.getModulePassManager().run(module, builder)
    code: bytes = target.emit_object(module)
    return code


def _link(code: bytes, target: binding.TargetMachine) -> binding.ExecutionEngine:
    engine = binding.create_mcjit_compiler(binding.parse_assembly(""), target)
    engine.add_object_file(binding.ObjectFileRef.from_data(code))
    engine.finalize_object()
    return engine
