"""What stories leave out: fields and variables that are empty in every state."""

from __future__ import annotations

from pathlib import Path

import pytest

from kspec.evaluate.evaluator import Evaluator
from kspec.language.load import load_model
from kspec.lower.lower import lower
from kspec.report.story import trace_lines
from kspec.report.styled import plain
from kspec.system.sorts import zero
from kspec.trace.describe import indexes_of
from kspec.trace.empty import always_empty
from tests.lower.texts import system
from tests.shipped import ROOT
from tests.trace.playing import played, random_run

MODEL = """
enum Health {{ Starting, Serving }}
kind Node
kind Pod {{
  const host: Node? = none
  peer: Pod? = none
  labels: set Node = {{}}
  deleting: bool = false
  restarts: 0..2 = 0
  stage: Health = Starting
}}
var health: Pod -> Health = map(p: Pod: Starting)
var paused: bool = false
component c {{
  action make {{ create Pod {{ }} }}
  {action}
}}
environment {{ action pause {{ paused = true }} }}
cluster one {{ Node n1  {cluster}  Pod at most 2 }}
"""

LIBRARY_MODELS = sorted((ROOT / "tests" / "models" / "library").glob("*.kspec"))

EMPTY = {"Pod.host", "Pod.peer", "Pod.labels", "Pod.deleting", "health"}


def left_out(action: str = "", cluster: str = "") -> set[str]:
    return set(always_empty(system(MODEL.format(action=action, cluster=cluster))))


def test_what_nothing_fills_is_empty_also_of_new_objects() -> None:
    assert left_out() == EMPTY


def test_numbers_and_members_of_enums_are_told() -> None:
    assert left_out().isdisjoint({"Pod.restarts", "Pod.stage"})


@pytest.mark.parametrize(
    ("action", "cluster", "told"),
    [
        ("action fill(p: Pod) { p.deleting = true }", "", {"Pod.deleting"}),
        ("action fill(p: Pod) { p.peer = p }", "", {"Pod.peer"}),
        ("action fill(p: Pod, n: Node) { p.labels += {n} }", "", {"Pod.labels"}),
        ("action fill(p: Pod) { health[p] = Serving }", "", {"health"}),
        ("action fill(n: Node) { create Pod { host = n } }", "", {"Pod.host"}),
        ("action fill(p: Pod) { p.deleting = p.restarts == 1 }", "", {"Pod.deleting"}),
        ("", "Pod a { host = n1 }", {"Pod.host"}),
        ("", "Pod a { deleting = any bool }", {"Pod.deleting"}),
        ("", "Pod a  health = map(p: Pod: Serving)", {"health"}),
        ("action empty(p: Pod) { p.deleting = false  health[p] = Starting }", "", set()),
    ],
)
def test_what_something_fills_is_told(action: str, cluster: str, told: set[str]) -> None:
    assert left_out(action, cluster) == EMPTY - told


def test_a_create_that_may_be_refused() -> None:
    refused = "admit create Pod(p) when p.host != none"
    assert set(always_empty(system(MODEL.format(action="", cluster="") + refused))) == EMPTY


def test_a_cluster_that_leaves_the_writer_out() -> None:
    assert "paused" not in left_out()
    assert "paused" in left_out(cluster="disable pause")


@pytest.mark.parametrize(
    "path", sorted((ROOT / "tests" / "models" / "library").glob("*.kspec")), ids=lambda at: at.stem
)
def test_it_is_empty_in_every_state_of_random_runs(path: Path) -> None:
    model = load_model(path).model
    assert model is not None
    of = lower(model, next(iter(model.clusters))).system
    assert of is not None
    layout, empty = Evaluator(of).layout, always_empty(of)
    run = random_run(of, seed=1, steps=60)
    states = [run.initial, *(move.state for move in run.moves if move.state is not None)]
    for variable in of.variables:
        if variable.name in empty:
            places = range(len(list(indexes_of(variable))))
            values = {layout.value(state, variable.name, place) for state in states for place in places}
            assert values <= {zero(variable.sort)}


def test_a_story_is_told_without_them() -> None:
    trace = played(MODEL.format(action="", cluster="Pod a"), "c.make")
    start = plain(trace_lines(trace)).partition("\n  1  ")[0]
    assert start.splitlines() == [
        "  start",
        "      Node n1",
        "      Pod a  restarts = 0, stage = Starting",
        "      paused = false",
    ]
