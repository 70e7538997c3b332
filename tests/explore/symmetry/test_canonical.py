"""Canonical forms against all permutations of the group."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest

from kspec.evaluate.run import State
from kspec.evaluate.values import in_order
from kspec.explore.symmetry.canonical import Canonicaliser, TooManyForms
from kspec.explore.symmetry.places import Places
from kspec.explore.symmetry.rename import Renamer
from kspec.system.system import System
from tests.explore.symmetry.graphs import (
    any_permutation,
    circles,
    edges,
    every_permutation,
    everything,
    graph,
    placed_pods,
    random_state,
)


def two_pentagons(step: int) -> State:
    """One around the other, with spokes between them; the inner one goes from each corner to one `step` further."""
    corners = range(5)
    outer = [(n, (n + 1) % 5) for n in corners]
    inner = [(n + 5, (n + step) % 5 + 5) for n in corners]
    return edges(10, [*outer, *inner, *((n, n + 5) for n in corners)])


@pytest.mark.parametrize(
    ("make", "states"),
    [(lambda: graph(4), 150), (lambda: placed_pods(3, 2, 2), 60), (everything, 60)],
    ids=["graph", "pods", "everything"],
)
def test_one_form_for_each_orbit(make: Callable[[], System], states: int) -> None:
    system, dice = make(), Random(7)
    canonicaliser, renamer = Canonicaliser(system), Renamer(Places(system))
    permutations = list(every_permutation(canonicaliser.group))
    assert len(permutations) == len(set(permutations)) == canonicaliser.group.order > 1
    forms: dict[State, State] = {}
    for state in (random_state(system, dice) for _ in range(states)):
        orbit = [renamer.renamed(state, permutation) for permutation in permutations]
        form = canonicaliser.canonical(state)
        assert form in orbit
        assert canonicaliser.canonical(dice.choice(orbit)) == form
        assert forms.setdefault(in_order(orbit)[0], form) == form
    assert len(set(forms.values())) == len(forms)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (circles(6), circles(3, 3)),
        (circles(4, 4), circles(8)),
        (circles(3, 3, 3, 3), circles(6, 6)),
        (circles(3, 4, 5), circles(4, 4, 4)),
        (two_pentagons(1), two_pentagons(2)),
    ],
    ids=["hexagon", "octagon", "triangles", "mixed", "pentagons"],
)
def test_graphs_that_colours_cannot_tell_apart(one: State, other: State) -> None:
    system, dice = graph(len(one)), Random(3)
    canonicaliser, renamer = Canonicaliser(system), Renamer(Places(system))
    forms = [canonicaliser.canonical(state) for state in (one, other)]
    assert forms[0] != forms[1]
    for state, form in zip((one, other), forms, strict=True):
        for _ in range(5):
            image = renamer.renamed(state, any_permutation(canonicaliser.group, dice))
            assert canonicaliser.canonical(image) == form


def test_all_alike_and_all_linked_takes_few_steps() -> None:
    everyone = frozenset(range(9))
    system, state = graph(9), (everyone,) * 9
    assert Canonicaliser(system).canonical(state) == state


def test_a_search_that_meets_its_limit_says_so() -> None:
    with pytest.raises(TooManyForms):
        Canonicaliser(graph(9), most_forms=1).canonical(circles(3, 3, 3))


def test_states_of_an_orbit_have_one_outline() -> None:
    system, dice = everything(), Random(4)
    canonicaliser, renamer = Canonicaliser(system), Renamer(Places(system))
    states = [random_state(system, dice) for _ in range(40)]
    outlines = [canonicaliser.outline(state) for state in states]
    for state, outline in zip(states, outlines, strict=True):
        assert canonicaliser.outline(renamer.renamed(state, any_permutation(canonicaliser.group, dice))) == outline
    assert len({str(outline) for outline in outlines}) > 30
