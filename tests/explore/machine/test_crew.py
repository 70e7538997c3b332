"""Workers that stop: limits of memory, interrupts, failures in what the code calls back for."""

from __future__ import annotations

import random

import pytest

from kspec.explore.machine import crew as crews
from kspec.explore.machine import frontier
from kspec.explore.machine.crew import Crew
from kspec.explore.machine.worker import Worker
from kspec.explore.result import Limit
from kspec.explore.watch import SearchStopped, resident_bytes
from tests.explore.machine.toys import Toy, crew_of, expected_levels, graph, grid, search, states_of

WORKERS = (1, 2, 4)


class Interrupted(Exception):
    pass


@pytest.fixture(scope="module")
def wide() -> Toy:
    """0 leads to 20,000 states, and each of them to two of 40,000."""
    dice = random.Random(3)
    first, second = range(1, 20_001), range(20_001, 60_001)
    return graph([list(first), *([dice.choice(second), dice.choice(second)] for _ in first), *([] for _ in second)])


def _assert_sound(toy: Toy, crew: Crew) -> None:
    """Every state that was stored is a state of the graph, and stored once."""
    found = states_of(toy, crew.take_level())
    assert len(found) == len(set(found))
    assert set(found) <= set().union(*expected_levels(toy))


@pytest.mark.parametrize("workers", WORKERS)
def test_a_table_without_memory_to_grow_is_filled_further_and_then_stops(workers: int) -> None:
    toy = grid(400, 1)
    with crew_of(toy, workers, memory=resident_bytes() + 3_000_000) as crew:
        with pytest.raises(SearchStopped) as stopped:
            search(crew, toy)
        assert stopped.value.limit is Limit.MEMORY
        capacity = crew._visited.capacity
        assert capacity * 5 // 8 < crew.stored <= capacity * 7 // 8


@pytest.mark.parametrize("workers", WORKERS)
def test_new_states_without_memory_stop_the_search(wide: Toy, workers: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frontier, "FIRST_SLAB", 1 << 20)
    with crew_of(wide, workers, memory=resident_bytes() + (1 << 19)) as crew:
        with pytest.raises(SearchStopped) as stopped:
            search(crew, wide)
        assert stopped.value.limit is Limit.MEMORY
        _assert_sound(wide, crew)


@pytest.mark.parametrize("workers", WORKERS)
def test_what_a_tick_raises_stops_all_workers(wide: Toy, workers: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crews, "TICK", 0)
    ticks = iter(range(100_000))

    def tick(waiting: int) -> None:
        if next(ticks) == 3:
            raise Interrupted

    with crew_of(wide, workers) as crew:
        with pytest.raises(Interrupted):
            search(crew, wide, tick)
        _assert_sound(wide, crew)


@pytest.mark.parametrize("workers", WORKERS)
def test_an_exception_behind_the_code_stops_all_workers(
    wide: Toy, workers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Worker] = []

    def next_slab(worker: Worker) -> bool:
        asked.append(worker)
        if len(asked) > 2:
            raise Interrupted
        return real(worker)

    real = Worker.next_slab
    monkeypatch.setattr(frontier, "FIRST_SLAB", 1 << 10)
    monkeypatch.setattr(Worker, "next_slab", next_slab)
    with crew_of(wide, workers) as crew, pytest.raises(Interrupted):
        search(crew, wide)


def test_waiting_states_are_told() -> None:
    toy = graph([list(range(1, 101)), *([] for _ in range(100))])
    told: list[int] = []
    with crew_of(toy, 2) as crew:
        search(crew, toy, told.append)
    assert told[:2] == [1, 100]


@pytest.mark.long
@pytest.mark.parametrize("seed", range(200))
def test_many_growths_with_many_workers(seed: int) -> None:
    dice = random.Random(seed)
    size = dice.randrange(1_000, 100_000)
    toy = graph([[dice.randrange(size) for _ in range(dice.randrange(4))] for _ in range(size)])
    with crew_of(toy, dice.choice((2, 3, 4, 8))) as crew:
        levels = [states_of(toy, level) for level in search(crew, toy)]
    assert [sorted(level) for level in levels] == [sorted(level) for level in expected_levels(toy)]
