"""Amounts of a quantity, such as `500m` of a CPU or `2Gi` of memory: the suffixes of Kubernetes, and how numbers of the
system that stand for amounts are written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

WHOLE: Final = 1000
"""Thousandths in 1. Nothing is finer than `1m`, as in Kubernetes."""

DECIMAL: Final[dict[str, int]] = {suffix: 1000**power for power, suffix in enumerate(("m", "", *"kMGTP"))}
BINARY: Final[dict[str, int]] = {f"{letter}i": WHOLE * 1024**power for power, letter in enumerate("KMGTP", 1)}
"""How many thousandths each suffix stands for, the smallest first."""


@dataclass(frozen=True, slots=True)
class Unit:
    """What 1 stands for in numbers that are amounts of a quantity: `thousandths` of 1. `most`: the bound of the
    quantity, in thousandths. `binary`: the model writes amounts of it with `Ki`, `Mi`, …"""

    quantity: str
    thousandths: int
    most: int
    binary: bool

    @property
    def steps(self) -> int:
        """The number that stands for the greatest amount."""
        return self.most // self.thousandths

    def spell(self, number: int) -> str:
        return spell(number * self.thousandths, self.binary)

    @property
    def bounds(self) -> str:
        """The amounts that can be stored, as a range."""
        return f"0..{spell(self.most, self.binary)}"


def spell(thousandths: int, binary: bool) -> str:
    """The canonical form of Kubernetes: a whole number with the largest suffix that leaves it whole. `binary`: a suffix
    of powers of 1024, where one of them does."""
    if thousandths == 0:
        return "0"
    suffixes = (*DECIMAL.items(), *(BINARY.items() if binary else ()))
    suffix, factor = next(found for found in reversed(suffixes) if thousandths % found[1] == 0)
    return f"{thousandths // factor}{suffix}"
