"""When a formula holds on an infinite word that ends in a loop: the definition that automata are compared with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias, assert_never

from kspec.explore.temporal.automata.formula import (
    And,
    Atom,
    Formula,
    Next,
    Not,
    Or,
    Release,
    Truth,
    Until,
    postorder,
)

Truths: TypeAlias = tuple[bool, ...]
"""Of one formula at each position."""


@dataclass(frozen=True, slots=True)
class LassoWord:
    """The letters of `prefix`, then those of `loop` for ever. A letter has a bit for each atom that is true."""

    prefix: tuple[int, ...]
    loop: tuple[int, ...]

    def __post_init__(self) -> None:
        assert self.loop, "an infinite word"

    @property
    def letters(self) -> tuple[int, ...]:
        """At each position; after the last one comes `successor` of it."""
        return self.prefix + self.loop

    def successor(self, position: int) -> int:
        last = len(self.prefix) + len(self.loop) - 1
        return len(self.prefix) if position == last else position + 1


def holds(formula: Formula, word: LassoWord) -> bool:
    """At the first position."""
    truths: dict[Formula, Truths] = {}
    for part in postorder(formula):
        truths[part] = _truths(part, truths, word)
    return truths[formula][0]


def _truths(formula: Formula, known: dict[Formula, Truths], word: LassoWord) -> Truths:
    match formula:
        case Truth(value):
            return (value,) * len(word.letters)
        case Atom(index):
            return tuple(bool(letter >> index & 1) for letter in word.letters)
        case Not(operand):
            return tuple(not now for now in known[operand])
        case And(left, right):
            return tuple(one and other for one, other in zip(known[left], known[right], strict=True))
        case Or(left, right):
            return tuple(one or other for one, other in zip(known[left], known[right], strict=True))
        case Next(operand):
            return tuple(known[operand][word.successor(position)] for position in range(len(word.letters)))
        case Until(left, right):
            return _fixpoint(known[left], known[right], word, start=False)
        case Release(left, right):
            released = tuple(one and other for one, other in zip(known[left], known[right], strict=True))
            return _fixpoint(known[right], released, word, start=True)
        case _:
            assert_never(formula)


def _fixpoint(stays: Sequence[bool], ends: Sequence[bool], word: LassoWord, *, start: bool) -> Truths:
    """Of `now = ends or (stays and next)`: the least one from `False`, the greatest one from `True`."""
    truths = [start] * len(ends)
    changed = True
    while changed:
        changed = False
        for position in reversed(range(len(truths))):
            now = ends[position] or (stays[position] and truths[word.successor(position)])
            changed |= now != truths[position]
            truths[position] = now
    return tuple(truths)
