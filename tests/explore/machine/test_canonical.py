"""Canonical forms in machine code: those of `symmetry.canonical`, or others for the same orbits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from random import Random, randrange

import pytest

from kspec.evaluate.evaluator import Evaluator
from kspec.evaluate.outcome import Stepped
from kspec.evaluate.run import State
from kspec.explore.machine.canonical import search
from kspec.explore.symmetry.canonical import Canonicaliser
from kspec.explore.symmetry.group import group_of
from kspec.explore.symmetry.places import Places
from kspec.explore.symmetry.rename import Renamer
from kspec.system.sorts import BOOL, IntSort, MapSort, OptionSort, SetSort
from kspec.system.system import System
from tests.agreement.engines import load, lowered
from tests.agreement.random_models import on_random_models
from tests.agreement.test_engines import LONG_RUN, new_models, same_models
from tests.building import SystemBuilder, constant, field, kind
from tests.explore.machine.forms import Former
from tests.explore.symmetry.graphs import (
    any_permutation,
    circles,
    every_permutation,
    everything,
    graph,
    placed_pods,
    random_state,
)
from tests.explore.symmetry.random_systems import random_system
from tests.shipped import WITH_CLUSTERS


def check(system: System, states: Iterable[State]) -> int:
    """Gives how many of the states have a form that an earlier one has."""
    oracle = Canonicaliser(system)
    former = Former(system, oracle.group)
    forms: dict[State, State] = {}
    count = 0
    for state in states:
        form, orbit = former.canonical(state), oracle.canonical(state)
        assert oracle.canonical(form) == orbit, state
        assert forms.setdefault(orbit, form) == form, state
        count += 1
    assert former.given_up == 0
    return count - len(forms)


def with_images(system: System, states: Iterable[State], dice: Random) -> Iterator[State]:
    """Each state, and another one of its orbit."""
    group, renamer = Canonicaliser(system).group, Renamer(Places(system))
    for state in states:
        yield state
        yield renamer.renamed(state, any_permutation(group, dice))


def reachable(system: System, most: int) -> list[State]:
    evaluator = Evaluator(system)
    found = dict.fromkeys(evaluator.initial_states())
    waiting = list(found)
    for state in waiting:
        for outcome in evaluator.outcomes(state):
            if isinstance(outcome, Stepped) and outcome.state not in found and len(found) < most:
                found[outcome.state] = None
                waiting.append(outcome.state)
    return list(found)


@pytest.mark.parametrize(
    ("make", "states"),
    [(lambda: graph(5), 150), (lambda: placed_pods(4, 2, 3), 150), (everything, 150)],
    ids=["graph", "pods", "everything"],
)
def test_random_states(make: Callable[[], System], states: int) -> None:
    system, dice = make(), Random(11)
    found = [random_state(system, dice) for _ in range(states)]
    assert check(system, with_images(system, found, dice)) >= states


def test_graphs_that_colours_cannot_tell_apart() -> None:
    dice = Random(5)
    states = [circles(12), circles(6, 6), circles(3, 3, 3, 3), circles(4, 4, 4), circles(3, 4, 5), (frozenset(),) * 12]
    everyone = frozenset(range(12))
    states += [(everyone,) * 12, tuple(everyone - {item} for item in range(12))]
    images = [image for _ in range(4) for image in with_images(graph(12), states, dice)]
    assert check(graph(12), images) == len(images) - len(states)


def test_a_search_that_meets_its_limit_still_gives_a_state_of_the_orbit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "MOST_FORMS", 1)
    system, dice = graph(9), Random(2)
    oracle = Canonicaliser(system)
    former = Former(system, oracle.group)
    for state in with_images(system, [circles(9), circles(3, 3, 3)], dice):
        before = former.given_up
        assert oracle.canonical(former.canonical(state)) == oracle.canonical(state)
        assert former.given_up == before + 1


@pytest.mark.parametrize("path", WITH_CLUSTERS, ids=lambda path: path.stem)
def test_states_of_the_library(path: Path) -> None:
    model = load(path)
    system = lowered(model, next(iter(model.clusters)))
    if not Canonicaliser(system).group.is_trivial:
        assert check(system, with_images(system, reachable(system, 200), Random(1)))


# --- systems that are nothing but state ------------------------------------------------------------------------------


def check_orbits(system: System, states: int, dice: Random) -> None:
    """All states of an orbit have one form, which is one of them; no two orbits have the same."""
    group, renamer = group_of(system), Renamer(Places(system))
    former, permutations = Former(system, group), list(every_permutation(group))
    orbits: dict[State, State] = {}
    for state in (random_state(system, dice) for _ in range(states)):
        orbit = {renamer.renamed(state, permutation) for permutation in permutations}
        forms = {former.canonical(image) for image in dice.sample(sorted(orbit, key=repr), min(len(orbit), 12))}
        assert len(forms) == 1, state
        (form,) = forms
        assert form in orbit, state
        assert orbits.setdefault(form, state) in orbit, state
    assert former.given_up == 0


def check_random_systems(count: int, dice: Random) -> int:
    """Gives how many of the systems had objects that can be exchanged."""
    checked = 0
    for _ in range(count):
        system = random_system(dice)
        group = group_of(system)
        if not group.is_trivial and group.order <= 600:
            check_orbits(system, 12, dice)
            checked += 1
    return checked


def test_a_kind_without_room() -> None:
    builder, pod, node = SystemBuilder(), kind("Pod", 2), kind("Node", 0, permanent=False)
    builder.kind(pod)
    builder.kind(node)
    builder.variable(field(pod, "node", OptionSort(node.sort)), None, None)
    builder.variable(field(node, "pod", pod.sort))
    builder.variable(field(pod, "failed", BOOL), False, False)
    check_orbits(builder.build(), 8, Random(1))


def test_random_systems() -> None:
    assert check_random_systems(14, Random(17)) >= 6


@pytest.mark.long
def test_many_random_systems() -> None:
    seed = randrange(1 << 32)
    print("seed", seed)  # shown where the test fails
    assert check_random_systems(LONG_RUN, Random(seed)) >= LONG_RUN // 4


def exchanged_sets() -> System:
    """Sets with more values than fit into a cell, for each pair of objects."""
    builder, pod = SystemBuilder(), kind("Pod", 4)
    builder.kind(pod)
    builder.variable(field(pod, "seen", MapSort(pod.sort, SetSort(IntSort(0, 150)))), *[(frozenset(),) * 4] * 4)
    return builder.build()


def ring(size: int) -> System:
    """Objects around a table, linked by constants alone."""
    builder, fork, philosopher = SystemBuilder(), kind("Fork", size), kind("Philosopher", size)
    builder.kind(fork)
    builder.kind(philosopher)
    for name, turn in (("left", 0), ("right", 1)):
        builder.variable(constant(philosopher, name, fork.sort, [(seat + turn) % size for seat in range(size)]))
    builder.variable(field(philosopher, "hungry", BOOL), *[False] * size)
    return builder.build()


@pytest.mark.parametrize(
    ("system", "states"),
    [
        (graph(1), 2),
        (placed_pods(2, 1, 0), 8),
        (exchanged_sets(), 8),
        (ring(5), 12),
        (ring(40), 4),
        (graph(70), 2),
        (placed_pods(70, 3, 66), 2),
    ],
    ids=["alone", "few", "sets", "ring", "large-ring", "many", "many-pods"],
)
def test_small_and_large_systems(system: System, states: int) -> None:
    dice = Random(3)
    if not group_of(system).is_trivial:
        found = [*reachable(system, 1), *(random_state(system, dice) for _ in range(states))]
        check(system, with_images(system, found, dice))


# --- models ----------------------------------------------------------------------------------------------------------


def check_random(system: System) -> str:
    if Canonicaliser(system).group.is_trivial:
        return "asymmetric"
    check(system, with_images(system, reachable(system, 60), Random(1)))
    return "compared"


def test_random_models(tmp_path: Path) -> None:
    tally = on_random_models(tmp_path, same_models(25), check_random)
    assert tally["compared"] >= 6, tally


@pytest.mark.long
def test_many_new_models(tmp_path: Path) -> None:
    tally = on_random_models(tmp_path, new_models(LONG_RUN), check_random)
    assert tally["compared"] > 0, tally
