"""Cluster primitives lowered by hand to plain state and transitions: every engine counts what their files expect.

Views behind the store, versions, program counters, crashes, disconnection: what such state is made of (component
variables, maps keyed by objects that come and go, sequences of undelivered events, collections in collections) is
what the language's later primitives become.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from kspec.explore import plain
from kspec.explore.machine.search import build, search
from kspec.explore.result import Limits
from kspec.explore.symmetry.canonical import Canonicaliser
from kspec.language import checked
from kspec.system.system import System
from tests.agreement.engines import load, lowered
from tests.agreement.test_cases import test_every_checker_meets_the_expectations as meets_the_expectations
from tests.explore.agreeing import TIERS, assert_runs_show_it, assert_same
from tests.explore.symmetry import reduced

PRIMITIVES = sorted((Path(__file__).parents[1] / "cases" / "primitives").glob("*.kspec"))
each_primitive = pytest.mark.parametrize("path", PRIMITIVES, ids=lambda path: path.stem)


def model_and_system(path: Path) -> tuple[checked.Model, System]:
    model = load(path)
    (cluster,) = model.clusters
    return model, lowered(model, cluster)


@each_primitive
def test_every_checker_agrees(path: Path) -> None:
    meets_the_expectations(path)


@each_primitive
def test_machine_code_agrees(path: Path) -> None:
    _, system = model_and_system(path)
    expected = plain.explore(system, Limits())
    for workers, effort in TIERS:
        machine = build(system, effort=effort)
        assert_same(system, expected, search(machine, Limits(), workers=workers, capacity=16))


@each_primitive
def test_orbits(path: Path) -> None:
    """Each engine counts as many as the file expects, and shows what the whole graph shows, as early."""
    model, system = model_and_system(path)
    declared = next(item for item in model.expectations if isinstance(item, checked.ExpectCounts) and item.reduced)
    form = Canonicaliser(system).canonical
    oracle, whole = reduced.search(system, form), reduced.search(system, lambda state: state)
    assert (len(oracle.levels), oracle.transitions) == (declared.states, declared.transitions)
    assert oracle.facts == whole.facts
    for workers, effort in TIERS:
        machine = build(system, symmetric=True, effort=effort)
        found = search(machine, Limits(), workers=workers, capacity=16)
        assert found.is_reduced
        assert (found.states, found.transitions) == (declared.states, declared.transitions)
        assert_runs_show_it(system, found)
