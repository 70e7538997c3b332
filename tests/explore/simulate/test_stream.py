"""The random numbers, and the choice of a step."""

from __future__ import annotations

from collections import Counter

from kspec.evaluate.outcome import Stepped
from kspec.evaluate.run import Taken
from kspec.explore.simulate.choice import Choice
from kspec.explore.simulate.stream import GAMMA, WORD, Stream, mixed


def test_splitmix64_gives_the_published_numbers() -> None:
    """The first outputs for the seed 1234567, as in the tests of several libraries."""
    states = [1234567 + step * GAMMA & WORD for step in (1, 2, 3)]
    assert [mixed(state) for state in states] == [6457827717110365317, 3203168211198807973, 9817491932198370423]


def test_runs_have_streams_of_their_own() -> None:
    def first(seed: int, run: int) -> list[int]:
        stream = Stream(seed, run)
        return [stream.below(1 << 32) for _ in range(4)]

    assert first(1, 1) == first(1, 1)
    assert len({tuple(first(seed, run)) for seed in range(20) for run in range(20)}) == 400


def test_one_possibility_costs_no_number() -> None:
    stream, same = Stream(3, 4), Stream(3, 4)
    assert stream.below(1) == 0
    assert stream.below(1 << 32) == same.below(1 << 32)


def test_numbers_are_below_their_bound_and_spread() -> None:
    stream = Stream(5, 1)
    counts = Counter(stream.below(5) for _ in range(10_000))
    assert set(counts) == set(range(5))
    assert all(abs(count - 2_000) < 200 for count in counts.values())


def test_actions_are_as_likely_and_so_are_the_bindings_of_each() -> None:
    """One action with one binding, one with four: a half for the first, an eighth for each of the others."""
    stream, counts = Stream(7, 1), Counter[tuple[int, tuple[object, ...]]]()
    for _ in range(16_000):
        choice = Choice(stream)
        for action, bindings in ((0, 1), (1, 4)):
            for value in range(bindings):
                choice.offer(action, Stepped(Taken(action, (value,)), (), refused=False))
        assert choice.chosen is not None
        counts[choice.chosen.taken.transition, choice.chosen.taken.values] += 1
    assert abs(counts[0, (0,)] - 8_000) < 300
    assert all(abs(counts[1, (value,)] - 2_000) < 200 for value in range(4))


def test_nothing_is_chosen_where_nothing_is_offered() -> None:
    assert Choice(Stream(1, 1)).chosen is None
