"""The code of whole models against `evaluate`, on their reachable states."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, note
from hypothesis import strategies as st

from tests.agreement.engines import Refused, load, lowered
from tests.agreement.failing import failing_models
from tests.agreement.generate import models
from tests.agreement.test_engines import LONG_RUN, new_models, same_models
from tests.explore.machine.agreeing import check_states
from tests.shipped import WITH_CLUSTERS

ROOT = Path(__file__).parents[3]
CASES = sorted((ROOT / "tests" / "cases" / "semantics").glob("*.kspec"))


@pytest.mark.parametrize("path", [*WITH_CLUSTERS, *CASES], ids=lambda path: path.stem)
def test_a_model_does_what_evaluate_says(path: Path) -> None:
    model = load(path)
    assert check_states(lowered(model, next(iter(model.clusters))), 150)


def check_random(path: Path, text: str) -> None:
    note(text)
    path.write_text(text, encoding="utf-8")
    try:
        system = lowered(load(path), "here")
    except Refused:
        return
    check_states(system, 40)


@same_models(60)
@given(text=models())
def test_random_models_do_what_evaluate_says(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    check_random(tmp_path_factory.getbasetemp() / "model.kspec", text)


@same_models(25)
@given(text=failing_models())
def test_models_with_failing_bindings_do_what_evaluate_says(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    check_random(tmp_path_factory.getbasetemp() / "model.kspec", text)


@pytest.mark.long
@new_models(LONG_RUN)
@given(text=st.one_of(models(), failing_models()))
def test_many_new_models_do_what_evaluate_says(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    check_random(tmp_path_factory.getbasetemp() / "model.kspec", text)
