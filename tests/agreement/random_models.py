"""Random models, each given to a check of its system."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

from hypothesis import given, note, settings
from hypothesis.strategies import SearchStrategy

from kspec.system.system import System
from tests.agreement.engines import Refused, load, lowered
from tests.agreement.generate import models


def on_random_models(
    folder: Path, profile: settings, check: Callable[[System], str], texts: SearchStrategy[str] | None = None
) -> Counter[str]:
    """`check` says in a word what it did with a system; how often it said what, and how many models are refused.
    `texts`: the models; random ones of every kind if not given."""
    tally: Counter[str] = Counter()
    path = folder / "model.kspec"

    @profile
    @given(models() if texts is None else texts)
    def one(text: str) -> None:
        note(text)
        path.write_text(text, encoding="utf-8")
        try:
            system = lowered(load(path), "here")
        except Refused:
            tally["refused"] += 1
            return
        tally[check(system)] += 1

    one()
    return tally
