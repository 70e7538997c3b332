"""The search by orbits: as many orbits as independent checkers count, and the same answers as without."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import strategies as st

from kspec.explore import compiled, plain
from kspec.explore.machine.search import build, search
from kspec.explore.result import Exploration, Limits
from kspec.explore.symmetry.canonical import Canonicaliser
from kspec.explore.symmetry.forms import Forms
from kspec.explore.symmetry.group import group_of
from kspec.language.load import load_model
from kspec.lower.lower import lower
from kspec.system.system import System
from tests.agreement.failing import failing_models
from tests.agreement.generate import models
from tests.agreement.random_models import on_random_models
from tests.agreement.test_engines import LONG_RUN, new_models, same_models
from tests.explore.agreeing import TIERS, assert_runs_show_it, assert_same
from tests.models.checking import clusters_of

MODELS = Path(__file__).parents[2] / "models"
CASES = sorted((Path(__file__).parents[1] / "cases" / "semantics").glob("*.kspec"))
CLASSICS = sorted((MODELS / "classics").glob("*.kspec"))
SMALL = [
    *((path, cluster) for path in CLASSICS for cluster in clusters_of(path)[:1]),
    (MODELS / "pods.kspec", "p2n1r2c1"),
    (MODELS / "pods.kspec", "p2n2r2c1"),
    (MODELS / "pods.kspec", "p3n2r2c1_quiet"),
]

ORBITS = {
    "p2n2r2c1": (504, 3_077, 12),
    "p2n2r2c2": (756, 4_687, 12),
    "p3n2r2c1": (1_161, 8_043, 16),
    "p3n2r3c2": (4_656, 38_887, 16),
    "p4n2r3c2": (14_376, 136_855, 22),
}
"""Orbits, transitions of one state of each, and depth, counted by a hand-written search and TLC."""
MANY_ORBITS = {
    "p4n3r3c2": (44_344, 476_374, 23),
    "p5n2r4c2": (38_490, 448_568, 24),
    "p5n3r4c2": (187_250, 2_451_933, 27),
    "p8n4r8c2": (16_168_950, 365_053_990, 38),
}
"""The same of larger clusters, counted by the hand-written search."""


def system_of(path: Path, cluster: str | None = None) -> System:
    loaded = load_model(path, clusters=() if cluster is None else (cluster,))
    assert loaded.model is not None
    system = lower(loaded.model, loaded.selected[0]).system
    assert system is not None
    return system


@pytest.mark.parametrize("cluster", ORBITS)
def test_orbits_of_the_pods(cluster: str) -> None:
    found = compiled.explore(system_of(MODELS / "pods.kspec", cluster), Limits(), symmetric=True)
    assert (found.states, found.transitions, found.depth) == ORBITS[cluster]
    assert found.is_reduced
    assert not found.searches_given_up


@pytest.mark.long
@pytest.mark.parametrize("cluster", MANY_ORBITS)
def test_many_orbits_of_the_pods(cluster: str) -> None:
    found = compiled.explore(system_of(MODELS / "pods.kspec", cluster), Limits(memory=4 << 30), symmetric=True)
    assert (found.states, found.transitions, found.depth) == MANY_ORBITS[cluster]
    assert not found.searches_given_up


@pytest.mark.parametrize("path", sorted(MODELS.rglob("*.kspec")), ids=lambda path: path.stem)
def test_the_search_for_the_least_form_is_never_given_up(path: Path) -> None:
    for cluster in clusters_of(path):
        if not cluster.endswith("_quiet"):  # these have a part of the states of others
            found = compiled.explore(system_of(path, cluster), Limits(states=10_000), symmetric=True)
            assert not found.searches_given_up, cluster


def test_orbits_of_the_replica_set() -> None:
    found = compiled.explore(system_of(MODELS / "replicaset.kspec", "small"), Limits(), symmetric=True)
    assert found.states == 1_224
    assert found.witnesses.keys() == {"FullyRunning"}


def test_nothing_depends_on_the_number_of_workers() -> None:
    system = system_of(MODELS / "replicaset_broken.kspec")
    alone, together = (compiled.explore(system, Limits(), symmetric=True, workers=workers) for workers in (1, 3))
    assert replace(together, seconds=alone.seconds) == alone


def answers(found: Exploration) -> object:
    """What does not depend on how states are counted."""
    violations = {name: len(run.moves) for name, run in found.violations.items()}
    witnesses = {name: len(run.moves) for name, run in found.witnesses.items()}
    cut = None if found.cut is None else len(found.cut.run.moves)
    fired = tuple(count > 0 for count in found.action_counts)
    requests = (found.failing_actions, found.refused_requests)
    return violations, witnesses, cut, fired, requests, found.clause_uses, found.room_used


def agree(system: System) -> str:
    """The plain explorer, by states and by orbits, and machine code by orbits."""
    group = group_of(system)
    whole = plain.explore(system, Limits(states=3_000))
    if group.is_trivial or not whole.complete:
        return "asymmetric" if group.is_trivial else "too large"
    reduced = plain.explore(system, Limits(), form=Forms(Canonicaliser(system, group)))
    assert answers(reduced) == answers(whole)
    assert reduced.states <= whole.states <= reduced.states * group.order
    assert reduced.depth <= whole.depth
    assert_runs_show_it(system, reduced)
    for workers, effort in TIERS:
        machine = build(system, symmetric=True, effort=effort)
        assert_same(system, reduced, search(machine, Limits(), workers=workers))
    return "compared"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_cases_have_the_same_answers(case: Path) -> None:
    agree(system_of(case))


@pytest.mark.parametrize(("path", "cluster"), SMALL, ids=lambda it: it.stem if isinstance(it, Path) else it)
def test_models_have_the_same_answers(path: Path, cluster: str) -> None:
    system = system_of(path, cluster)
    assert agree(system) == ("asymmetric" if group_of(system).is_trivial else "compared")


EITHER = st.one_of(models(), failing_models())


def test_random_models_have_the_same_answers(tmp_path: Path) -> None:
    tally = on_random_models(tmp_path, same_models(25), agree, EITHER)
    assert tally["compared"] >= 6, tally


@pytest.mark.long
def test_many_new_models_have_the_same_answers(tmp_path: Path) -> None:
    tally = on_random_models(tmp_path, new_models(LONG_RUN), agree, EITHER)
    assert tally["compared"] > 0, tally
