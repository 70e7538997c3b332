"""Acceptance is a matter of cycles: marks stand on edges within strongly connected components only, no state is kept
from which no accepting cycle can be reached, and no component has more acceptance sets than it needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce
from operator import or_

from kspec.explore.temporal.automata.automaton import Automaton, Edge, assembled, outgoing
from kspec.explore.temporal.automata.components import components


def without_dead_ends(automaton: Automaton) -> Automaton:
    """Without the states from which no word is accepted; the initial one stays."""
    numbers = _component_numbers(automaton)
    live = {
        number
        for number, edges in enumerate(_inside(automaton, numbers))
        if edges and _union(edges) == automaton.all_sets
    }
    for edge in sorted(automaton.edges, key=lambda edge: numbers[edge.source]):
        if numbers[edge.target] in live:
            live.add(numbers[edge.source])
    kept = [edge for edge in automaton.edges if numbers[edge.target] in live]
    return assembled(automaton.initial, kept, automaton.acceptance_sets, automaton.atoms)


def with_needed_sets(automaton: Automaton) -> Automaton:
    """Each component uses the first acceptance sets for those that it needs, and all its edges are in the others. A
    component without accepting cycle has no marks, nor has an edge between components."""
    numbers = _component_numbers(automaton)
    inside = _inside(automaton, numbers)
    accepting = [_union(edges) == automaton.all_sets for edges in inside]
    needed = [_needed(edges, automaton.acceptance_sets) for edges in inside]
    rejecting = any(edges and not accepts for edges, accepts in zip(inside, accepting, strict=True))
    count = max([int(rejecting), *(len(sets) for sets, accepts in zip(needed, accepting, strict=True) if accepts)])
    edges = []
    for edge in automaton.edges:
        number = numbers[edge.source]
        marked = number == numbers[edge.target] and accepting[number]
        edges.append(replace(edge, acceptance=_marks(edge, needed[number], count) if marked else 0))
    return assembled(automaton.initial, edges, count, automaton.atoms)


def _component_numbers(automaton: Automaton) -> list[int]:
    return components([[edge.target for edge in edges] for edges in outgoing(automaton)])


def _inside(automaton: Automaton, numbers: Sequence[int]) -> list[list[Edge]]:
    """The edges within each component."""
    inside: list[list[Edge]] = [[] for _ in range(1 + max(numbers))]
    for edge in automaton.edges:
        if numbers[edge.source] == numbers[edge.target]:
            inside[numbers[edge.source]].append(edge)
    return inside


def _union(edges: Sequence[Edge]) -> int:
    return reduce(or_, (edge.acceptance for edge in edges), 0)


def _needed(edges: Sequence[Edge], sets: int) -> list[int]:
    """The acceptance sets without those that have all edges, or all of another one."""
    members = [frozenset(edge for edge in edges if edge.acceptance >> number & 1) for number in range(sets)]
    needed: list[int] = []
    for number, own in enumerate(members):
        if len(own) < len(edges) and not any(members[other] <= own for other in needed):
            needed = [other for other in needed if not own <= members[other]]
            needed.append(number)
    return needed


def _marks(edge: Edge, needed: Sequence[int], count: int) -> int:
    used = sum((edge.acceptance >> number & 1) << place for place, number in enumerate(needed))
    return used | ((1 << count) - (1 << len(needed)))
