"""Progress reports, a few a second at most."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from kspec.explore.outlook import Outlook, outlook


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a search is. `levels`: how many states each distance has, up to the one that is expanded; `frontier`: how
    many of its states still wait for that. `memory`: what the process has in use, in bytes. `unit`: what is stored, in
    the plural."""

    levels: tuple[int, ...]
    states: int
    transitions: int
    frontier: int
    seconds: float
    memory: int
    unit: str = "states"

    @property
    def depth(self) -> int:
        return len(self.levels) - 1

    @property
    def expanded(self) -> int:
        return sum(self.levels) - self.frontier

    @property
    def outlook(self) -> Outlook:
        return outlook(self.levels, self.states - sum(self.levels))


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
