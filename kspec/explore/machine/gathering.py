"""Failures of loops: every binding is evaluated, and of several failures the least counts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from kspec.explore.machine.builder import Block
from kspec.explore.machine.code import Code
from kspec.system.expressions import FailureKind

_BITS = {kind: 1 << number for number, kind in enumerate(FailureKind)}


class Gathering:
    """Notes the failures of what is built `within`, and lets the whole fail at the end."""

    def __init__(self, code: Code) -> None:
        self._code = code
        self._noted = code.b.variable(0)
        self._possible: set[FailureKind] = set()

    @contextmanager
    def within(self, again: Block) -> Iterator[None]:
        """What is built inside goes on with the next binding where it fails."""

        def note(kind: FailureKind) -> None:
            self._possible.add(kind)
            self._noted.include(_BITS[kind])
            self._code.b.jump(again)

        with self._code.catching(note):
            yield

    def fail(self) -> None:
        """Fails, if something did, in the first of the ways noted."""
        b = self._code.b
        for kind, bit in _BITS.items():
            if kind in self._possible:
                b.jump_when(b.differ(b.bit_and(self._noted.get(), bit), 0), self._code.failure(kind))
