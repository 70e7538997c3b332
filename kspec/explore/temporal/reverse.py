"""The graph with all steps turned round."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from kspec.explore.temporal.graph import StateGraph
from kspec.explore.temporal.searches import FEW_STEPS
from kspec.explore.watch import Watch


def reverse(graph: StateGraph, watch: Watch) -> StateGraph:
    """Its steps have no actions and no units."""
    if graph.steps <= FEW_STEPS:
        order = np.argsort(graph.targets, kind="stable")
        sources = np.repeat(np.arange(graph.states, dtype=np.uint32), np.diff(graph.offsets).astype(np.int64))[order]
        counts = np.bincount(graph.targets, minlength=graph.states).astype(np.uint64)
        offsets = np.concatenate((np.zeros(1, dtype=np.uint64), np.cumsum(counts, dtype=np.uint64)))
    else:
        from kspec.explore.machine.cycles.reverse import reversed_steps

        offsets, sources = reversed_steps(graph, watch)
    nothing = np.zeros(0, dtype=np.uint16)
    return replace(graph, offsets=offsets, targets=sources, actions=nothing, units=nothing)
