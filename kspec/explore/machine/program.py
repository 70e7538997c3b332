"""The code of a system, as the search sees it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kspec.evaluate.run import State
from kspec.explore.machine.facts import Counter, Finding

Words = tuple[int, ...]
"""A packed state; each word from 0 to 2**64 - 1."""


class NotCompilable(Exception):
    """The system has something that machine code does not do; the exception's text says what."""


@dataclass(frozen=True, slots=True)
class Program:
    """What `expand` and `judge` of a system work on and tell. `counters` and `findings`: what each number means."""

    words: int
    counters: tuple[Counter, ...]
    findings: tuple[Finding, ...]
    pack: Callable[[State], Words]
    unpack: Callable[[Words], State]


@dataclass(frozen=True, slots=True)
class ObjectCode:
    """The machine code of a system and of the search over it, and what is known only from generating it.

    `counters` and `findings`: what each number means. `is_reduced`: the code puts states into canonical form."""

    code: bytes
    counters: tuple[Counter, ...]
    findings: tuple[Finding, ...]
    is_reduced: bool
