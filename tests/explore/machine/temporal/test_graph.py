"""The complete graph in machine code is the one that `evaluate` makes, and its atoms are true where `evaluate` says."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, note, settings

from kspec.evaluate.errors import EnumerationTooLarge
from kspec.explore.temporal.graph import Labelled
from kspec.explore.watch import SearchStopped
from kspec.language.load import load_model
from kspec.lower.lower import lower
from kspec.system.fairness import TooManyUnits
from kspec.system.system import System
from tests import shipped
from tests.agreement.engines import Refused, load, lowered
from tests.agreement.generate import models
from tests.agreement.test_engines import new_models, same_models
from tests.explore.machine.temporal.agreeing import agree, made_plainly
from tests.explore.machine.temporal.fair import fairer
from tests.primitives.generate import THEMES
from tests.primitives.generate import models as models_with_primitives

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
