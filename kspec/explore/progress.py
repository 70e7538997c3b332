"""Progress reports, a few a second at most."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a search is. `frontier`: how many states of this depth wait to be expanded."""

    depth: int
    states: int
    transitions: int
    frontier: int
    seconds: float


OnProgress: TypeAlias = Callable[[Progress], None]

INTERVAL = 0.2
"""The least seconds between two reports."""


class Pace:
    """Lets a report through when the last one is long enough ago."""

    def __init__(self) -> None:
        self._next = INTERVAL

    def is_due(self, seconds: float) -> bool:
        if seconds < self._next:
            return False
        self._next = seconds + INTERVAL
        return True
