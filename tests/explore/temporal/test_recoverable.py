"""States from which something can still be reached, and traps."""

from __future__ import annotations

import random

import numpy as np
import pytest

from kspec.explore.machine.cycles.reverse import reversed_steps
from kspec.explore.result import Limit, Limits
from kspec.explore.temporal.outcome import AtomFails, Stopped
from kspec.explore.temporal.recoverable import Recovers, Trapped, check_recoverable
from kspec.explore.temporal.reverse import reverse
from kspec.explore.watch import Watch
from tests.explore.temporal.graphs import random_graph
from tests.explore.temporal.toys import Toy, condition, random_toy, sources


def _reachable(toy: Toy, start: int) -> set[int]:
    offsets, targets = toy.graph.offsets.tolist(), toy.graph.targets.tolist()
    found, waiting = {start}, [start]
    while waiting:
        state = waiting.pop()
        for target in targets[offsets[state] : offsets[state + 1]]:
            if target not in found:
                found.add(target)
                waiting.append(target)
    return found


def _distances(toy: Toy) -> dict[int, int]:
    distances, level = {0: 0}, [0]
    while level:
        after = sorted({target for state in level for target in _reachable_in_one(toy, state)} - set(distances))
        distances |= dict.fromkeys(after, distances[level[0]] + 1)
        level = after
    return distances


def _reachable_in_one(toy: Toy, state: int) -> list[int]:
    targets: list[int] = toy.graph.targets[int(toy.graph.offsets[state]) : int(toy.graph.offsets[state + 1])].tolist()
    return targets


def test_traps_are_those_of_the_definition() -> None:
    kinds = {"recovers": 0, "cut": 0, "trapped": 0}
    for seed in range(600):
        toy = random_toy(random.Random(seed), random.Random(seed).randint(1, 12), 1)
        good = toy.of_states[0, None]
        reachable = {state: _reachable(toy, state) for state in range(toy.graph.states)}
        traps = {state: found for state, found in reachable.items() if not any(good[other] for other in found)}
        certain = {state for state, reached in traps.items() if not any(toy.graph.cut[other] for other in reached)}
        outcome = check_recoverable(toy, condition(0), Watch(Limits()))
        if not traps:
            assert outcome == Recovers()
            kinds["recovers"] += 1
            continue
        assert isinstance(outcome, Trapped)
        assert outcome.is_cut is (not certain)
        last = outcome.walk.states(toy.graph)[-1]
        assert last in (certain or traps)
        distances = _distances(toy)
        assert len(outcome.walk.steps) == min(distances[state] for state in (certain or traps))
        assert outcome.walk.stops
        assert outcome.size == len(traps[last])
        kinds["cut" if outcome.is_cut else "trapped"] += 1
    assert min(kinds.values()) > 20


def test_a_condition_that_fails_gives_no_answer() -> None:
    toy = random_toy(random.Random(0), 3, 1)
    assert isinstance(check_recoverable(toy, condition(7), Watch(Limits())), AtomFails)


def test_a_limit_is_told() -> None:
    """A ring that is large enough for looks at the limits."""
    states = 10_000
    small = random_toy(random.Random(0), 1, 1)
    ring = random_graph(random.Random(0), 1, units=0)
    graph = type(ring)(
        initial=ring.initial,
        offsets=np.arange(states + 1, dtype=np.uint64),
        targets=np.roll(np.arange(states, dtype=np.uint32), -1),
        actions=np.zeros(states, dtype=np.uint16),
        units=np.zeros(states, dtype=np.uint16),
        served=np.zeros((states, 0), dtype=np.uint64),
        waiting=np.zeros((states, 0), dtype=np.uint64),
        cut=np.zeros(states, dtype=np.bool_),
        unit_count=0,
    )
    toy = Toy(graph, {(0, None): [False] * (states - 1) + [True]}, {}, small.alive)
    outcome = check_recoverable(toy, condition(0), Watch(Limits(seconds=0.0)))
    assert isinstance(outcome, Stopped)
    assert outcome.limit is Limit.TIME
    assert check_recoverable(toy, condition(0), Watch(Limits())) == Recovers()


@pytest.mark.parametrize("states", [1, 7, 300])
def test_machine_code_turns_steps_round_as_numpy_does(states: int) -> None:
    graph = random_graph(random.Random(states), states)
    watch = Watch(Limits())
    offsets, found = reversed_steps(graph, watch)
    turned = reverse(graph, watch)
    assert offsets.tolist() == turned.offsets.tolist()
    assert found.tolist() == turned.targets.tolist()
    pairs = zip(sources(graph), graph.targets.tolist(), strict=True)
    back = zip(found.tolist(), np.repeat(np.arange(states), np.diff(offsets).astype(np.int64)).tolist(), strict=True)
    assert sorted(pairs) == sorted(back)
