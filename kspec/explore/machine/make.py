"""Object code made of a system, or found among what was made before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from kspec.explore.machine.compile import Effort, compile_text, made_for
from kspec.explore.machine.program import ObjectCode
from kspec.garbage import no_garbage_collection
from kspec.system.digest import behaviour
from kspec.system.system import System
from kspec.user_cache import Kept, name_of, version_of

OBJECTS: Final = Kept("object", ObjectCode, 32 << 20)
"""The code of some thousand systems."""

_GENERATING: Final = ("system", "evaluate", "explore")
"""The packages that take part in generating code: `explore` imports no others of kspec's."""


def kept_code(text: str) -> bytes:
    """The object code of a module's text, which is kept by that text."""
    return code_named(text, Effort.THOROUGH, lambda: text)


def code_named(name: str, effort: Effort, generate: Callable[[], str]) -> bytes:
    """The object code of a module that is kept by a name, and generated only where it is not: to generate a module, and
    to load what does so, takes longer than to load its code."""
    name = name_of(name, made_for(effort))
    kept = OBJECTS.load(name)
    if kept is not None:
        return kept.code
    with no_garbage_collection():
        code = compile_text(generate(), effort)
    OBJECTS.store(name, ObjectCode(code, (), (), is_reduced=False))
    return code


def kept_name(system: System, *, symmetric: bool, fingerprint: int | None) -> str:
    """What the code of a system is kept by: different for all that the generated text may differ in."""
    return name_of(behaviour(system), str(symmetric), str(fingerprint), version_of_generators())


@cache
def version_of_generators() -> str:
    """Of the code that generates code, as it was when this process first asked."""
    return version_of(*_GENERATING)


@dataclass(frozen=True, slots=True)
class _Generated:
    """A module as text, and the object code that it is to become, which is empty."""

    text: str
    empty: ObjectCode


class Maker:
    """Makes the code of one system. What was generated for one effort is there for another."""

    def __init__(self, system: System, *, symmetric: bool, fingerprint: int | None) -> None:
        self._system = system
        self._symmetric = symmetric
        self._fingerprint = fingerprint
        self._name = kept_name(system, symmetric=symmetric, fingerprint=fingerprint)
        self._generated: _Generated | None = None

    def kept(self, effort: Effort) -> ObjectCode | None:
        return OBJECTS.load(self._object_name(effort))

    def make(self, effort: Effort) -> ObjectCode:
        """Raises NotCompilable where machine code cannot do what the system needs."""
        if self._generated is None:
            self._generated = self._generate()
        made = replace(self._generated.empty, code=compile_text(self._generated.text, effort))
        OBJECTS.store(self._object_name(effort), made)
        return made

    def _object_name(self, effort: Effort) -> str:
        return name_of(self._name, made_for(effort))

    def _generate(self) -> _Generated:
        # the generator is loaded only where code is made: it takes longer than loading code that is kept
        from kspec.explore.machine.generate import generate_explorer

        with no_garbage_collection():
            made = generate_explorer(self._system, symmetric=self._symmetric, fingerprint=self._fingerprint)
            return _Generated(str(made.module), ObjectCode(b"", made.counters, made.findings, made.is_reduced))
