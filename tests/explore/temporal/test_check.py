"""Whole checks on toys, against all fair walks up to some length."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from kspec.explore.result import Limits
from kspec.explore.temporal.atoms import Values
from kspec.explore.temporal.check import check_properties
from kspec.explore.temporal.walk import Walk
from kspec.explore.temporal.outcome import (
    EmptyAssumption,
    Holds,
    NeedsRoom,
    TemporalOutcome,
    Violated,
)
from kspec.explore.watch import Watch
from kspec.system.expressions import Local
from kspec.system.properties import PropertyKind
from kspec.system.temporal import (
    Always,
    And,
    Eventually,
    Formula,
    Gone,
    Iff,
    Implies,
    LeadsTo,
    Next,
    Not,
    Or,
    StateAtom,
    StepAtom,
    Temporal,
    Until,
)
from tests.explore.temporal.toys import Toy, about_runs, condition, every_pod, pod, random_toy, system_of
from tests.explore.temporal.walks import has_room, holds, holds_somewhere, is_fair, walks, words

CONDITIONS = 2
MOST_STEPS = 4


def _random_formula(dice: random.Random, size: int, tracked: Sequence[Local]) -> Formula:
    if size <= 1:
        return _random_atom(dice, tracked)
    half = size // 2

    def part(size: int) -> Formula:
        return _random_formula(dice, size, tracked)

    one = [Not, Next, Always, Eventually, Always, Eventually]
    two = [Implies, Iff, Until, LeadsTo, LeadsTo]
    several = [And, Or]
    match dice.randrange(3):
        case 0:
            return dice.choice(one)(part(size - 1))
        case 1:
            return dice.choice(two)(part(half), part(size - half))
        case _:
            return dice.choice(several)((part(half), part(size - half)))


def _random_atom(dice: random.Random, tracked: Sequence[Local]) -> Formula:
    about = frozenset(local for local in tracked if dice.random() < 0.6)
    match dice.randrange(4):
        case 0 if tracked:
            return Gone(dice.choice(list(tracked)))
        case 1:
            return StepAtom(condition(dice.randrange(CONDITIONS)), about)
        case _:
            return StateAtom(condition(dice.randrange(CONDITIONS)), about)


def _outcome(toy: Toy, temporal: Temporal, assumptions: Sequence[Temporal] = ()) -> TemporalOutcome:
    assumed = [about_runs(f"A{number}", of, PropertyKind.ASSUMPTION) for number, of in enumerate(assumptions)]
    system = system_of(*assumed, about_runs("P", temporal))
    return check_properties(system, toy, Watch(Limits()))["P"]


def _bindings(tracked: Sequence[Local]) -> list[Values]:
    bindings: list[Values] = [()]
    for local in tracked:
        bindings = [(*of, (local, slot)) for of in bindings for slot in range(2)]
    return bindings


def _breaks(toy: Toy, walk: Walk, formula: Formula, tracked: Sequence[Local], values: Values) -> bool:
    return any(not holds(toy, formula, word, values) for word in words(toy, walk, tracked, values))


def _satisfies(toy: Toy, walk: Walk, assumptions: Sequence[Temporal]) -> bool:
    return all(not _breaks(toy, walk, of.formula, (), ()) for of in assumptions)


@pytest.mark.parametrize("seed", range(4))
def test_outcomes_are_those_of_the_definition(seed: int) -> None:
    """What is violated is so by definition; what holds, no fair walk of a few steps breaks."""
    dice = random.Random(seed)
    seen: dict[type, int] = {}
    for _ in range(120):
        toy = random_toy(dice, dice.randint(1, 4), CONDITIONS)
        tracked = [pod(number) for number in range(dice.choice([0, 0, 1, 1, 2]))]
        formula = _random_formula(dice, dice.randint(1, 6), tracked)
        assumptions = [Temporal((), _random_formula(dice, 3, ())) for _ in range(dice.choice([0, 0, 1, 2]))]
        temporal = Temporal(tuple(every_pod(number) for number in range(len(tracked))), formula)
        outcome = _outcome(toy, temporal, assumptions)
        fair = [walk for walk in walks(toy, MOST_STEPS) if is_fair(toy, walk) and _satisfies(toy, walk, assumptions)]
        breaking = [
            walk for walk in fair if any(_breaks(toy, walk, formula, tracked, values) for values in _bindings(tracked))
        ]
        seen[type(outcome)] = seen.get(type(outcome), 0) + 1
        match outcome:
            case Violated(walk, values):
                assert has_room(toy, walk)
            case NeedsRoom(walk, values):
                assert not has_room(toy, walk)
                assert not any(has_room(toy, of) for of in breaking)
            case Holds(_, _, never, is_about_nothing):
                assert not breaking
                _assert_vacuous(toy, fair, tracked, never, is_about_nothing)
                continue
            case EmptyAssumption():
                assert not fair
                continue
            case _:
                raise AssertionError(outcome)
        assert is_fair(toy, walk)
        assert _satisfies(toy, walk, assumptions)
        assert _breaks(toy, walk, formula, tracked, values)
        assert len(walk.steps) == walk.loop or walk.states(toy.graph)[walk.loop] == walk.states(toy.graph)[-1]
    assert set(seen) == {Violated, NeedsRoom, Holds, EmptyAssumption}


def _assert_vacuous(
    toy: Toy, fair: list[Walk], tracked: Sequence[Local], never: Sequence[LeadsTo], is_about_nothing: bool
) -> None:
    for values in _bindings(tracked):
        for walk in fair:
            for word in words(toy, walk, tracked, values):
                assert not is_about_nothing
                assert not any(holds_somewhere(toy, part.left, word, values) for part in never)
