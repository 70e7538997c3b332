"""How much a translation may cost: automata can be exponentially larger than formulas."""

from __future__ import annotations

from typing import Final

MOST_STATES: Final = 2_000
"""Before reductions. Each stands beside every state of the system."""

MOST_WORK: Final = 4_000_000
"""Comparisons of two ways to go on: some seconds."""


class FormulaTooLarge(Exception):
    """The automaton of a formula costs more than a translation may."""


class Budget:
    """What is left of it."""

    def __init__(self, states: int = MOST_STATES, work: int = MOST_WORK) -> None:
        self._states = states
        self._work = work

    def spend(self, work: int) -> None:
        self._work -= work
        if self._work < 0:
            raise FormulaTooLarge

    def add_state(self) -> None:
        self._states -= 1
        if self._states < 0:
            raise FormulaTooLarge
