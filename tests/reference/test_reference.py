"""The reference checker is independent of the engines, and knows the answers of the language's sample."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from kspec.language.load import load_model
from tests.reference.search import check

ROOT = Path(__file__).parent.parent.parent
ALLOWED = {
    "kspec",
    "kspec.language",
    "kspec.language.checked",
    "kspec.language.types",
    "kspec.system",
    "kspec.system.spans",
}


def test_it_imports_no_engine() -> None:
    script = "import sys, tests.reference.temporal; print(*(name for name in sys.modules if name.startswith('kspec')))"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    imported = {name for name in done.stdout.split() if not name.startswith("kspec.language.checked.")}
    assert imported <= ALLOWED


@pytest.mark.long
def test_the_sample() -> None:
    model = load_model(ROOT / "models" / "replicaset.kspec").model
    assert model is not None
    found = check(model, "small")
    assert (found.states, found.transitions, found.depth) == (7272, 41464, 16)
    assert not found.violations
    assert found.witnesses.keys() == {"FullyRunning"}
    assert found.cut_states == 0
