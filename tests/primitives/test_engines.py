"""Random models with primitives through every engine: the plain explorer, machine code, orbits, Z3.

pytest tests/primitives                                      the same models every time
KSPEC_MODELS=3000 pytest tests/primitives -m long            that many new ones of each theme
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, note, settings

from kspec.explore import plain
from kspec.explore.machine.search import build, search
from kspec.explore.result import Exploration, Limits
from kspec.system.system import System
from tests.agreement.engines import Refused, check_bounded, check_induction, load, lowered
from tests.agreement.test_engines import new_models, same_models
from tests.explore.agreeing import TIERS, assert_same
from tests.explore.test_symmetric_search import agree as agree_on_orbits
from tests.primitives.generate import THEMES, models

LONG_RUN = int(os.environ.get("KSPEC_MODELS", "100"))
BOUND = 3

Engine = Callable[[System, Exploration], None]


def agree(folder: Path, theme: str, profile: settings, most_states: int, engine: Engine) -> Counter[str]:
    """The tally says what became of the models."""
    tally: Counter[str] = Counter()
    path = folder / "model.kspec"

    @profile
    @given(models(theme))
    def one(text: str) -> None:
        note(text)
        path.write_text(text, encoding="utf-8")
        try:
            system = lowered(load(path), "here")
        except Refused:
            tally["refused"] += 1
            return
        exploration = plain.explore(system, Limits(states=most_states))
        if exploration.complete:
            tally["checked"] += 1
            engine(system, exploration)

    one()
    return tally


def machine_code(system: System, exploration: Exploration) -> None:
    """With quick code and with optimised code; from a table that must grow."""
    for workers, effort in TIERS:
        machine = build(system, effort=effort)
        assert_same(system, exploration, search(machine, Limits(), workers=workers, capacity=16))


def orbits(system: System, exploration: Exploration) -> None:
    assert agree_on_orbits(system) in ("compared", "asymmetric"), exploration


def bounded(system: System, exploration: Exploration) -> None:
    check_bounded(system, exploration, BOUND)


ENGINES: dict[str, tuple[Engine, int]] = {
    "machine code": (machine_code, 200),
    "orbits": (orbits, 200),
    "bounded": (bounded, 40),
    "induction": (check_induction, 40),
}
"""And the states that a model has at most."""


@pytest.mark.parametrize("engine", ENGINES)
def test_engines_agree_on_everything_at_once(tmp_path: Path, engine: str) -> None:
    run, most = ENGINES[engine]
    assert agree(tmp_path, "everything", same_models(4), most, run)["checked"] >= 1


@pytest.mark.long
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("theme", THEMES)
def test_engines_agree_on_many_new_models(tmp_path: Path, theme: str, engine: str) -> None:
    run, most = ENGINES[engine]
    assert agree(tmp_path, theme, new_models(LONG_RUN), most, run)["checked"] > 0
