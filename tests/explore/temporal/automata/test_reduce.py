"""Each reduction leaves the language of any automaton as it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given

from kspec.explore.temporal.automata.acceptance import with_needed_sets, without_dead_ends
from kspec.explore.temporal.automata.automaton import Automaton, Edge, assembled, outgoing
from kspec.explore.temporal.automata.components import components
from kspec.explore.temporal.automata.degeneralise import degeneralised
from kspec.explore.temporal.automata.guards import covering
from kspec.explore.temporal.automata.quotient import bisimulation_quotient
from kspec.explore.temporal.automata.reduce import reduced
from kspec.explore.temporal.automata.simulation import simulation_quotient
from kspec.explore.temporal.automata.table import Move, table
from kspec.explore.temporal.automata.word import LassoWord
from tests.explore.temporal.automata.emptiness import accepts
from tests.explore.temporal.automata.random_formulas import ATOMS, automata, letters, same, words


def reassembled(automaton: Automaton) -> Automaton:
    return assembled(automaton.initial, automaton.edges, automaton.acceptance_sets, automaton.atoms)


@pytest.mark.parametrize(
    "change",
    [
        reassembled,
        without_dead_ends,
        with_needed_sets,
        bisimulation_quotient,
        simulation_quotient,
        reduced,
        degeneralised,
    ],
)
def test_the_language_stays(change: Callable[[Automaton], Automaton]) -> None:
    @same(600)
    @given(automata(), words(6))
    def compare(automaton: Automaton, sample: list[LassoWord]) -> None:
        changed = change(automaton)
        for word in sample:
            assert accepts(changed, word) == accepts(automaton, word)

    compare()


@same(500)
@given(automata())
def test_reductions_end_and_do_not_grow(automaton: Automaton) -> None:
    small = reduced(automaton)
    assert reduced(small) == small
    assert small.states <= reassembled(automaton).states
    assert small.acceptance_sets <= max(automaton.acceptance_sets, 1)


@same(300)
@given(automata())
def test_one_acceptance_set_is_left(automaton: Automaton) -> None:
    one = degeneralised(automaton)
    assert one.acceptance_sets == 1
    assert one.states <= automaton.states * max(automaton.acceptance_sets, 1)


@same(300)
@given(automata())
def test_components_are_what_reaches_each_other(automaton: Automaton) -> None:
    successors = [[edge.target for edge in edges] for edges in outgoing(automaton)]
    found = components(successors)
    reach = [{state} for state in range(automaton.states)]
    for _ in range(automaton.states):
        reach = [one.union(*(reach[target] for target in successors[state])) for state, one in enumerate(reach)]
    for state in range(automaton.states):
        for other in range(automaton.states):
            assert (found[state] == found[other]) == (other in reach[state] and state in reach[other])
            assert other not in reach[state] or found[other] <= found[state]


@same(500)
@given(automata())
def test_covering_guards_allow_the_same_letters(automaton: Automaton) -> None:
    guards = [edge.guard for edge in automaton.edges]

    def allowed(guards: list[tuple[int, int]]) -> set[int]:
        return {
            letter
            for letter in range(1 << ATOMS)
            for positive, negative in guards
            if letter & positive == positive and not letter & negative
        }

    assert allowed(covering(guards)) == allowed(guards)


def test_guards_are_joined() -> None:
    assert covering([(1, 2), (3, 0)]) == [(1, 0)]
    assert covering([(0, 3), (1, 2), (2, 1), (3, 0)]) == [(0, 0)]
    assert covering([(1, 0), (3, 4)]) == [(1, 0)]


def test_states_with_the_same_edges_are_one() -> None:
    edges = (Edge(0, 1, 0, 1, 0), Edge(1, 1, 0, 0, 0))
    assert bisimulation_quotient(Automaton(2, 0, edges, 0, 1)) == Automaton(1, 0, (Edge(0, 1, 0, 0, 0),), 0, 1)


def test_edges_beside_better_ones_are_dropped() -> None:
    """State 1 allows a subset of what state 2 allows, so nobody needs to go there."""
    edges = (Edge(0, 1, 0, 1, 0), Edge(0, 0, 0, 2, 0), Edge(1, 3, 0, 1, 0), Edge(2, 1, 0, 2, 0))
    left = simulation_quotient(Automaton(3, 0, edges, 0, 2))
    assert left == Automaton(2, 0, (Edge(0, 0, 0, 1, 0), Edge(1, 1, 0, 1, 0)), 0, 2)


def test_dead_ends_are_dropped() -> None:
    """State 1 has no cycle, state 2 none that is accepting."""
    edges = (Edge(0, 0, 0, 0, 1), Edge(0, 0, 0, 1, 1), Edge(0, 0, 0, 2, 1), Edge(2, 0, 0, 2, 0))
    assert without_dead_ends(Automaton(3, 0, edges, 1, 0)) == Automaton(1, 0, edges[:1], 1, 0)


def test_components_share_acceptance_sets() -> None:
    edges = (Edge(0, 0, 0, 0, 1), Edge(0, 1, 0, 0, 3), Edge(0, 0, 0, 1, 3), Edge(1, 0, 0, 1, 2), Edge(1, 1, 0, 1, 3))
    expected = (Edge(0, 0, 0, 0, 0), Edge(0, 0, 0, 1, 0), Edge(0, 1, 0, 0, 1), Edge(1, 0, 0, 1, 0), Edge(1, 1, 0, 1, 1))
    assert with_needed_sets(Automaton(2, 0, edges, 2, 1)) == Automaton(2, 0, expected, 1, 1)


def test_a_component_that_rejects_stays_so() -> None:
    """All its edges are in some set, and none in the other: without sets it would accept."""
    edges = (Edge(0, 0, 0, 0, 1),)
    left = with_needed_sets(Automaton(1, 0, edges, 2, 0))
    assert left == Automaton(1, 0, (replace(edges[0], acceptance=0),), 1, 0)


@same(100)
@given(automata(), letters)
def test_tables_have_the_same_moves(automaton: Automaton, letter: int) -> None:
    moves = table(automaton)
    assert len(moves) == automaton.states
    assert automaton.edges == tuple(
        Edge(state, move.positive, move.negative, move.target, move.acceptance)
        for state, own in enumerate(moves)
        for move in own
    )
    for own, edges in zip(moves, outgoing(automaton), strict=True):
        assert [move.allows(letter) for move in own] == [edge.allows(letter) for edge in edges]
    assert Move(1, 2, 0, 0).allows(5)
    assert not Move(1, 2, 0, 0).allows(3)
