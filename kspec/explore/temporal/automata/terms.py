"""Ways to satisfy a formula for one letter: disjunctions of conjunctions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from kspec.explore.temporal.automata.budget import Budget


class Term(NamedTuple):
    """The letter has all atoms of `positive` and none of `negative`; the formulas of `obligations` hold at the next
    position; and those of `fulfilled`, which wait for something, have it at this one. Sets are bits of integers:
    atoms by index, formulas by number."""

    positive: int
    negative: int
    obligations: int
    fulfilled: int

    def asks_no_more_than(self, other: Term) -> bool:
        return not (
            self.positive & ~other.positive or self.negative & ~other.negative or self.obligations & ~other.obligations
        )

    def dominates(self, other: Term) -> bool:
        """It asks for no more and fulfils no less."""
        return not other.fulfilled & ~self.fulfilled and self.asks_no_more_than(other)


NOTHING_ASKED = Term(0, 0, 0, 0)


def union(alternatives: Iterable[Sequence[Term]], budget: Budget) -> tuple[Term, ...]:
    return undominated({term for terms in alternatives for term in terms}, budget)


def product(one: Sequence[Term], other: Sequence[Term], budget: Budget) -> tuple[Term, ...]:
    budget.spend(len(one) * len(other))
    return undominated({term for left in one for right in other if (term := _both(left, right)) is not None}, budget)


def undominated(terms: Iterable[Term], budget: Budget) -> tuple[Term, ...]:
    kept: list[Term] = []
    for term in sorted(terms, key=_asked):
        budget.spend(1 + len(kept))
        if not any(other.dominates(term) for other in kept):
            kept.append(term)
    return tuple(kept)


def _asked(term: Term) -> tuple[int, Term]:
    """A term comes before those that it dominates."""
    asked = term.positive.bit_count() + term.negative.bit_count() + term.obligations.bit_count()
    return asked - term.fulfilled.bit_count(), term


def _both(one: Term, other: Term) -> Term | None:
    positive, negative = one.positive | other.positive, one.negative | other.negative
    if positive & negative:
        return None
    return Term(positive, negative, one.obligations | other.obligations, one.fulfilled | other.fulfilled)
