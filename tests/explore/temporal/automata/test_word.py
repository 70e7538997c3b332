"""The definition, on words that one can check by eye."""

from __future__ import annotations

import pytest
from hypothesis import given

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
    count_atoms,
    eventually,
    iff,
    implies,
    leads_to,
    postorder,
)
from kspec.explore.temporal.automata.word import LassoWord, holds
from tests.explore.temporal.automata.random_formulas import formulas, same, words

A, B = Atom(0), Atom(1)
a, b, ab, none = 1, 2, 3, 0


@pytest.mark.parametrize(
    ("formula", "prefix", "loop", "expected"),
    [
        (TRUE, (), (none,), True),
        (FALSE, (), (none,), False),
        (A, (a,), (none,), True),
        (Not(A), (a,), (none,), False),
        (And(A, B), (a,), (ab,), False),
        (Or(A, B), (b,), (none,), True),
        (Next(A), (none,), (a, none), True),
        (Next(A), (), (a, none), False),
        (Next(Next(A)), (), (a, none), True),
        (Next(A), (), (a,), True),
        (Until(A, B), (a, a, b), (none,), True),
        (Until(A, B), (a, none, b), (none,), False),
        (Until(A, B), (b,), (none,), True),
        (Until(A, B), (), (a,), False),
        (Until(A, B), (a,), (a, b), True),
        (Release(A, B), (), (b,), True),
        (Release(A, B), (b, ab), (none,), True),
        (Release(A, B), (b, a), (none,), False),
        (Release(A, B), (a,), (b,), False),
        (eventually(A), (none, none), (none, a), True),
        (eventually(A), (none, none), (none,), False),
        (always(A), (a, a), (a, a), True),
        (always(A), (a, a), (a, none), False),
        (always(eventually(A)), (a, a), (none, a), True),
        (always(eventually(A)), (a, a), (none,), False),
        (eventually(always(A)), (none,), (a,), True),
        (eventually(always(A)), (a,), (none, a), False),
        (leads_to(A, B), (none, a), (none, b), True),
        (leads_to(A, B), (a, b, a), (none,), False),
        (leads_to(A, B), (), (ab,), True),
        (implies(A, B), (b,), (none,), True),
        (implies(A, B), (a,), (b,), False),
        (iff(A, B), (ab,), (none,), True),
        (iff(A, B), (none,), (a,), True),
        (iff(A, B), (b,), (ab,), False),
    ],
)
def test_examples(formula: Formula, prefix: tuple[int, ...], loop: tuple[int, ...], expected: bool) -> None:
    assert holds(formula, LassoWord(prefix, loop)) is expected


@same(300)
@given(formulas(5), formulas(5), words(1))
def test_until_and_release_unfold(one: Formula, other: Formula, sample: list[LassoWord]) -> None:
    [word] = sample
    until, release = Until(one, other), Release(one, other)
    assert holds(until, word) == holds(Or(other, And(one, Next(until))), word)
    assert holds(release, word) == holds(And(other, Or(one, Next(release))), word)
    assert holds(release, word) != holds(Until(Not(one), Not(other)), word)


@same(200)
@given(formulas(), words(1))
def test_a_word_may_be_written_in_many_ways(formula: Formula, sample: list[LassoWord]) -> None:
    [word] = sample
    once = holds(formula, word)
    assert holds(formula, LassoWord(word.prefix + word.loop, word.loop)) == once
    assert holds(formula, LassoWord(word.prefix, word.loop * 2)) == once
    assert holds(formula, LassoWord((*word.prefix, word.loop[0]), word.loop[1:] + word.loop[:1])) == once


def test_shared_parts_are_visited_once() -> None:
    formula: Formula = A
    for _ in range(100):
        formula = iff(formula, B)
    parts = list(postorder(formula))
    assert len(parts) == len(set(parts)) == 2 + 5 * 100
    assert parts[-1] is formula
    assert count_atoms(formula) == 2
    assert count_atoms(TRUE) == 0
