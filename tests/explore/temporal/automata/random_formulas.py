"""Random formulas, words and automata over a few atoms."""

from __future__ import annotations

from random import Random

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from kspec.explore.temporal.automata.automaton import Automaton, Edge
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
from kspec.explore.temporal.automata.word import LassoWord

ATOMS = 3
UNARY = (Not, Next, always, eventually)
BINARY = (And, Or, Until, Release, implies, iff, leads_to)
STATES = 4

letters = st.integers(0, (1 << ATOMS) - 1)
seeds = st.integers(0, 2**32 - 1)


def same(count: int) -> settings:
    """That many examples, the same ones each time."""
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large]
    return settings(max_examples=count, derandomize=True, database=None, deadline=None, suppress_health_check=slow)


def new(count: int) -> settings:
    return settings(same(count), derandomize=False)


def formulas(size: int = 10, *, with_next: bool = True) -> st.SearchStrategy[Formula]:
    """Of that many operators and atoms at most. Made from a seed, which takes hypothesis much less time than drawing
    each operator; the size is what shrinks."""
    return st.builds(lambda size, seed: _formula(size, Random(seed), with_next), st.integers(1, size), seeds)


def _formula(size: int, random: Random, with_next: bool) -> Formula:
    if size == 1:
        return random.choice([Atom(index) for index in range(ATOMS)] * 4 + [TRUE, FALSE])
    if size == 2 or random.random() < 0.4:
        make = random.choice([make for make in UNARY if with_next or make is not Next])
        return make(_formula(size - 1, random, with_next))
    left = random.randint(1, size - 2)
    one, other = (_formula(part, random, with_next) for part in (left, size - 1 - left))
    return random.choice(BINARY)(one, other)


def words(count: int) -> st.SearchStrategy[list[LassoWord]]:
    return st.builds(lambda seed: [_word(random) for random in [Random(seed)] for _ in range(count)], seeds)


def _word(random: Random) -> LassoWord:
    prefix, loop = random.randint(0, 4), random.randint(1, 4)
    return LassoWord(_letters(prefix, random), _letters(loop, random))


def _letters(count: int, random: Random) -> tuple[int, ...]:
    return tuple(random.randrange(1 << ATOMS) for _ in range(count))


def automata() -> st.SearchStrategy[Automaton]:
    """Such as no formula may lead to: all of theirs are very weak in some way."""
    return st.builds(lambda edges, seed: _automaton(edges, Random(seed)), st.integers(0, 14), seeds)


def _automaton(edges: int, random: Random) -> Automaton:
    sets = random.randint(0, 3)
    made = {_edge(sets, random) for _ in range(edges)}
    return Automaton(STATES, random.randrange(STATES), tuple(sorted(made)), sets, ATOMS)


def _edge(sets: int, random: Random) -> Edge:
    asked, sign = random.randrange(1 << ATOMS), random.randrange(1 << ATOMS)
    source, target = random.randrange(STATES), random.randrange(STATES)
    return Edge(source, asked & sign, asked & ~sign, target, random.randrange(1 << sets))
