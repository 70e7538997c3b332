"""The same languages as those of Spin (Debian's package `spin`), both ways.

KSPEC_MODELS=3000 pytest tests/explore/temporal -m long     that many random formulas
"""

from __future__ import annotations

import os
from collections import Counter

import pytest
from hypothesis import given

from kspec.explore.temporal.automata.degeneralise import degeneralised
from kspec.explore.temporal.automata.formula import Formula, Not
from kspec.explore.temporal.automata.translate import translate
from kspec.explore.temporal.automata.word import LassoWord, holds
from tests.explore.temporal.automata.emptiness import accepts, disjoint
from tests.explore.temporal.automata.never_claims import SpinIsTooSlow, by_spin, parsed
from tests.explore.temporal.automata.random_formulas import formulas, new, words

LONG_RUN = int(os.environ.get("KSPEC_MODELS", "1000"))

CLAIM = """never  {    /* a U b */
T0_init:
\tdo
\t:: atomic { ((b)) -> assert(!((b))) }
\t:: ((a)) -> goto T0_init
\tod;
accept_all:
\tskip
}
"""


def test_never_claims_are_read() -> None:
    claim = parsed(CLAIM)
    assert accepts(claim, LassoWord((1, 1, 2), (0,)))
    assert not accepts(claim, LassoWord((1, 0, 2), (0,)))
    assert not accepts(claim, LassoWord((), (1,)))


@pytest.mark.long
def test_spin_accepts_the_same_words() -> None:
    tally: Counter[str] = Counter()

    @new(LONG_RUN)
    @given(formulas(9, with_next=False))
    def compare(formula: Formula) -> None:
        try:
            theirs, their_negation = by_spin(formula), by_spin(Not(formula))
        except SpinIsTooSlow:
            tally["too slow"] += 1
            return
        ours, our_negation = translate(formula), translate(Not(formula))
        assert disjoint(ours, their_negation)
        assert disjoint(theirs, our_negation)
        assert disjoint(degeneralised(ours), their_negation)
        tally["compared"] += 1

    compare()
    assert tally["compared"] > 9 * tally["too slow"], tally


@pytest.mark.long
def test_many_more_random_formulas() -> None:
    @new(10 * LONG_RUN)
    @given(formulas(16), words(10))
    def compare(formula: Formula, sample: list[LassoWord]) -> None:
        automaton, negation = translate(formula), translate(Not(formula))
        assert disjoint(automaton, negation)
        for word in sample:
            assert accepts(automaton, word) == holds(formula, word)
            assert accepts(negation, word) != holds(formula, word)

    compare()
