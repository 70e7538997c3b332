"""The complete graph in machine code is the one that `evaluate` makes, and its atoms are true where `evaluate` says."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, note, settings

from kspec.evaluate.errors import EnumerationTooLarge
from kspec.explore.machine.allocation import Row, address_of
from kspec.explore.machine.crew import Crew
from kspec.explore.machine.program import NotCompilable
from kspec.explore.machine.temporal import build, steps
from kspec.explore.machine.temporal.asked import Asked
from kspec.explore.machine.temporal.atom_code import generate_atoms
from kspec.explore.machine.temporal.memory import Shared
from kspec.explore.temporal.graph import Labelled
from kspec.explore.watch import SearchStopped
from kspec.language.load import load_model
from kspec.lower.lower import lower
from kspec.system.expressions import FALSE, Arithmetic, Compare, Literal, Operator, Order
from kspec.system.fairness import TooManyUnits
from kspec.system.sorts import IntSort
from kspec.system.system import System
from tests import shipped
from tests.agreement.engines import Refused, load, lowered
from tests.agreement.generate import models
from tests.agreement.test_engines import new_models, same_models
from tests.explore.machine.temporal.agreeing import agree, assert_equal, compiled, made_plainly
from tests.explore.machine.temporal.fair import fairer
from tests.primitives.generate import THEMES
from tests.primitives.generate import models as models_with_primitives
from tests.systems import pods

TESTS = Path(__file__).parents[3]
FILES = sorted((*(TESTS / "cases" / "semantics").glob("*.kspec"), *shipped.FILES))
CHOSEN = frozenset(
    {
        "argument_dies",  # processes
        "budgets",
        "choice_before_room",  # cut states
        "ghost_is_state",
        "instance_dies_with_object",
        "own_writes_with_any_lag",  # views
        "property_failure_later",  # atoms that fail
        "reconnecting_after_many_events",  # faults
        "taken_key",
        "peterson",
    }
)
"""With something of everything that a graph is made of."""

MOST = 200
"""States of systems that are compared here."""

LONG_RUN = int(os.environ.get("KSPEC_MODELS", "100"))


def small_systems(path: Path) -> Iterator[tuple[System, Labelled]]:
    model = load_model(path).model
    for cluster in () if model is None else model.clusters:
        system = lower(model, cluster).system
        if system is not None:
            graph = small(system)
            if graph is not None:
                yield system, graph


def small(system: System) -> Labelled | None:
    """The graph of a system, if it is small."""
    try:
        return made_plainly(system, MOST)
    except (SearchStopped, EnumerationTooLarge, TooManyUnits):
        return None


@pytest.mark.parametrize("path", [path for path in FILES if path.stem in CHOSEN], ids=lambda path: path.stem)
def test_agrees_on_chosen_models(path: Path) -> None:
    turn, (system, graph) = len(path.stem), next(small_systems(path))
    agree(system, graph)
    fair = fairer(system, turn)
    agree(fair, made_plainly(fair), atoms=False)


@pytest.mark.long
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_agrees_on_every_small_cluster(path: Path) -> None:
    for turn, (system, graph) in enumerate(small_systems(path)):
        agree(system, graph)
        fair = fairer(system, turn + len(path.stem))
        agree(fair, made_plainly(fair))


@pytest.fixture(scope="module")
def medium() -> System:
    return pods(2, 2, 2, 2)


def test_items_are_joined_wherever_slabs_end(medium: System, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = compiled(medium).graph
    for module in (steps, build):
        monkeypatch.setattr(module, "SLAB", 100)
    for workers in (1, 2):
        assert_equal(whole, compiled(medium, workers).graph)


def test_states_stand_in_the_order_of_their_distance(medium: System) -> None:
    found = compiled(medium)
    distance, frontier = {0: 0}, [0]
    for number in frontier:
        targets = found.graph.targets[int(found.graph.offsets[number]) : int(found.graph.offsets[number + 1])]
        new = [target for target in sorted(set(targets.tolist())) if target not in distance]
        distance |= dict.fromkeys(new, distance[number] + 1)
        frontier += new
    in_order = [distance[number] for number in range(found.graph.states)]
    assert in_order == sorted(in_order)
    assert in_order[-1] == found.depth == 12


def test_a_successor_that_the_search_does_not_have_is_noticed(medium: System, monkeypatch: pytest.MonkeyPatch) -> None:
    """No graph is made of it."""
    describe = build._describe_table

    def of_an_empty_table(crew: Crew, shared: Row) -> None:
        describe(crew, shared)
        shared[Shared.TABLE] = address_of(empty)

    empty = np.zeros(1 << 14, dtype=np.uint64)
    monkeypatch.setattr(build, "_describe_table", of_an_empty_table)
    with pytest.raises(build.Diverged):
        compiled(medium)


def test_atoms_that_cannot_be_compiled_are_evaluated(medium: System) -> None:
    large = Literal(1 << 40, IntSort(1 << 40, 1 << 40))
    product = Arithmetic(Operator.MULTIPLY, large, large, IntSort(1 << 80, 1 << 80))
    wide = Compare(Order.LESS, large, product)
    with pytest.raises(NotCompilable):
        generate_atoms(medium, Asked((wide,), (), (), of_steps=False))
    found = compiled(medium)
    assert found.state_atoms([wide, FALSE], {}, []).tolist() == [1] * found.graph.states
    assert found.step_atoms([FALSE, wide], {}, []).tolist() == [2] * found.graph.steps


def _agree_on_random_models(folder: Path, profile: settings, texts: object) -> Counter[str]:
    tally: Counter[str] = Counter()
    path = folder / "model.kspec"

    @profile
    @given(texts)
    def one(text: str) -> None:
        note(text)
        path.write_text(text, encoding="utf-8")
        try:
            system = fairer(lowered(load(path), "here"), tally.total())
        except Refused:
            tally["refused"] += 1
            return
        graph = small(system)
        if graph is None:
            tally["too large"] += 1
            return
        tally["compared"] += 1
        agree(system, graph)

    one()
    return tally


def test_agrees_on_random_models(tmp_path: Path) -> None:
    assert _agree_on_random_models(tmp_path, same_models(8), models())["compared"] >= 3


def test_agrees_on_random_models_with_primitives(tmp_path: Path) -> None:
    assert _agree_on_random_models(tmp_path, same_models(3), models_with_primitives("everything"))["compared"] >= 1


@pytest.mark.long
@pytest.mark.parametrize("theme", THEMES)
def test_agrees_on_many_new_models(tmp_path: Path, theme: str) -> None:
    assert _agree_on_random_models(tmp_path, new_models(LONG_RUN), models_with_primitives(theme))["compared"] > 0
