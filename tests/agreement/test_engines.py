"""Random models: the reference checker and every engine agree.

    pytest tests/agreement                                      the same models every time, a minute or two
    KSPEC_MODELS=20000 pytest tests/agreement -m long           that many new ones

A disagreement prints the smallest model that hypothesis finds for it.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis.strategies import SearchStrategy

from kspec.explore.result import Exploration
from kspec.system.system import System
from tests.agreement.engines import (
    Refused,
    check_bounded,
    check_induction,
    check_random_runs,
    explored,
    explorer_answer,
    load,
    lowered,
    reference_answer,
)
from tests.agreement.failing import failing_models
from tests.agreement.generate import models
from tests.reference.search import TooManyStates, check

LONG_RUN = int(os.environ.get("KSPEC_MODELS", "3000"))
BOUND = 4


def agree(
    folder: Path,
    profile: settings,
    most_states: int,
    engine: Callable[[System, Exploration], None] | None = None,
    texts: SearchStrategy[str] | None = None,
) -> Counter[str]:
    """Run random models through reference checker, explorer and the engine; the tally says what became of them."""
    tally: Counter[str] = Counter()
    path = folder / "model.kspec"

    @profile
    @given(models() if texts is None else texts)
    def one(text: str) -> None:
        note(text)
        path.write_text(text, encoding="utf-8")
        try:
            model = load(path)
            system = lowered(model, "here")
        except Refused as refused:
            tally["refused"] += 1
            tally[str(refused).partition(" ")[0]] += 1
            return
        try:
            answer = reference_answer(check(model, "here", most_states))
        except TooManyStates:
            tally["too large"] += 1
            return
        tally["checked"] += 1
        exploration = explored(system)
        assert explorer_answer(system, exploration) == answer
        if engine is not None:
            engine(system, exploration)

    one()
    return tally


def same_models(count: int) -> settings:
    quiet = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
    return settings(max_examples=count, derandomize=True, database=None, deadline=None, suppress_health_check=quiet)


def new_models(count: int) -> settings:
    return settings(same_models(count), derandomize=False)


def assert_mostly_checked(tally: Counter[str]) -> None:
    """The generator's models are accepted, and small: else agreement says little."""
    models_made = tally["refused"] + tally["too large"] + tally["checked"]
    assert tally["refused"] <= models_made // 10, tally
    assert tally["checked"] >= models_made // 2, tally


def bounded(system: System, exploration: Exploration) -> None:
    check_bounded(system, exploration, BOUND)


def test_the_explorer_agrees(tmp_path: Path) -> None:
    assert_mostly_checked(agree(tmp_path, same_models(150), 300))


def test_bounded_checking_agrees(tmp_path: Path) -> None:
    agree(tmp_path, same_models(25), 60, bounded)


def test_induction_agrees(tmp_path: Path) -> None:
    agree(tmp_path, same_models(25), 60, check_induction)


def test_the_explorer_agrees_where_bindings_fail(tmp_path: Path) -> None:
    assert_mostly_checked(agree(tmp_path, same_models(40), 400, texts=failing_models()))


def test_bounded_checking_agrees_where_bindings_fail(tmp_path: Path) -> None:
    agree(tmp_path, same_models(15), 400, bounded, failing_models())


def test_random_runs_agree(tmp_path: Path) -> None:
    agree(tmp_path, same_models(15), 300, check_random_runs)
    agree(tmp_path, same_models(5), 300, check_random_runs, failing_models())


@pytest.mark.long
def test_the_explorer_agrees_on_many_new_models(tmp_path: Path) -> None:
    assert_mostly_checked(agree(tmp_path, new_models(LONG_RUN), 3000))
    assert_mostly_checked(agree(tmp_path, new_models(LONG_RUN), 400, texts=failing_models()))


@pytest.mark.long
def test_bounded_checking_agrees_on_many_new_models(tmp_path: Path) -> None:
    agree(tmp_path, new_models(LONG_RUN // 10), 200, bounded)
    agree(tmp_path, new_models(LONG_RUN // 10), 400, bounded, failing_models())


@pytest.mark.long
def test_induction_agrees_on_many_new_models(tmp_path: Path) -> None:
    agree(tmp_path, new_models(LONG_RUN // 10), 200, check_induction)


@pytest.mark.long
def test_random_runs_agree_on_many_new_models(tmp_path: Path) -> None:
    agree(tmp_path, new_models(LONG_RUN // 10), 3000, check_random_runs)
