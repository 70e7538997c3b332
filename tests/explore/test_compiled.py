"""The explorer in machine code says what the plain one says."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, note, settings

from kspec.explore import plain
from kspec.explore.compiled import default_workers, explore
from kspec.explore.machine.search import build, search
from kspec.explore.progress import Progress
from kspec.explore.result import Limit, Limits
from kspec.language.load import load_model
from kspec.lower.lower import lower
from kspec.system.system import System
from tests import shipped
from tests.agreement.engines import Refused, load, lowered
from tests.agreement.generate import models
from tests.explore.agreeing import TIERS, assert_same
from tests.systems import pods

TESTS = Path(__file__).parents[1]
FILES = sorted((*(TESTS / "cases" / "semantics").glob("*.kspec"), *shipped.FILES))
MOST = 2_000
"""States of systems that the plain explorer searches here."""

LONG_RUN = int(os.environ.get("KSPEC_MODELS", "3000"))


def systems_of(path: Path) -> Iterator[System]:
    model = load_model(path).model
    for cluster in () if model is None else model.clusters:
        system = lower(model, cluster).system
        if system is not None:
            yield system


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_agrees_on_every_small_cluster(path: Path) -> None:
    """With quick and with optimised code; from a table that must grow often. It ends at the same level if it ends
    early."""
    for system in systems_of(path):
        expected = plain.explore(system, Limits(states=MOST))
        if expected.limit is Limit.STATES:
            continue
        for workers, effort in TIERS:
            machine = build(system, effort=effort)
            assert_same(system, expected, search(machine, Limits(), workers=workers, capacity=16))
        first = plain.explore(system, Limits(), first=True)
        assert_same(system, first, search(machine, Limits(), workers=2, first=True))
        settled = plain.explore(system, Limits(), need_counts=False)
        assert_same(system, settled, search(machine, Limits(), workers=2, need_counts=False))


def test_settled_properties_are_not_waited_for() -> None:
    system = pods(2, 2, 2, 2)
    settled = frozenset(property.name for property in system.properties)
    found = explore(system, Limits(), settled=settled, need_counts=False)
    assert_same(system, plain.explore(system, Limits(), settled=settled, need_counts=False), found)
    assert found.states == found.initial_states == 1


def _agree_on_random_models(folder: Path, profile: settings, most_states: int) -> int:
    compared = 0
    path = folder / "model.kspec"

    @profile
    @given(models())
    def one(text: str) -> None:
        nonlocal compared
        note(text)
        path.write_text(text, encoding="utf-8")
        try:
            system = lowered(load(path), "here")
        except Refused:
            return
        expected = plain.explore(system, Limits(states=most_states))
        if expected.limit is None:
            compared += 1
            for workers, effort in TIERS:
                machine = build(system, effort=effort)
                assert_same(system, expected, search(machine, Limits(), workers=workers, capacity=16))

    one()
    return compared


QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]


def test_agrees_on_random_models(tmp_path: Path) -> None:
    profile = settings(max_examples=60, derandomize=True, database=None, deadline=None, suppress_health_check=QUIET)
    assert _agree_on_random_models(tmp_path, profile, 300) > 20


@pytest.mark.long
def test_agrees_on_many_new_models(tmp_path: Path) -> None:
    profile = settings(max_examples=LONG_RUN, database=None, deadline=None, suppress_health_check=QUIET)
    assert _agree_on_random_models(tmp_path, profile, 2_000) > LONG_RUN // 3


# --- counts that others found -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("workers", [1, 2])
def test_counts_of_a_larger_cluster(workers: int) -> None:
    found = explore(pods(3, 2, 3, 2), Limits(), workers=workers)
    assert (found.states, found.transitions, found.depth) == (166_320, 1_377_504, 16)
    assert found.complete


@pytest.mark.long
def test_counts_of_a_large_cluster() -> None:
    found = explore(pods(4, 2, 3, 2), Limits())
    assert (found.states, found.transitions, found.depth) == (4_545_280, 42_728_640, 22)


# --- limits -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def medium() -> System:
    return pods(3, 2, 3, 2)


def test_a_limit_of_states_is_met_at_the_end_of_a_level(medium: System) -> None:
    found = [explore(medium, Limits(states=1000), workers=workers) for workers in (1, 2)]
    assert found[0].states > 1000
    assert found[0] == replace(found[1], seconds=found[0].seconds)
    assert (found[0].limit, found[0].complete) == (Limit.STATES, False)
    exact = explore(medium, Limits(states=166_320))
    assert (exact.limit, exact.complete) == (None, True)


def test_a_limit_of_depth(medium: System) -> None:
    found, expected = (explorer(medium, Limits(depth=5)) for explorer in (explore, plain.explore))
    assert_same(medium, expected, found)
    assert (found.limit, found.depth) == (Limit.DEPTH, 5)


def test_no_time(medium: System) -> None:
    found = explore(medium, Limits(seconds=0))
    assert (found.limit, found.states, found.complete) == (Limit.TIME, 0, False)


def test_little_memory(medium: System) -> None:
    found = explore(medium, Limits(memory=1 << 20))
    assert (found.limit, found.complete) == (Limit.MEMORY, False)


def test_an_interrupt_leaves_what_was_found() -> None:
    def interrupt(progress: Progress) -> None:
        if progress.states > 10_000:
            raise KeyboardInterrupt

    found = explore(pods(4, 2, 3, 2), Limits(), on_progress=interrupt)
    assert (found.limit, found.complete) == (Limit.INTERRUPTED, False)
    assert found.states > 10_000
    assert found.transitions > found.states


def test_progress_is_told() -> None:
    told: list[Progress] = []
    found = explore(pods(4, 2, 3, 2), Limits(depth=19), on_progress=told.append)
    assert told
    assert all(0 < progress.states <= found.states for progress in told)
    assert all(progress.transitions <= found.transitions for progress in told)


def test_there_is_a_worker() -> None:
    assert default_workers() >= 1
