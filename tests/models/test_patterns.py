"""The patterns of the library can be imported, and say what their comments say."""

from __future__ import annotations

import itertools
import shutil
from pathlib import Path

import pytest

from kspec.language.load import load_model
from kspec.lower.lower import lower
from tests.lower.formulas import shown, temporal
from tests.shipped import MODELS

MODEL = """
kind Pod { ready: bool = false }
var wanted: 0..1 = 0
component controller { action make when wanted == 1 { create Pod { } } }
environment { action want(to: 0..1) { wanted = to } }
cluster small { Pod at most 2 }
"""


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("Stable(wanted == 0)", "eventually always {wanted=0}"),
        ("AlwaysEventually(wanted == 0)", "always eventually {wanted=0}"),
        ("StaysTrue(wanted == 0)", "always ({wanted=0} implies always {wanted=0})"),
        (
            "forall k: 0..1: EventuallyStable(wanted == k, (exists p: Pod: p.ready) iff k == 1)",
            ("k: AllValues | (always {wanted=k} leads to always {exists p: (True; Pod.ready[p])=k=1})"),
        ),
        (
            "NeverBelow(wanted == 1, exists p: Pod: p.ready)",
            (
                "always ({(wanted=1 & exists p: (True; Pod.ready[p]))}"
                " implies next {(wanted=1 => exists p: (True; Pod.ready[p]))})"
            ),
        ),
        (
            "ComesToRest(controller)",
            "(eventually always not <by 1> implies eventually always not <by 0>)",
        ),
        (
            "NoOscillation(controller, writes Pod)",
            "(eventually always not <by 1> implies eventually always not (<by 0> and <writes Pod>))",
        ),
    ],
)
@pytest.mark.parametrize("alias", ["", "library"])
def test_pattern(tmp_path: Path, call: str, expected: str, alias: str) -> None:
    shutil.copy(MODELS / "kubernetes" / "patterns.kspec", tmp_path)
    name = call.split("(")[0].split()[-1]
    if alias:
        call = call.replace(name, f"{alias}.{name}")
    path = tmp_path / "model.kspec"
    head = f'import "patterns.kspec"{f" as {alias}" if alias else ""}\n'
    path.write_text(f"{head}{MODEL}property A: {call}\n", encoding="utf-8")
    loaded = load_model(path)
    assert loaded.model is not None, loaded.diagnostics
    lowered = lower(loaded.model, "small").system
    assert lowered is not None
    assert shown(temporal(lowered)) == expected


def test_every_pattern_has_a_comment() -> None:
    lines = (MODELS / "kubernetes" / "patterns.kspec").read_text(encoding="utf-8").splitlines()
    for before, line in itertools.pairwise(lines):
        if line.startswith("pattern "):
            assert before.startswith("## ")


def test_the_library_is_a_model_by_itself() -> None:
    """Without an `environment` block, the environment does nothing."""
    assert load_model(MODELS / "kubernetes" / "patterns.kspec").diagnostics == ()
