"""Object code made of a system, or found among what was made before."""

from __future__ import annotations

from typing import Final

from kspec.explore.machine.compile import compile_text, made_for
from kspec.explore.machine.program import ObjectCode
from kspec.system.digest import behaviour
from kspec.system.system import System
from kspec.user_cache import Kept, name_of, version_of

OBJECTS: Final = Kept("object", ObjectCode, 32 << 20)
"""The code of some thousand systems."""

_GENERATING: Final = ("system", "evaluate", "explore")
"""The packages that take part in generating code: `explore` imports no others of kspec's."""


def kept_name(system: System, *, symmetric: bool, fingerprint: int | None) -> str:
    """The name under which the object code of a system is kept: different for all that may differ."""
    return name_of(behaviour(system), str(symmetric), str(fingerprint), made_for(), version_of(*_GENERATING))


def kept_code(text: str) -> bytes:
    """The object code of a module's text, which is kept by that text."""
    name = name_of(text, made_for())
    kept = OBJECTS.load(name)
    if kept is not None:
        return kept.code
    code = compile_text(text)
    OBJECTS.store(name, ObjectCode(code, (), (), is_reduced=False))
    return code


def make(system: System, *, symmetric: bool, fingerprint: int | None) -> ObjectCode:
    """Raises NotCompilable where machine code cannot do what the system needs."""
    # the generator is loaded only where code is made: it takes longer than loading code that is kept
    from kspec.explore.machine.generate import generate_explorer

    made = generate_explorer(system, symmetric=symmetric, fingerprint=fingerprint)
    return ObjectCode(compile_text(str(made.module)), made.counters, made.findings, made.is_reduced)
