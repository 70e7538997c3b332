"""Checks model texts for the tests of the checker."""

from __future__ import annotations

import tempfile
from pathlib import Path

from kspec.language.checked import Model
from kspec.language.load import Loaded, load_model

PRELUDE = """
enum Phase { Pending, Running, Failed }
kind Node { const capacity: 0..8 = 1  ready: bool = true  backup: Node? = none }
kind Pod { phase: Phase = Pending  node: Node? = none  tags: set 0..3 = {}  restarts: 0..4 = 0 }
single kind Lease { holder: Node? = none }
cluster small { Node n1  Pod at most 2 }
"""


def load_text(text: str, **files: str) -> Loaded:
    """Checks a text; `files` are further modules, by name without `.kspec`."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            (Path(folder) / f"{name}.kspec").write_text(content)
        path = Path(folder) / "model.kspec"
        path.write_text(text)
        return load_model(path)


def codes(text: str, **files: str) -> list[str]:
    """The codes of everything that is wrong with a text, in order."""
    return [found.code.name for found in load_text(text, **files).diagnostics]


def accepted(text: str, **files: str) -> Model:
    """The checked model of a text without errors."""
    loaded = load_text(text, **files)
    assert loaded.model is not None, [f"{found.span}: {found.message}" for found in loaded.diagnostics]
    return loaded.model
