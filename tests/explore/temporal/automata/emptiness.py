"""What automata accept, by the fixpoint of Emerson and Lei 1986: nothing of it is shared with the reductions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

from kspec.explore.temporal.automata.automaton import Automaton, outgoing
from kspec.explore.temporal.automata.word import LassoWord

Pair: TypeAlias = tuple[int, int]


def accepts(automaton: Automaton, word: LassoWord) -> bool:
    edges = outgoing(automaton)

    def successors(vertex: Pair) -> Iterable[tuple[Pair, int]]:
        state, position = vertex
        for edge in edges[state]:
            if edge.allows(word.letters[position]):
                yield (edge.target, word.successor(position)), edge.acceptance

    return _has_accepting_run((automaton.initial, 0), successors, automaton.acceptance_sets)


def disjoint(one: Automaton, other: Automaton) -> bool:
    """No word is accepted by both."""
    edges, others = outgoing(one), outgoing(other)

    def successors(vertex: Pair) -> Iterable[tuple[Pair, int]]:
        for edge in edges[vertex[0]]:
            for beside in others[vertex[1]]:
                if not (edge.positive | beside.positive) & (edge.negative | beside.negative):
                    yield (edge.target, beside.target), edge.acceptance | beside.acceptance << one.acceptance_sets

    sets = one.acceptance_sets + other.acceptance_sets
    return not _has_accepting_run((one.initial, other.initial), successors, sets)


def _has_accepting_run(initial: Pair, successors: Callable[[Pair], Iterable[tuple[Pair, int]]], sets: int) -> bool:
    graph: dict[Pair, list[tuple[Pair, int]]] = {}
    waiting = [initial]
    while waiting:
        vertex = waiting.pop()
        if vertex not in graph:
            graph[vertex] = list(successors(vertex))
            waiting.extend(target for target, _ in graph[vertex])
    kept, before = set(graph), None
    while kept != before:
        before = kept
        kept = _with_a_way(graph, kept, lambda marks: True)
        for number in range(sets):
            kept = _with_a_way(graph, kept, lambda marks, number=number: bool(marks >> number & 1))
    return bool(kept)


def _with_a_way(
    graph: dict[Pair, list[tuple[Pair, int]]], within: set[Pair], wanted: Callable[[int], bool]
) -> set[Pair]:
    """The vertices with a path inside the set that ends in a wanted edge."""
    before_of: dict[Pair, list[Pair]] = {}
    waiting = []
    for vertex in within:
        for target, marks in graph[vertex]:
            if target in within:
                before_of.setdefault(target, []).append(vertex)
                if wanted(marks):
                    waiting.append(vertex)
    found: set[Pair] = set()
    while waiting:
        vertex = waiting.pop()
        if vertex not in found:
            found.add(vertex)
            waiting.extend(before_of.get(vertex, ()))
    return found
