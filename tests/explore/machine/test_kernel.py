"""The search in machine code, on graphs whose levels Python knows."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from kspec.explore.machine.traces import End, KeptPast, find_ways
from tests.explore.machine.toys import STATES, STEPS, Toy, crew_of, expected_levels, graph, grid, search, states_of

WORKERS = (1, 2, 4)


@pytest.fixture(scope="module", params=(1, 2, 3, 11))
def any_grid(request: pytest.FixtureRequest) -> Toy:
    return grid(60, request.param)


@pytest.fixture(scope="module")
def random_graph() -> Toy:
    dice = random.Random(7)
    return graph([[dice.randrange(3000) for _ in range(dice.randrange(6))] for _ in range(3000)])


def _assert_same_levels(toy: Toy, workers: int, capacity: int) -> None:
    with crew_of(toy, workers, capacity) as crew:
        levels = [states_of(toy, level) for level in search(crew, toy)]
        expected = expected_levels(toy)
        assert [set(level) for level in levels] == expected
        assert [len(level) for level in levels] == [len(level) for level in expected]
        counted = [sum(counts) for counts in zip(*(worker.counters() for worker in crew.workers), strict=True)]
        assert counted[STEPS] == sum(len(toy.successors(state)) for level in expected for state in level)
        assert counted[STATES] == crew.stored == sum(map(len, expected))


@pytest.mark.parametrize("workers", WORKERS)
def test_finds_each_state_of_a_grid_once_at_its_distance(any_grid: Toy, workers: int) -> None:
    _assert_same_levels(any_grid, workers, capacity=16)


@pytest.mark.parametrize("workers", WORKERS)
def test_finds_each_state_of_a_graph_once_at_its_distance(random_graph: Toy, workers: int) -> None:
    _assert_same_levels(random_graph, workers, capacity=16)


def test_a_table_that_need_not_grow_gives_the_same(random_graph: Toy) -> None:
    _assert_same_levels(random_graph, 2, capacity=1 << 14)


@pytest.mark.parametrize("workers", WORKERS)
def test_reports_the_least_state(any_grid: Toy, workers: int) -> None:
    """The least over all levels here: a search takes it after the first level that has one."""
    with crew_of(any_grid, workers) as crew:
        found = [state for level in search(crew, any_grid) for state in states_of(any_grid, level)]
        reported = [seen for worker in crew.workers if (seen := worker.sighting(0)) is not None]
        sums = {state: _position(any_grid, state) for state in found}
        assert min(reported) == min(state for state, (x, y) in sums.items() if x + y == 7)


def _position(toy: Toy, state: tuple[int, ...]) -> tuple[int, int]:
    both = state[0 if toy.shape.words == 1 else 1]
    return both & 0xFFFFF, both >> 20


@pytest.mark.parametrize("workers", WORKERS)
def test_ways_lead_from_each_state_to_the_next(random_graph: Toy, workers: int) -> None:
    with crew_of(random_graph, workers) as crew:
        levels = search(crew, random_graph)
        distances = {s: d for d, level in enumerate(levels) for s in states_of(random_graph, level)}
        ends = [End(distance, state) for state, distance in sorted(distances.items())[::37]]
        ways = find_ways(KeptPast(crew, dict(enumerate(levels))), random_graph.shape, ends)
    for end, way in ways.items():
        assert way[0] == (0,)
        assert way[-1] == end.state
        assert len(way) == end.depth + 1
        for before, after in pairwise(way):
            sources = [state for state, distance in distances.items() if distance == distances[after] - 1]
            assert before == min(state for state in sources if after in random_graph.successors(state))
