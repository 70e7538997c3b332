"""From several acceptance sets to one."""

from __future__ import annotations

from kspec.explore.temporal.automata.automaton import Automaton, Edge, assembled


def degeneralised(automaton: Automaton) -> Automaton:
    """The same words with one acceptance set: each state remembers which set it waits for, and an edge may be in
    several sets that come one after the other (Gastin and Oddoux 2001, section 5)."""
    sets = automaton.acceptance_sets
    copies = max(sets, 1)
    edges = []
    for edge in automaton.edges:
        for waiting in range(copies):
            seen = _seen(edge.acceptance, waiting, sets)
            source, target = edge.source * copies + waiting, edge.target * copies + seen % copies
            edges.append(Edge(source, *edge.guard, target, int(seen >= sets)))
    return assembled(automaton.initial * copies, edges, 1, automaton.atoms)


def _seen(acceptance: int, waiting: int, sets: int) -> int:
    """The first set, from the one that is waited for, that an edge is not in."""
    while waiting < sets and acceptance >> waiting & 1:
        waiting += 1
    return waiting
