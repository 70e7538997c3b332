"""Random models with fairness and properties about runs: what the reference checker makes of them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from hypothesis import given, note

from tests.agreement.engines import Refused, load
from tests.agreement.generate import models
from tests.agreement.test_engines import same_models
from tests.reference.formulas import Unsupported
from tests.reference.search import TooManyStates
from tests.reference.temporal import Verdict, verdicts

MOST_STATES = 40


def judge_random_models(folder: Path, count: int) -> Counter[str]:
    """How often there was which verdict, and why there was none."""
    tally: Counter[str] = Counter()
    path = folder / "model.kspec"

    @same_models(count)
    @given(models(runs=True))
    def one(text: str) -> None:
        note(text)
        path.write_text(text, encoding="utf-8")
        try:
            found = verdicts(load(path), "here", MOST_STATES)
        except Refused as refused:
            tally["refused"] += 1
            note(str(refused))
        except (TooManyStates, Unsupported) as error:
            tally[type(error).__name__] += 1
        else:
            tally.update(verdict.value for verdict in found.values())

    one()
    return tally


def test_random_models_have_every_verdict(tmp_path: Path) -> None:
    tally = judge_random_models(tmp_path, 60)
    assert tally["refused"] == 0
    for verdict in (Verdict.VIOLATED, Verdict.HOLDS, Verdict.BOUNDED, Verdict.ROOM, Verdict.EMPTY_ASSUMPTION):
        assert tally[verdict.value] > 0, tally
    assert tally["TooManyStates"] < 20, tally
