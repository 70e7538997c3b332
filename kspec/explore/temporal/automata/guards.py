"""Guards of edges: conjunctions of literals, as the sets of atoms that must be true and that must be false."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from kspec.explore.temporal.automata.bits import bits

Guard: TypeAlias = tuple[int, int]


def allows(guard: Guard, letter: int) -> bool:
    return letter & guard[0] == guard[0] and not letter & guard[1]


def covers(one: Guard, other: Guard) -> bool:
    """Every letter that `other` allows, `one` allows."""
    return not (one[0] & ~other[0] or one[1] & ~other[1])


def covering(guards: Iterable[Guard]) -> list[Guard]:
    """Guards that together allow the same letters: those that differ in the sign of one atom are one (Quine and
    McCluskey), and none covers another."""
    level = set(guards)
    found: list[Guard] = []
    while level:
        joined: set[Guard] = set()
        shorter: set[Guard] = set()
        for positive, negative in sorted(level):
            for bit in (1 << atom for atom in bits(positive)):
                if (positive ^ bit, negative | bit) in level:
                    joined |= {(positive, negative), (positive ^ bit, negative | bit)}
                    shorter.add((positive ^ bit, negative))
        found += level - joined
        level = shorter
    found.sort(key=lambda guard: (guard[0].bit_count() + guard[1].bit_count(), guard))
    kept: list[Guard] = []
    for guard in found:
        if not any(covers(other, guard) for other in kept):
            kept.append(guard)
    return kept
