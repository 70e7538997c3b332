"""Whole checks on toys, against all fair walks up to some length."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import pytest

from kspec.explore.result import Limit, Limits
from kspec.explore.temporal.atoms import Values
from kspec.explore.temporal.check import check_properties
from kspec.explore.temporal.graph import StateGraph
from kspec.explore.temporal.outcome import (
    AtomFails,
    EmptyAssumption,
    Holds,
    NeedsRoom,
    Stopped,
    TemporalOutcome,
    TooLarge,
    Violated,
)
from kspec.explore.temporal.walk import Walk
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


# --- what is not a matter of chance -----------------------------------------------------------------------------------


def _line(*alive: Sequence[bool]) -> Toy:
    """States one after the other, the last with a step to itself; condition 0 is true in the last one. No fairness."""
    states = len(alive[0])
    graph = StateGraph(
        initial=np.zeros(1, dtype=np.uint32),
        offsets=np.arange(states + 1, dtype=np.uint64),
        targets=np.array([*range(1, states), states - 1], dtype=np.uint32),
        actions=np.zeros(states, dtype=np.uint16),
        units=np.zeros(states, dtype=np.uint16),
        served=np.zeros((states, 1), dtype=np.uint64),
        waiting=np.array([[1]] * (states - 1) + [[0]], dtype=np.uint64),
        cut=np.zeros(states, dtype=np.bool_),
        unit_count=1,
    )
    last = [state == states - 1 for state in range(states)]
    return Toy(graph, {(0, value): last for value in (None, 0, 1)}, {}, alive)


NOW = StateAtom(condition(0))
OF_P = StateAtom(condition(0), frozenset({pod(0)}))


def test_a_reused_slot_does_not_revive_an_object() -> None:
    """The first object in the slot is gone before the end, and what is said of it is false from then on; the second
    one is there at the end."""
    both = _line([True, False, True, True], [False] * 4)
    about = Temporal((every_pod(0),), Eventually(OF_P))
    assert _outcome(both, about) == Violated(Walk(0, (0, 1, 2), 3), ((pod(0), 0),))
    only_later = _line([False, False, True, True], [False] * 4)
    assert _outcome(only_later, about) == Holds(2, 2)
    assert _outcome(both, Temporal((every_pod(0),), Or((Eventually(OF_P), Eventually(Gone(pod(0))))))) == Holds(2, 2)


def test_an_object_that_never_exists_is_nothing_to_speak_about() -> None:
    toy = _line([False] * 3, [False] * 3)
    assert _outcome(toy, Temporal((every_pod(0),), Always(Not(OF_P)))) == Holds(2, 2, (), is_about_nothing=True)


def test_a_condition_that_never_happens_is_told() -> None:
    part = LeadsTo(And((NOW, Not(NOW))), NOW)
    assert _outcome(_line([False] * 3), Temporal((), And((part, LeadsTo(NOW, NOW))))) == Holds(1, 1, (part,))


def test_a_run_may_stop_only_where_nothing_is_owed() -> None:
    """The unit waits in all states but the last."""
    assert _outcome(_line([False] * 4), Temporal((), Eventually(NOW))) == Holds(1, 1)
    assert _outcome(_line([False] * 4), Temporal((), Always(Not(NOW)))) == Violated(Walk(0, (0, 1, 2), 3), ())


def test_next_is_the_state_after_one_step() -> None:
    toy = _line([False] * 3)
    assert _outcome(toy, Temporal((), Next(Next(NOW)))) == Holds(1, 1)
    assert isinstance(_outcome(toy, Temporal((), Next(NOW))), Violated)


def test_assumptions_that_no_run_satisfies_are_told() -> None:
    toy = _line([False] * 3)
    assert _outcome(toy, Temporal((), NOW), [Temporal((), Always(Not(NOW)))]) == EmptyAssumption()
    assert _outcome(toy, Temporal((), Always(Not(NOW))), [Temporal((), Eventually(NOW))]) == Violated(
        Walk(0, (0, 1), 2), ()
    )


def test_what_fails_in_a_state_makes_the_answer_unknown() -> None:
    toy = _line([False] * 3)
    assert isinstance(_outcome(toy, Temporal((), StateAtom(condition(9)))), AtomFails)
    assert isinstance(_outcome(toy, Temporal((), NOW), [Temporal((), StateAtom(condition(9)))]), AtomFails)


def test_more_atoms_than_a_letter_has_bits_are_told() -> None:
    toy = _line([False] * 3)
    table = {(number, None): [True] * 3 for number in range(65)}
    many = Toy(toy.graph, table, {}, toy.alive)
    atoms = [StateAtom(condition(number)) for number in range(65)]
    assert _outcome(many, Temporal((), Always(And(tuple(atoms[:64]))))) == Holds(1, 1)
    assert isinstance(_outcome(many, Temporal((), Always(And(tuple(atoms))))), TooLarge)


def test_more_objects_than_are_tracked_are_told() -> None:
    toy = _line([True] * 3, [True] * 3)
    several = Temporal(tuple(every_pod(number) for number in range(9)), NOW)
    assert isinstance(_outcome(toy, several), TooLarge)


def test_a_formula_may_be_nested_deeply() -> None:
    formula: Formula = NOW
    for _ in range(2_000):
        formula = Not(formula)
    assert isinstance(_outcome(_line([False] * 2), Temporal((), formula)), Violated)


def test_a_limit_ends_all_that_comes_after_it() -> None:
    properties = [about_runs(name, Temporal((), NOW)) for name in ("P", "Q")]
    found = check_properties(system_of(*properties), _line([False] * 3), Watch(Limits(seconds=0.0)))
    assert found == {name: Stopped(Limit.TIME, "0 s") for name in ("P", "Q")}
