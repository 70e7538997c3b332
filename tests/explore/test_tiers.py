"""Which explorer searches what."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kspec.explore import compiled, plain, tiers
from kspec.explore.machine.program import NotCompilable
from kspec.explore.result import Exploration, Limit, Limits, Symmetry
from tests.explore.agreeing import assert_same
from tests.systems import pods


@pytest.fixture
def compilations(monkeypatch: pytest.MonkeyPatch) -> list[Limits]:
    """The limits of every search in machine code."""
    asked: list[Limits] = []
    real = compiled.explore

    def explore(system: Any, limits: Limits, **options: Any) -> Exploration:
        asked.append(limits)
        return real(system, limits, **options)

    monkeypatch.setattr(compiled, "explore", explore)
    return asked


def test_a_tiny_system_is_not_compiled(compilations: list[Limits]) -> None:
    system = pods(2, 1, 2, 1)
    found = tiers.explore(system, Limits())
    assert compilations == []
    assert found == replace(plain.explore(system, Limits()), seconds=found.seconds)


def test_a_tiny_reduced_system_is_not_compiled(compilations: list[Limits]) -> None:
    system = pods(2, 1, 2, 1)
    found = tiers.explore(system, Limits(), symmetric=True)
    assert compilations == []
    compiled_found = compiled.explore(system, Limits(), symmetric=True)
    assert_same(system, replace(found, symmetry=None), compiled_found)
    assert found.symmetry == Symmetry(("Pod", "IP"), 4)


@pytest.mark.parametrize(("name", "most"), [("TINY_FORMS", 20), ("TINY_OBJECTS", 3), ("TINY", 20)])
def test_the_count_of_orbits_does_not_depend_on_the_explorer(
    name: str, most: int, compilations: list[Limits], monkeypatch: pytest.MonkeyPatch
) -> None:
    system = pods(2, 1, 2, 1)
    plainly = tiers.explore(system, Limits(), symmetric=True)
    monkeypatch.setattr(tiers, name, most)
    found = tiers.explore(system, Limits(), symmetric=True)
    assert len(compilations) == 1
    assert_same(system, plainly, found)


def test_systems_with_very_many_objects_are_not_reduced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiers, "MOST_OBJECTS", 4)
    found = tiers.explore(pods(2, 1, 2, 1), Limits(), symmetric=True)
    assert (found.states, found.is_reduced) == (378, False)
    assert found.unreduced_because == "there are more than 4 objects"


def test_a_system_without_symmetry_is_searched_by_states() -> None:
    found = tiers.explore(pods(1, 1, 1, 1), Limits(), symmetric=True)
    assert (found.states, found.is_reduced, found.unreduced_because) == (36, False, "")


def test_a_small_limit_of_states_needs_no_compilation(compilations: list[Limits]) -> None:
    found = tiers.explore(pods(2, 2, 2, 2), Limits(states=100))
    assert compilations == []
    assert (found.limit, found.states) == (Limit.STATES, 100)


def test_other_systems_are_compiled(compilations: list[Limits]) -> None:
    system = pods(2, 2, 2, 2)
    found = tiers.explore(system, Limits(seconds=600), workers=2)
    assert len(compilations) == 1
    assert 0 < (compilations[0].seconds or 0) < 600
    assert_same(system, plain.explore(system, Limits()), found)


def test_what_cannot_be_compiled_is_searched_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> Exploration:
        raise NotCompilable("a number without bounds")

    monkeypatch.setattr(compiled, "explore", refuse)
    system = pods(2, 2, 2, 1)
    found = tiers.explore(system, Limits())
    assert (found.states, found.complete) == (2_916, True)
    reduced = tiers.explore(system, Limits(), symmetric=True)
    assert (reduced.states, reduced.complete, reduced.is_reduced) == (504, True, True)
