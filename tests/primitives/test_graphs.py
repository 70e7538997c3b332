"""Random models with primitives: what they are lowered to is bisimilar to what an interpreter of the primitives does.

    pytest tests/primitives                                      the same models every time
    KSPEC_MODELS=3000 pytest tests/primitives -m long            that many new ones of each theme

A difference is told as a run, for the smallest model that hypothesis finds.
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, note, settings

from tests.agreement.engines import Refused, load, lowered
from tests.agreement.test_engines import new_models, same_models
from tests.primitives.explored import graph_of_reference, graph_of_system
from tests.primitives.generate import THEMES, models
from tests.primitives.graphs import difference
from tests.reference.search import TooManyStates

LONG_RUN = int(os.environ.get("KSPEC_MODELS", "300"))


def compare(folder: Path, theme: str, profile: settings, most_states: int) -> Counter[str]:
    """The tally says what became of the models."""
    tally: Counter[str] = Counter()
    path = folder / "model.kspec"

    @profile
    @given(models(theme))
    def one(text: str) -> None:
        note(text)
        path.write_text(text, encoding="utf-8")
        try:
            model = load(path)
            system = lowered(model, "here")
        except Refused as refused:
            tally["refused"] += 1
            tally[str(refused)[:5]] += 1
            return
        try:
            expected = graph_of_reference(model, "here", most_states)
            found = graph_of_system(system, 4 * most_states)
        except TooManyStates:
            tally["too large"] += 1
            return
        tally["checked"] += 1
        told = difference(expected, found)
        assert told is None, told

    one()
    return tally


def assert_many_checked(tally: Counter[str]) -> None:
    """The generator's models are accepted, and small: else agreement says little."""
    models_made = tally["refused"] + tally["too large"] + tally["checked"]
    assert tally["refused"] <= models_made // 10, tally
    assert tally["checked"] >= models_made // 3, tally


@pytest.mark.parametrize("theme", THEMES)
def test_lowered_models_do_what_their_words_say(tmp_path: Path, theme: str) -> None:
    assert_many_checked(compare(tmp_path, theme, same_models(20), 100))


@pytest.mark.long
@pytest.mark.parametrize("theme", THEMES)
def test_many_new_lowered_models_do_what_their_words_say(tmp_path: Path, theme: str) -> None:
    assert_many_checked(compare(tmp_path, theme, new_models(LONG_RUN), 800))
