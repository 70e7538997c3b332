"""States with the same edges are one: the coarsest bisimulation, by refinement of a partition."""

from __future__ import annotations

from kspec.explore.temporal.automata.automaton import Automaton, Edge, assembled, outgoing


def bisimulation_quotient(automaton: Automaton) -> Automaton:
    edges_of = outgoing(automaton)
    blocks = [0] * automaton.states
    count = 0
    while count != (count := len(set(blocks))):
        signatures = [(blocks[state], _signature(edges, blocks)) for state, edges in enumerate(edges_of)]
        numbers = {signature: number for number, signature in enumerate(dict.fromkeys(signatures))}
        blocks = [numbers[signature] for signature in signatures]
    edges = {Edge(blocks[edge.source], *edge.guard, blocks[edge.target], edge.acceptance) for edge in automaton.edges}
    return assembled(blocks[automaton.initial], edges, automaton.acceptance_sets, automaton.atoms)


def _signature(edges: list[Edge], blocks: list[int]) -> frozenset[tuple[int, int, int, int]]:
    return frozenset((edge.positive, edge.negative, blocks[edge.target], edge.acceptance) for edge in edges)
