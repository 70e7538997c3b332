"""Reduction by direct simulation (Etessami, Wilke and Schuller 2001; Somenzi and Bloem 2000).

A state simulates another one if it has for each edge of the other one an edge with a weaker guard, in no fewer
acceptance sets, to a state that simulates the target. States that simulate each other are one; an edge beside such a
better one of the same state is dropped.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final, TypeAlias

from kspec.explore.temporal.automata.automaton import Automaton, Edge, assembled, outgoing
from kspec.explore.temporal.automata.guards import Guard, covers

Label: TypeAlias = tuple[Guard, int]
"""Guard and acceptance sets."""

MOST_LABELS: Final = 500
MOST_COMPARISONS: Final = 2_000_000
"""Of edges with labels."""

MOST_STEPS: Final = 5_000_000
"""To the relation. An automaton that needs more of anything stays as it is: that would take longer than it saves."""


def simulation_quotient(automaton: Automaton) -> Automaton:
    labels = sorted({_label(edge) for edge in automaton.edges})
    if len(labels) > MOST_LABELS or len(automaton.edges) * len(labels) > MOST_COMPARISONS:
        return automaton
    simulators = _simulators(automaton, labels)
    if simulators is None:
        return automaton
    blocks = [_first_equal(state, simulators) for state in range(automaton.states)]
    edges: list[Edge] = []
    for state, own in enumerate(outgoing(automaton)):
        if blocks[state] == state:
            edges += _best(sorted({replace(edge, target=blocks[edge.target]) for edge in own}), simulators)
    return assembled(blocks[automaton.initial], edges, automaton.acceptance_sets, automaton.atoms)


def _first_equal(state: int, simulators: list[int]) -> int:
    """The first of the states that it simulates and that simulate it; they have the same edges but for worse ones."""
    return next(other for other in range(state + 1) if simulators[state] >> other & simulators[other] >> state & 1)


def _best(edges: list[Edge], simulators: list[int]) -> list[Edge]:
    """Of the edges of one state those beside which there is no better one."""
    return [edge for edge in edges if not any(_is_better(other, edge, simulators) for other in edges)]


def _is_better(one: Edge, other: Edge, simulators: list[int]) -> bool:
    return (
        one != other and _is_no_worse(_label(one), _label(other)) and bool(simulators[other.target] >> one.target & 1)
    )


def _simulators(automaton: Automaton, labels: list[Label]) -> list[int] | None:
    """Of each state the states that simulate it, as bits: the largest such relation, found by removing from that of all
    pairs those that cannot be in it; None if that takes too long."""
    sources = _sources(automaton, labels)
    asked = [sorted({(_label(edge), edge.target) for edge in edges}) for edges in outgoing(automaton)]
    simulators = [(1 << automaton.states) - 1] * automaton.states
    able: dict[tuple[Label, int], int] = {}
    steps, changed = 0, True
    while changed:
        before = list(simulators)
        for state in reversed(range(automaton.states)):  # mostly targets before sources
            for label, target in asked[state]:
                key = label, simulators[target]
                if key not in able:
                    steps += len(sources[label])
                    able[key] = _able(sources[label], simulators[target])
                simulators[state] &= able[key]
        changed = simulators != before
        if steps > MOST_STEPS:
            return None
    return simulators


def _able(sources: dict[int, int], targets: int) -> int:
    """The states with an edge to one of the targets."""
    result = 0
    for target, states in sources.items():
        if targets >> target & 1:
            result |= states
    return result


def _sources(automaton: Automaton, labels: list[Label]) -> dict[Label, dict[int, int]]:
    """By label and target: the states with an edge there that is no worse than the label says, as bits."""
    own: dict[Label, dict[int, int]] = {label: {} for label in labels}
    for edge in automaton.edges:
        _include(own[_label(edge)], edge.target, 1 << edge.source)
    sources: dict[Label, dict[int, int]] = {label: {} for label in labels}
    for label, found in sources.items():
        for other in labels:
            if _is_no_worse(other, label):
                for target, states in own[other].items():
                    _include(found, target, states)
    return sources


def _include(sources: dict[int, int], target: int, states: int) -> None:
    sources[target] = sources.get(target, 0) | states


def _label(edge: Edge) -> Label:
    return edge.guard, edge.acceptance


def _is_no_worse(one: Label, other: Label) -> bool:
    return covers(one[0], other[0]) and not other[1] & ~one[1]
