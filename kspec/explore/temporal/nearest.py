"""From marked nodes of a product to a lasso: the shortest way to a fair component, or to where a run may stop, and then
a short cycle in it."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

from kspec.explore.temporal.cycle import fair_cycle
from kspec.explore.temporal.marks import STOP
from kspec.explore.temporal.searches import Marks, Search
from kspec.explore.temporal.walk import Walk

Nodes: TypeAlias = "np.ndarray[Any, np.dtype[np.int64]]"


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
