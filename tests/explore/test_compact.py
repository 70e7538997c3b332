"""The search that keeps fingerprints in place of states: the same answers, and an honest word about collisions."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, note, settings

from kspec.explore import compiled, plain
from kspec.explore.machine.past import first_kept
from kspec.explore.machine.search import build, search
from kspec.explore.result import Limit, Limits
from kspec.explore.watch import resident_bytes
from tests.agreement.engines import Refused, load, lowered
from tests.agreement.generate import models
from tests.explore.agreeing import assert_same
from tests.systems import padded, pods, wide

LONG_RUN = int(os.environ.get("KSPEC_MODELS", "1000"))
QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]


@pytest.mark.parametrize("workers", [1, 2])
def test_states_of_several_words(workers: int) -> None:
    """Runs of any length are told, though the levels on the way are forgotten."""
    system = wide(40)
    expected = plain.explore(system, Limits())
    found = search(build(system, fingerprint=64), Limits(), workers=workers, capacity=16)
    assert_same(system, expected, found)
    assert (found.fingerprint_bits, found.state_bytes, found.is_certain) == (64, 8, False)
    assert 0 < found.missed < 1e-12
    assert len(found.violations["NotLast"].moves) == 80
    exact = search(build(system), Limits(), workers=workers, capacity=16)
    assert found.violations == exact.violations
    assert (exact.state_bytes, exact.is_certain, exact.missed) == (80, True, 0)


@pytest.mark.parametrize("symmetric", [False, True])
def test_a_larger_cluster(symmetric: bool) -> None:
    system = padded(pods(3, 2, 3, 2))
    exact = compiled.explore(system, Limits(), workers=2, symmetric=symmetric)
    for workers in (1, 2):
        found = compiled.explore(system, Limits(), workers=workers, symmetric=symmetric, compact=True)
        assert_same(system, exact, found)
        assert (found.is_reduced, found.fingerprint_bits) == (symmetric, 64)


def test_states_of_one_word_are_kept() -> None:
    found = compiled.explore(pods(2, 2, 2, 2), Limits(), compact=True)
    assert (found.fingerprint_bits, found.state_bytes, found.missed, found.is_certain) == (0, 16, 0, True)


def test_collisions_lose_states_and_the_bound_says_so() -> None:
    system = wide(40)
    machine = build(system, fingerprint=8)
    found = search(machine, Limits(), capacity=16)
    assert found.states <= 256 < 41 * 41
    assert found.missed == 1
    assert not found.is_certain
    assert set(found.violations) <= {"NotSeven", "NotLast"}
    for bits in (16, 24):
        some = search(build(system, fingerprint=bits), Limits(), capacity=16)
        assert some.states == 41 * 41 or some.missed > 0.01
        assert some.missed == min(1, some.states * (some.states + 1) / 2 ** (bits + 1))


def test_a_run_that_cannot_be_found_again_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if a collision had another state stored the second time."""
    machine = build(wide(40), fingerprint=64)
    monkeypatch.setattr("kspec.explore.machine.search._Searches.search_again", _nothing)
    found = search(machine, Limits())
    assert (found.complete, found.limit) == (False, Limit.COLLISION)
    assert found.untold == ("NotLast", "NotSeven")
    assert not found.violations


def _nothing(searches: object, crew: object, depth: int, kept_from: int) -> object:
    from kspec.explore.machine.driver import Found
    from kspec.explore.machine.sightings import Sightings

    return Found(Sightings(()), [0], done=True)


def test_memory_is_given_back() -> None:
    """The states alone would take more than the limit."""
    system = wide(400, others=100)
    state_bytes = 8 * build(system).shape.words
    spare = 48 << 20
    assert 401**2 * state_bytes > 2 * spare
    found = compiled.explore(system, Limits(memory=resident_bytes() + spare), workers=1, compact=True)
    assert (found.complete, found.states) == (True, 401**2)
    assert len(found.violations["NotLast"].moves) == 800
    exact = compiled.explore(system, Limits(memory=resident_bytes() + spare), workers=1)
    assert exact.limit is Limit.MEMORY


def test_as_many_levels_are_kept_as_two_took() -> None:
    sizes = [1, 2, 4, 8, 6, 5, 1, 0]
    assert [first_kept(sizes, depth, 0) for depth in range(8)] == [0, 0, 0, 1, 3, 4, 4, 4]
    assert [first_kept(sizes, depth, 6) for depth in range(8)] == [0, 0, 0, 0, 1, 3, 3, 3]


def agree_on_random_models(folder: Path, profile: settings) -> int:
    path = folder / "model.kspec"
    compared = 0

    @profile
    @given(models())
    def one(text: str) -> None:
        nonlocal compared
        note(text)
        path.write_text(text, encoding="utf-8")
        try:
            system = padded(lowered(load(path), "here"))
        except Refused:
            return
        expected = plain.explore(system, Limits(states=2_000))
        if expected.complete:
            found = search(build(system, fingerprint=64), Limits(), workers=2, capacity=16)
            assert_same(system, expected, found)
            assert found.fingerprint_bits == 64
            compared += 1

    one()
    return compared


@pytest.mark.long
def test_agrees_on_many_new_models(tmp_path: Path) -> None:
    profile = settings(max_examples=LONG_RUN, database=None, deadline=None, suppress_health_check=QUIET)
    assert agree_on_random_models(tmp_path, profile) > LONG_RUN // 3


def test_agrees_on_random_models(tmp_path: Path) -> None:
    profile = settings(max_examples=15, derandomize=True, database=None, deadline=None, suppress_health_check=QUIET)
    assert agree_on_random_models(tmp_path, profile) > 4
