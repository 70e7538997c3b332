"""Random numbers: every run has a stream of its own, so that it does not matter which worker carries it out."""

from __future__ import annotations

from typing import Final

WORD: Final = (1 << 64) - 1

GAMMA: Final = 0x9E3779B97F4A7C15
FIRST_FACTOR: Final = 0xBF58476D1CE4E5B9
SECOND_FACTOR: Final = 0x94D049BB133111EB
"""SplitMix64: Steele, Lea and Flood, Fast Splittable Pseudorandom Number Generators, OOPSLA 2014."""


def mixed(number: int) -> int:
    """A one-to-one map of 64 bits that leaves no trace of their order."""
    number = (number ^ number >> 30) * FIRST_FACTOR & WORD
    number = (number ^ number >> 27) * SECOND_FACTOR & WORD
    return number ^ number >> 31


class Stream:
    """The random numbers of one run. Different runs of one seed begin at different places."""

    def __init__(self, seed: int, run: int) -> None:
        self._state = mixed(mixed(seed & WORD) + run & WORD)

    def below(self, bound: int) -> int:
        """A number from 0 up to but not including the bound; of one number, without drawing."""
        if bound == 1:
            return 0
        self._state = self._state + GAMMA & WORD
        return mixed(self._state) * bound >> 64

    def one_in(self, number: int) -> bool:
        """True with this probability."""
        return self.below(number) == 0
