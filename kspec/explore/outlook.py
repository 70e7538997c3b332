"""How much of a search is left, as far as the sizes of its levels tell.

The levels of a search grow, reach a peak and shrink, and mostly the ratio of each level to the one before falls all
the way, by about the same factor each time near the peak, as in a bell curve. So once levels shrink, what is left is
the rest of the bell through the last three levels. No number is given before that, nor where the ratio rises again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final, TypeAlias

MARGIN: Final = 2
"""The rest of the bell is told as from a half to twice as much. docs/explorer.md says how often that is right."""

ROUNDED_DOWN: Final = 0.5
"""A level of less than this is none."""


class NoNumber(Enum):
    """GROWING: the peak is still to come, and may be anywhere. UNCLEAR: levels shrink, but not as a bell does."""

    GROWING = "growing"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Remaining:
    """How many states are likely to be still unseen."""

    low: int
    high: int


Outlook: TypeAlias = Remaining | NoNumber


def outlook(levels: Sequence[int], found: int) -> Outlook:
    """`levels`: how many states each distance has, up to the one that is expanded; `found`: those that this led to so
    far."""
    if len(levels) < 3 or levels[-1] >= levels[-2] or found >= levels[-1]:
        return NoNumber.GROWING
    rest = _rest_of_bell(*levels[-3:])
    if rest is None or found > MARGIN * rest:
        return NoNumber.UNCLEAR
    return Remaining(max(0, round(rest / MARGIN) - found), round(rest * MARGIN) - found)


def _rest_of_bell(first: int, second: int, last: int) -> float | None:
    """All that follows three levels in which the ratio changes by the same factor each time; None where it rises."""
    ratio, change = last / second, last * first / second**2
    if change >= 1:
        return None
    rest, level = 0.0, float(last)
    while level >= ROUNDED_DOWN:
        ratio *= change
        level *= ratio
        rest += level
    return rest
