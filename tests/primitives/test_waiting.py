"""Runs of a process begin as arguments come up in a work queue: who waits, and that whoever can begin does wait."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, note

from kspec.evaluate.evaluator import Evaluator
from kspec.evaluate.outcome import Stepped
from kspec.evaluate.run import State
from kspec.system.system import System
from kspec.system.transitions import FairnessStrength
from tests.agreement.engines import Refused, load, lowered
from tests.agreement.test_engines import same_models
from tests.lower.texts import system
from tests.primitives.generate import models
from tests.primitives.waiting import Unit, Units

A, B, C = (0,), (1,), (2,)

MODEL = """
kind Pod {{ n: 0..1 = 0 }}
component controller {{ {fairness} process work(p: Pod) {workers} when p.n == 0 {{ yield  p.n = 1 }} }}
cluster here {{ Pod a, b, c }}
"""


def found(text: str) -> Counter[tuple[frozenset[Unit], frozenset[Unit]]]:
    """The units of `work` that can be taken and those that wait, and in how many states."""
    model = system(text)
    units = Units(model, 0)
    return Counter((frozenset(units.able(state)), frozenset(units.waiting(state))) for state in states(model, 1_000))


def states(model: System, most: int) -> list[State]:
    evaluator = Evaluator(model)
    known = dict.fromkeys(evaluator.initial_states())
    frontier = list(known)
    while frontier and len(known) < most:
        state = frontier.pop(0)
        after = [outcome.state for outcome in evaluator.outcomes(state) if isinstance(outcome, Stepped)]
        new = [found for found in dict.fromkeys(after) if found not in known]
        known |= dict.fromkeys(new)
        frontier += new
    return list(known)


def test_arguments_wait_while_the_worker_is_busy() -> None:
    """Of eight states with an idle worker, one for each set of pods that were worked on; of twelve with a busy one."""
    tally = found(MODEL.format(fairness="fair", workers=""))
    nobody = frozenset[Unit]()
    assert sum(tally.values()) == 20
    assert tally[frozenset({A, B, C}), frozenset({A, B, C})] == 1
    assert tally[nobody, frozenset({B, C})] == 1
    assert tally[nobody, frozenset({B})] == 2
    assert tally[nobody, nobody] == 1 + 3
    assert sum(count for (able, waiting), count in tally.items() if not able and waiting) == 9


def test_with_a_worker_for_each_whoever_waits_can_begin() -> None:
    assert all(able == waiting for able, waiting in found(MODEL.format(fairness="fair", workers="workers 3")))


@pytest.mark.parametrize(
    ("words", "start", "later"),
    [
        ("fair", FairnessStrength.QUEUED, FairnessStrength.WEAK),
        ("fair overall", FairnessStrength.QUEUED, FairnessStrength.WEAK),
        ("strongly fair", FairnessStrength.STRONG, FairnessStrength.STRONG),
    ],
)
def test_only_a_queue_says_who_waits(words: str, start: FairnessStrength, later: FairnessStrength) -> None:
    begins, goes_on = (action.fairness for action in system(MODEL.format(fairness=words, workers="")).actions)
    assert begins is not None
    assert goes_on is not None
    assert (begins.strength, goes_on.strength) == (start, later)
    assert bool(begins.waiting) == (start is FairnessStrength.QUEUED)


@pytest.mark.parametrize("theme", ["processes", "crashes"])
def test_whoever_can_begin_waits(tmp_path: Path, theme: str) -> None:
    path = tmp_path / "model.kspec"
    compared = 0

    @same_models(30)
    @given(models(theme))
    def one(text: str) -> None:
        nonlocal compared
        note(text)
        path.write_text(text, encoding="utf-8")
        try:
            model = lowered(load(path), "here")
        except Refused:
            return
        for number, action in enumerate(model.actions):
            if action.fairness is not None and action.fairness.strength is FairnessStrength.QUEUED:
                units = Units(model, number)
                for state in states(model, 30):
                    assert units.able(state) <= units.waiting(state)
                    compared += bool(units.able(state))

    one()
    assert compared >= 3
