"""Automata on infinite words that accept by transitions (TGBA, after Couvreur 1999)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kspec.explore.temporal.automata.guards import Guard, allows, covering


@dataclass(frozen=True, slots=True, order=True)
class Edge:
    """Taken at letters with all atoms of `positive` and none of `negative`; `acceptance` has a bit for each acceptance
    set that it is in."""

    source: int
    positive: int
    negative: int
    target: int
    acceptance: int

    @property
    def guard(self) -> Guard:
        return self.positive, self.negative

    def allows(self, letter: int) -> bool:
        return allows(self.guard, letter)


@dataclass(frozen=True, slots=True)
class Automaton:
    """Accepts the words of which some run from `initial` takes edges of every acceptance set again and again; without
    acceptance sets, all of which there is a run. States are the numbers below `states`."""

    states: int
    initial: int
    edges: tuple[Edge, ...]
    acceptance_sets: int
    atoms: int

    @property
    def all_sets(self) -> int:
        return (1 << self.acceptance_sets) - 1


def outgoing(automaton: Automaton) -> list[list[Edge]]:
    """The edges of each state."""
    result: list[list[Edge]] = [[] for _ in range(automaton.states)]
    for edge in automaton.edges:
        result[edge.source].append(edge)
    return result


def assembled(initial: int, edges: Iterable[Edge], acceptance_sets: int, atoms: int) -> Automaton:
    """The automaton of these edges: with the states that can be reached, numbered breadth-first, and as few guards as
    are found for the edges between two states."""
    by_source: dict[int, list[Edge]] = {}
    for edge in _merged(edges):
        by_source.setdefault(edge.source, []).append(edge)
    numbers, order = {initial: 0}, [initial]
    for state in order:
        for edge in by_source.get(state, ()):
            if edge.target not in numbers:
                numbers[edge.target] = len(order)
                order.append(edge.target)
    reached = (edge for state in order for edge in by_source.get(state, ()))
    renumbered = (Edge(numbers[edge.source], *edge.guard, numbers[edge.target], edge.acceptance) for edge in reached)
    return Automaton(len(order), 0, tuple(sorted(renumbered)), acceptance_sets, atoms)


def _merged(edges: Iterable[Edge]) -> list[Edge]:
    guards: dict[tuple[int, int, int], list[Guard]] = {}
    for edge in edges:
        guards.setdefault((edge.source, edge.target, edge.acceptance), []).append(edge.guard)
    return sorted(
        Edge(source, positive, negative, target, acceptance)
        for (source, target, acceptance), several in guards.items()
        for positive, negative in covering(several)
    )
