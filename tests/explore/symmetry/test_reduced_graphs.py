"""The reduced graph has one state for each orbit of the unreduced one, and shows everything that this shows."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import strategies as st

from kspec.explore.symmetry.canonical import Canonicaliser
from kspec.system.system import System
from tests.agreement.engines import load, lowered
from tests.agreement.failing import failing_models
from tests.agreement.generate import models
from tests.agreement.random_models import on_random_models
from tests.agreement.test_engines import LONG_RUN, new_models, same_models
from tests.explore.symmetry.reduced import TooManyStates, search
from tests.systems import pods

ROOT = Path(__file__).parents[3]
CASES = sorted((ROOT / "tests" / "cases" / "semantics").glob("*.kspec"))
CLASSICS = sorted((ROOT / "models" / "classics").glob("*.kspec"))


def check(system: System, most: int) -> bool:
    """Whether there was something to compare."""
    canonicaliser = Canonicaliser(system)
    if canonicaliser.group.is_trivial:
        return False
    whole = search(system, lambda state: state, most)
    reduced = search(system, canonicaliser.canonical)
    levels: dict[object, int] = {}
    for state, level in whole.levels.items():
        levels.setdefault(canonicaliser.canonical(state), level)
    assert reduced.levels == levels
    assert reduced.facts == whole.facts
    return True


@pytest.mark.parametrize(
    ("size", "orbits", "transitions", "depth"),
    [((2, 2, 2, 1), 504, 3_077, 12), ((2, 2, 2, 2), 756, 4_687, 12), ((3, 2, 2, 1), 1_161, 8_043, 16)],
)
def test_orbits_of_pods(size: tuple[int, int, int, int], orbits: int, transitions: int, depth: int) -> None:
    """As other checkers count them."""
    system = pods(*size)
    found = search(system, Canonicaliser(system).canonical)
    assert (len(found.levels), found.transitions, max(found.levels.values())) == (orbits, transitions, depth)


@pytest.mark.long
def test_orbits_of_more_pods() -> None:
    system = pods(3, 2, 3, 2)
    found = search(system, Canonicaliser(system).canonical)
    assert (len(found.levels), found.transitions) == (4_656, 38_887)


def test_orbits_of_a_replicaset() -> None:
    system = lowered(load(ROOT / "models" / "replicaset.kspec"), "small")
    assert len(search(system, Canonicaliser(system).canonical).levels) == 1_224


@pytest.mark.parametrize("path", [*CASES, *CLASSICS], ids=lambda path: path.stem)
def test_a_model_shows_the_same(path: Path) -> None:
    model = load(path)
    check(lowered(model, next(iter(model.clusters))), 1_000)


def check_random(system: System) -> str:
    try:
        return "compared" if check(system, 200) else "asymmetric"
    except TooManyStates:
        return "too large"


def test_random_models_show_the_same(tmp_path: Path) -> None:
    tally = on_random_models(tmp_path, same_models(120), check_random)
    assert tally["compared"] >= 40, tally


def test_models_with_failing_bindings_show_the_same(tmp_path: Path) -> None:
    tally = on_random_models(tmp_path, same_models(60), check_random, failing_models())
    assert tally["compared"] >= 20, tally


@pytest.mark.long
def test_many_new_models_show_the_same(tmp_path: Path) -> None:
    tally = on_random_models(tmp_path, new_models(LONG_RUN), check_random, st.one_of(models(), failing_models()))
    assert tally["compared"] > 0, tally
