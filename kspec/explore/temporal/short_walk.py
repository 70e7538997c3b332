"""From marked nodes of a product to a run: the shortest way to a fair component and then a short cycle in it, or the
shortest way to where it may stop."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

from kspec.explore.temporal.cycle import shortest_found
from kspec.explore.temporal.marks import STOP
from kspec.explore.temporal.searches import Marks, Search
from kspec.explore.temporal.walk import Walk

Nodes: TypeAlias = "np.ndarray[Any, np.dtype[np.int64]]"


def short_walk(search: Search, marks: Marks, stops: Nodes) -> Walk:
    """The shorter of two: to the nearest node at which a run may stop, and to the nearest one of a fair component, and
    round a cycle there."""
    found = [walk for walk in (_to_stop(search, stops), _to_cycle(search, marks)) if walk is not None]
    return min(found, key=lambda walk: len(walk.steps))


def _to_stop(search: Search, stops: Nodes) -> Walk | None:
    if not len(stops):
        return None
    marks = search.no_marks()
    marks[stops] = STOP
    found = search.to_wanted(marks, search.product.starts)
    assert found is not None, "the search came there"
    root, hops = found
    steps = tuple(hop.step for hop in hops)
    return Walk(root % search.product.graph.states, steps, len(steps))


def _to_cycle(search: Search, marks: Marks) -> Walk | None:
    found = search.to_wanted(marks, search.product.starts)
    if found is None:
        return None
    root, hops = found
    onward, cycle = shortest_found(search, marks, hops[-1].node if hops else root)
    steps = tuple(hop.step for hop in (*hops, *onward, *cycle))
    return Walk(root % search.product.graph.states, steps, len(hops) + len(onward))
