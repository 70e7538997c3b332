"""The search by orbits: as many orbits as independent checkers count, and the same answers as without."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, note, settings

from kspec.explore import compiled, plain
from kspec.explore.result import Exploration, Limits
from kspec.language.load import load_model
from kspec.lower.lower import lower
from kspec.system.system import System
from tests.agreement.engines import Refused, load, lowered
from tests.agreement.generate import models

LONG_RUN = int(os.environ.get("KSPEC_MODELS", "1000"))
MODELS = Path(__file__).parents[2] / "models"
CASES = sorted((Path(__file__).parents[1] / "cases" / "semantics").glob("*.kspec"))

ORBITS = {
    "p2n2r2c1": (504, 3_077, 12),
    "p2n2r2c2": (756, 4_687, 12),
    "p3n2r2c1": (1_161, 8_043, 16),
    "p3n2r3c2": (4_656, 38_887, 16),
    "p4n2r3c2": (14_376, 136_855, 22),
}
"""Orbits, transitions of one state of each, and depth, counted by a hand-written search and TLC."""


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


def test_orbits_of_the_replica_set() -> None:
    found = compiled.explore(system_of(MODELS / "replicaset.kspec", "small"), Limits(), symmetric=True)
    assert found.states == 1_224
    assert found.witnesses.keys() == {"FullyRunning"}


def answers(found: Exploration) -> object:
    """What does not depend on how states are counted."""
    violations = {name: len(run.moves) for name, run in found.violations.items()}
    witnesses = {name: len(run.moves) for name, run in found.witnesses.items()}
    cut = None if found.cut is None else len(found.cut.run.moves)
    fired = tuple(count > 0 for count in found.action_counts)
    return violations, witnesses, cut, fired, found.room_used


def agree(system: System) -> None:
    whole = plain.explore(system, Limits(states=3_000))
    if not whole.complete:
        return
    reduced = compiled.explore(system, Limits(), symmetric=True)
    assert answers(reduced) == answers(whole)
    assert reduced.states <= whole.states


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_cases_have_the_same_answers(case: Path) -> None:
    agree(system_of(case))


@pytest.mark.parametrize("name", ["replicaset_broken", "classics/philosophers", "classics/ring_election"])
def test_models_have_the_same_answers(name: str) -> None:
    system = system_of(MODELS / f"{name}.kspec")
    whole = plain.explore(system, Limits())
    assert answers(compiled.explore(system, Limits(), symmetric=True)) == answers(whole)


def agree_on_random_models(folder: Path, profile: settings) -> None:
    path = folder / "model.kspec"

    @profile
    @given(models())
    def one(text: str) -> None:
        note(text)
        path.write_text(text, encoding="utf-8")
        try:
            agree(lowered(load(path), "here"))
        except Refused:
            return

    one()


QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]


def test_random_models_have_the_same_answers(tmp_path: Path) -> None:
    profile = settings(max_examples=25, derandomize=True, database=None, deadline=None, suppress_health_check=QUIET)
    agree_on_random_models(tmp_path, profile)


@pytest.mark.long
def test_many_new_models_have_the_same_answers(tmp_path: Path) -> None:
    profile = settings(max_examples=LONG_RUN, database=None, deadline=None, suppress_health_check=QUIET)
    agree_on_random_models(tmp_path, profile)
