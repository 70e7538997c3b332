"""What the sizes of levels tell of what is left, on the levels of models whose counts are known."""

from __future__ import annotations

import pytest

from kspec.explore import plain
from kspec.explore.outlook import NoNumber, Remaining, outlook
from kspec.explore.progress import Pace, Progress
from kspec.explore.result import Limits
from tests.systems import pods

LEVELS = {
    "pods p2n2r2c1": (1, 6, 18, 46, 115, 239, 382, 493, 552, 526, 366, 148, 24),
    "pods p3n2r3c2": (
        *(1, 8, 31, 103, 338, 949, 2_280, 4_933, 9_713, 16_603),
        *(23_919, 29_208, 30_318, 25_602, 15_660, 5_754, 900),
    ),
    "pods p4n2r3c2": (
        *(1, 9, 41, 165, 646, 2_148, 6_250, 16_562, 39_626, 83_100, 153_688, 257_897, 401_725, 571_631, 714_509),
        *(762_788, 679_104, 482_916, 256_170, 92_688, 20_448, 2_736, 432),
    ),
    "pods p4n2r3c2, orbits": (
        *(1, 5, 10, 20, 41, 82, 149, 251, 415, 645, 938, 1_290, 1_684, 1_992),
        *(2_063, 1_842, 1_401, 893, 443, 160, 41),
    ),
    "replicaset small": (1, 5, 13, 33, 83, 184, 365, 617, 900, 1_136, 1_229, 1_114, 826, 486, 212, 60, 8),
    "two_phase_commit five": (1, 11, 55, 170, 375, 652, 962, 1_250, 1_425, 1_390, 1_131, 753, 405, 175, 60, 15, 2),
}
"""Sizes of whole graphs; of the orbits, the last two levels (7 and 3) are left out."""

each_graph = pytest.mark.parametrize("levels", LEVELS.values(), ids=LEVELS.keys())


def test_the_levels_are_those_of_the_search(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Progress] = []
    monkeypatch.setattr(Pace, "is_due", lambda pace, seconds: True)
    plain.explore(pods(2, 2, 2, 1), Limits(), on_progress=told.append)
    assert told[-1].levels == LEVELS["pods p2n2r2c1"]
    assert (told[-1].depth, told[-1].frontier, told[-1].expanded) == (12, 1, 2_915)
    assert told[-1].memory > 1 << 20


@each_graph
def test_no_number_while_levels_grow(levels: tuple[int, ...]) -> None:
    peak = levels.index(max(levels))
    for depth in range(peak + 1):
        assert outlook(levels[: depth + 1], 0) is NoNumber.GROWING


@each_graph
def test_the_number_is_right_once_they_shrink(levels: tuple[int, ...]) -> None:
    """At each level behind the peak but the last."""
    peak = levels.index(max(levels))
    for depth in range(peak + 1, len(levels) - 1):
        left = outlook(levels[: depth + 1], 0)
        assert isinstance(left, Remaining)
        assert left.low <= sum(levels[depth + 1 :]) <= left.high


def test_what_was_found_is_not_left() -> None:
    levels = LEVELS["pods p3n2r3c2"][:14]
    whole, later = outlook(levels, 0), outlook(levels, 10_000)
    assert isinstance(whole, Remaining)
    assert later == Remaining(whole.low - 10_000, whole.high - 10_000)


def test_nothing_is_left_below_none() -> None:
    left = outlook((1, 40, 60, 50), 20)
    assert isinstance(left, Remaining)
    assert left.low == 0
    assert left.high > 0


def test_a_level_that_outgrows_the_last_one_is_growth() -> None:
    assert outlook((1, 10, 40, 20), 20) is NoNumber.GROWING


@pytest.mark.parametrize("levels", [(1, 14, 5, 4), (1, 100, 50, 25), (1, 16, 8, 4)])
def test_no_number_where_levels_do_not_shrink_faster(levels: tuple[int, ...]) -> None:
    assert outlook(levels, 0) is NoNumber.UNCLEAR


def test_no_number_where_more_was_found_than_the_bell_has() -> None:
    assert outlook((1, 100, 40, 8), 7) is NoNumber.UNCLEAR
