"""Random models, each given to a check of its system."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

from hypothesis import given, note, settings

from kspec.system.system import System
from tests.agreement.engines import Refused, load, lowered
from tests.agreement.generate import models


def on_random_models(folder: Path, profile: settings, check: Callable[[System], str]) -> Counter[str]:
    """`check` says in a word what it did with a system; how often it said what, and how many models are refused."""
    tally: Counter[str] = Counter()
    path = folder / "model.kspec"

    @profile
    @given(models())
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
