"""The live line: what it says, and what it leaves out where there is no room."""

from __future__ import annotations

import pytest

from kspec.check.options import Activity
from kspec.explore.progress import Progress
from kspec.report.activity import activity_line

GROWING = Progress((1, 6, 18, 46), 100, 300, 40, 1.0, 50 << 20)
SHRINKING = Progress((1, 103, 2_280, 9_713, 23_919, 29_208, 30_318, 25_602), 125_000, 900_000, 20_000, 3.0, 3 << 30)


@pytest.mark.parametrize(
    ("activity", "text"),
    [
        (Activity("induction"), "induction: starting"),
        (Activity("induction", candidates=1), "induction: 1 candidate left"),
        (Activity("bmc", depth=3, last_depth=20), "bmc: depth 3 of 20"),
        (Activity("simulate", runs=1_200, seconds=2.0), "simulate: 1,200 runs, 2.0 s"),
        (Activity("explore", search=GROWING), "explore: depth 3, 100 states, 40 to expand, 50 MiB, growing"),
    ],
)
def test_what_each_engine_says(activity: Activity, text: str) -> None:
    assert activity_line(activity, None, 80) == text


def test_an_estimate_is_a_range_with_two_digits() -> None:
    line = activity_line(Activity("explore", search=SHRINKING), None, 120)
    assert line == "explore: depth 7, 125,000 states, 20,000 to expand, 3.0 GiB, 13,000-65,000 states left"


def test_a_reduced_search_counts_orbits() -> None:
    orbits = Progress((1, 40, 60, 50), 160, 400, 30, 1.0, 1 << 20, "orbits")
    line = activity_line(Activity("explore", search=orbits), None, 120)
    assert line == "explore: depth 3, 160 orbits, 30 to expand, 1 MiB, 6-51 orbits left"


@pytest.mark.parametrize(
    ("speed", "left"),
    [
        (250_000.0, "under 1 s left"),
        (20_000.0, "2-4 s left"),
        (500.0, "1-3 min left"),
        (5.0, "2-5 h left"),
    ],
)
def test_with_a_speed_it_is_a_time(speed: float, left: str) -> None:
    line = activity_line(Activity("explore", search=SHRINKING), speed, 120)
    assert line.endswith(f", {left}")
    assert f", {speed:,.0f} states/s, " in line


def test_the_least_important_goes_first_where_there_is_no_room() -> None:
    activity = Activity("explore", search=GROWING)
    lines = [activity_line(activity, 200.0, width) for width in range(90)]
    assert all(len(line) <= width for width, line in enumerate(lines))
    assert list(dict.fromkeys(line for line in reversed(lines) if line.startswith("explore: depth 3"))) == [
        "explore: depth 3, 100 states, 200 states/s, 40 to expand, 50 MiB, growing",
        "explore: depth 3, 100 states, 200 states/s, 40 to expand, growing",
        "explore: depth 3, 100 states, 200 states/s, growing",
        "explore: depth 3, 100 states, growing",
        "explore: depth 3, 100 states",
        "explore: depth 3",
    ]
