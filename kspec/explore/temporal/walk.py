"""From marked nodes of a product to a lasso: the shortest way to a fair component, or to where a run may stop, and then
a short cycle in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from kspec.explore.temporal.cycle import fair_cycle
from kspec.explore.temporal.graph import StateGraph
from kspec.explore.temporal.marks import STOP
from kspec.explore.temporal.searches import Marks, Search

Nodes: TypeAlias = "np.ndarray[Any, np.dtype[np.int64]]"


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


def nearest_walk(search: Search, marks: Marks, stops: Nodes) -> Walk:
    """To the nearest of all nodes that are in a fair component, or at which a run may stop."""
    product = search.product
    marked = marks[stops]
    marks[stops] = STOP
    found = search.to_wanted(marks, product.starts)
    assert found is not None, "what is marked can be reached"
    root, hops = found
    entry = hops[-1].node if hops else root
    is_stop = int(marks[entry]) == STOP
    marks[stops] = marked  # of a component that a stop is in, all nodes are needed
    cycle = [] if is_stop else fair_cycle(search, marks, entry)
    steps = tuple(hop.step for hop in (*hops, *cycle))
    return Walk(root % product.graph.states, steps, len(hops))
