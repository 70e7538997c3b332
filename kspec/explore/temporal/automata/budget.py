"""How much a translation may cost: automata can be exponentially larger than formulas."""

from __future__ import annotations

from typing import Final

MOST_WORK: Final = 4_000_000
"""Comparisons of two ways to go on: seconds, and memory for as many of them at the very most."""


class FormulaTooLarge(Exception):
    """The automaton of a formula costs more than a translation may."""


class Budget:
    def __init__(self, most: int = MOST_WORK) -> None:
        self._left = most

    def spend(self, work: int) -> None:
        self._left -= work
        if self._left < 0:
            raise FormulaTooLarge
