"""What primitives cost: the counts of the models, and of the table that tells them."""

from __future__ import annotations

import pytest

from benchmarks.page import PAGE, markers
from benchmarks.primitives import CLUSTER, FOLDER, HEAD, PLAIN, TITLES, costs_of, counts_row, path
from kspec.explore import plain
from kspec.explore.machine.search import build, search
from kspec.explore.result import Limits
from tests.agreement.engines import load, lowered
from tests.explore.agreeing import assert_same

each_model = pytest.mark.parametrize("name", TITLES)


def test_every_model_is_in_the_table() -> None:
    assert {file.stem for file in FOLDER.glob("*.kspec")} == {*TITLES, "common"}


@each_model
def test_a_small_cluster_counts_as_expected_in_every_search(name: str) -> None:
    system, expected = lowered(load(path(name)), "small"), costs_of(path(name), "small")
    whole = plain.explore(system, Limits())
    assert (whole.states, whole.transitions, whole.depth) == (
        expected.all.states,
        expected.all.transitions,
        expected.all.depth,
    )
    assert_same(system, whole, search(build(system), Limits()))
    assert search(build(system, symmetric=True), Limits()).states == expected.orbits


@each_model
def test_the_orbits_of_the_table(name: str) -> None:
    system = lowered(load(path(name)), CLUSTER)
    assert search(build(system, symmetric=True), Limits()).states == costs_of(path(name), CLUSTER).orbits


def test_the_page_has_the_counts_of_the_models() -> None:
    begin, end = markers("primitives")
    table = PAGE.read_text(encoding="utf-8").partition(begin)[2].partition(end)[0]
    rows = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in table.splitlines() if "|" in line]
    costs = {name: costs_of(path(name), CLUSTER) for name in TITLES}
    assert rows[0] == HEAD
    assert [row[:-1] for row in rows[2:]] == [counts_row(name, costs[name], costs[PLAIN]) for name in TITLES]
