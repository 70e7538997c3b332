"""A graph that a limit leaves incomplete is none."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kspec.explore.machine.temporal import graph as compiled
from kspec.explore.machine.temporal.workers import Workers
from kspec.explore.result import Limit, Limits
from kspec.explore.temporal import complete
from kspec.explore.temporal.complete import complete_graph
from kspec.explore.watch import SearchStopped, resident_bytes
from kspec.system.system import System
from tests.systems import pods


@pytest.fixture(scope="module")
def medium() -> System:
    return pods(2, 2, 2, 2)


@pytest.mark.parametrize("is_compiled", [False, True, None])
@pytest.mark.parametrize(
    ("limits", "limit"),
    [(Limits(states=100), Limit.STATES), (Limits(depth=3), Limit.DEPTH), (Limits(seconds=0), Limit.TIME)],
)
def test_limits_of_states_depth_and_time(
    medium: System, limits: Limits, limit: Limit, is_compiled: bool | None
) -> None:
    with pytest.raises(SearchStopped) as stopped:
        complete_graph(medium, limits, compiled=is_compiled)
    assert stopped.value.limit is limit


def test_as_many_states_as_the_limit_are_complete(medium: System) -> None:
    for is_compiled in (False, True):
        assert complete_graph(medium, Limits(states=4_428), compiled=is_compiled).graph.states == 4_428


def test_a_limit_of_memory_in_each_part(medium: System) -> None:
    """Whatever does not fit, the graph is not made; with enough memory it is."""
    enough = resident_bytes() + (256 << 20)
    assert complete_graph(medium, Limits(memory=enough), compiled=True).graph.states == 4_428
    with pytest.raises(SearchStopped) as stopped:
        complete_graph(medium, Limits(memory=resident_bytes() + (2 << 20)), compiled=True)
    assert stopped.value.limit is Limit.MEMORY


def test_an_interrupt_passes_while_states_are_expanded(medium: System, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(self: Workers, function: Callable[[int], None], item_size: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Workers, "work", interrupt)
    with pytest.raises(KeyboardInterrupt):
        complete_graph(medium, Limits(), compiled=True)


def test_more_states_than_numbers(medium: System, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "MOST_STATES", 4_427)
    with pytest.raises(SearchStopped) as stopped:
        complete_graph(medium, Limits(), compiled=True)
    assert (stopped.value.limit, stopped.value.detail) == (Limit.STATES, "4,427 states have numbers")


def test_tiny_systems_need_no_machine_code(medium: System, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("machine code")

    monkeypatch.setattr(complete, "_in_machine_code", refuse)
    assert complete_graph(pods(1, 1, 1, 1), Limits()).graph.states == 36
    with pytest.raises(AssertionError):
        complete_graph(medium, Limits())
