"""Which explorer searches what."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kspec.explore import compiled, plain, tiers
from kspec.explore.machine.program import NotCompilable
from kspec.explore.result import Exploration, Limit, Limits
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
