"""Runs in a complete graph, by the numbers of states and steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kspec.explore.temporal.graph import StateGraph


@dataclass(frozen=True, slots=True)
class Walk:
    """A run in a complete graph: from an initial state, by these steps. Those from position `loop` on repeat for ever;
    where there are none, it stops."""

    start: int
    steps: tuple[int, ...]
    loop: int

    @property
    def stops(self) -> bool:
        return self.loop == len(self.steps)

    def states(self, graph: StateGraph) -> list[int]:
        """The states that the run comes through, the last one at the end of the loop included."""
        return [self.start, *(int(graph.targets[step]) for step in self.steps)]
