"""Automata accept the words of which their formula holds, and are small."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from functools import reduce

import pytest
from hypothesis import given

from kspec.explore.temporal.automata.automaton import Automaton, Edge
from kspec.explore.temporal.automata.budget import Budget, FormulaTooLarge
from kspec.explore.temporal.automata.formula import (
    FALSE,
    TRUE,
    And,
    Atom,
    Formula,
    Next,
    Not,
    Or,
    Release,
    Until,
    always,
    eventually,
    iff,
    implies,
    leads_to,
)
from kspec.explore.temporal.automata.translate import translate, unreduced
from kspec.explore.temporal.automata.word import LassoWord, holds
from tests.explore.temporal.automata.emptiness import accepts, disjoint
from tests.explore.temporal.automata.random_formulas import formulas, same, words

A, B, C = Atom(0), Atom(1), Atom(2)
DEEP = 500
"""As deep as the language lets formulas be nested."""


@same(1000)
@given(formulas(12), words(6))
def test_it_accepts_what_the_formula_holds_of(formula: Formula, sample: list[LassoWord]) -> None:
    automaton, raw, negation = translate(formula), unreduced(formula), translate(Not(formula))
    for word in sample:
        expected = holds(formula, word)
        assert accepts(automaton, word) == expected
        assert accepts(raw, word) == expected
        assert accepts(negation, word) != expected


@same(300)
@given(formulas(12))
def test_no_word_is_accepted_for_a_formula_and_its_negation(formula: Formula) -> None:
    assert disjoint(translate(formula), translate(Not(formula)))


@same(150)
@given(formulas(24), words(6))
def test_larger_formulas(formula: Formula, sample: list[LassoWord]) -> None:
    try:
        automaton = translate(formula)
    except FormulaTooLarge:
        return
    for word in sample:
        assert accepts(automaton, word) == holds(formula, word)


def test_always_eventually_is_one_state() -> None:
    edges = (Edge(0, 0, 0, 0, 0), Edge(0, 1, 0, 0, 1))
    assert translate(always(eventually(A))) == Automaton(1, 0, edges, 1, 1)


def test_nothing_and_everything() -> None:
    assert translate(TRUE) == Automaton(1, 0, (Edge(0, 0, 0, 0, 0),), 0, 0)
    assert translate(FALSE) == Automaton(1, 0, (), 0, 0)
    assert translate(And(eventually(A), always(Not(A)))) == Automaton(1, 0, (), 0, 1)


@pytest.mark.parametrize(
    ("formula", "states", "sets"),
    [
        (A, 2, 0),
        (Next(A), 3, 0),
        (always(A), 1, 0),
        (eventually(A), 2, 1),
        (Until(A, B), 2, 1),
        (Release(A, B), 2, 0),
        (eventually(always(A)), 2, 1),
        (leads_to(A, B), 2, 1),
        (Not(leads_to(A, B)), 2, 1),
        (leads_to(always(A), always(B)), 4, 1),
        (Not(leads_to(always(A), always(B))), 2, 1),
        (Or(always(eventually(A)), always(eventually(B))), 1, 1),
        (implies(And(always(eventually(A)), always(eventually(B))), always(eventually(C))), 5, 1),
        (Not(implies(And(always(eventually(A)), always(eventually(B))), always(eventually(C)))), 2, 2),
        (iff(always(eventually(A)), always(eventually(B))), 4, 2),
        (Until(eventually(A), always(B)), 3, 1),
    ],
)
def test_sizes(formula: Formula, states: int, sets: int) -> None:
    automaton = translate(formula)
    assert automaton.states <= states
    assert automaton.acceptance_sets <= sets


def atoms(count: int) -> list[Formula]:
    return [Atom(index) for index in range(count)]


def all_of(formulas: list[Formula]) -> Formula:
    return reduce(And, formulas)


def infinitely_often(count: int) -> Formula:
    return all_of([always(eventually(atom)) for atom in atoms(count)])


def gastin_oddoux(count: int) -> Formula:
    """Theta of the paper: the negation of a response under fairness."""
    response = leads_to(Atom(count), Atom(count + 1))
    return Not(implies(infinitely_often(count), response))


def until_to_the_right(count: int) -> Formula:
    return reduce(lambda right, left: Until(left, right), reversed(atoms(count)))


def until_to_the_left(count: int) -> Formula:
    return reduce(Until, atoms(count))


def in_this_order(count: int) -> Formula:
    return reduce(lambda later, atom: eventually(And(atom, Next(later))), reversed(atoms(count)), TRUE)


@pytest.mark.parametrize("count", [2, 4, 6])
@pytest.mark.parametrize(
    ("family", "states"),
    [
        (infinitely_often, lambda count: 1),
        (gastin_oddoux, lambda count: 2),
        (until_to_the_right, lambda count: count),
        (lambda count: Not(until_to_the_right(count)), lambda count: count),
        (until_to_the_left, lambda count: 2 ** (count - 1)),
        (lambda count: Not(until_to_the_left(count)), lambda count: count),
        (in_this_order, lambda count: count + 1),
        (lambda count: all_of([always(atom) for atom in atoms(count)]), lambda count: 1),
        (lambda count: all_of([eventually(atom) for atom in atoms(count)]), lambda count: 2**count),
        (lambda count: Not(all_of([leads_to(atom, C) for atom in atoms(count)])), lambda count: 2),
    ],
)
def test_families_grow_no_more_than_they_must(
    family: Callable[[int], Formula], states: Callable[[int], int], count: int
) -> None:
    automaton = translate(family(count))
    assert automaton.states <= states(count)
    assert automaton.acceptance_sets <= count + 1


def nested(make: Callable[[Formula, Formula], Formula]) -> Formula:
    return reduce(lambda inside, level: make(inside, Atom(level % 3)), range(DEEP), A)


@pytest.mark.parametrize(
    "formula",
    [
        nested(lambda inside, _: Not(inside)),
        nested(lambda inside, _: Next(inside)),
        nested(lambda inside, _: eventually(Next(inside))),
        nested(lambda inside, atom: eventually(And(atom, Next(inside)))),
        nested(iff),
        nested(leads_to),
        nested(lambda inside, atom: leads_to(atom, inside)),
    ],
)
def test_deeply_nested_formulas(formula: Formula) -> None:
    automaton, word = translate(formula), LassoWord((1, 3, 2), (5, 0, 6))
    assert accepts(automaton, word) == holds(formula, word)


@pytest.mark.parametrize(
    "formula",
    [
        all_of([eventually(atom) for atom in atoms(30)]),
        all_of([Or(Atom(2 * index), Atom(2 * index + 1)) for index in range(30)]),
        nested(lambda inside, atom: always(Until(inside, Next(Next(atom))))),
        reduce(Until, atoms(DEEP)),
    ],
)
def test_formulas_that_are_too_large(formula: Formula) -> None:
    with pytest.raises(FormulaTooLarge):
        translate(formula)


def test_budgets() -> None:
    formula = all_of([eventually(atom) for atom in atoms(4)])
    assert translate(formula, Budget(states=16)).states == 16
    with pytest.raises(FormulaTooLarge):
        translate(formula, Budget(states=15))
    with pytest.raises(FormulaTooLarge):
        translate(formula, Budget(work=100))


def test_hash_seeds_change_nothing() -> None:
    code = """
from kspec.explore.temporal.automata.formula import *
from kspec.explore.temporal.automata.translate import translate
parts = [iff(Atom(i), eventually(Until(Atom(i + 1), always(Atom(i + 2))))) for i in range(3)]
print(translate(And(Or(parts[0], parts[1]), parts[2])))
"""
    printed = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(printed) == 1
