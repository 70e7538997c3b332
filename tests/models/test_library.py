"""The modules of the library: each has a model here that imports it, holds, and breaks where the module is changed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kspec.check.options import Engine
from kspec.check.verdicts import ExitCode, Verdict
from tests.models.checking import check_model, violated
from tests.models.tries import Try, change, tries_of
from tests.shipped import LIBRARY, ROOT

PATTERNS = "patterns.kspec"
"""Formulas alone: tests/models/test_patterns.py."""

MODELS = [Path(__file__).parent / "library" / path.name for path in LIBRARY if path.name != PATTERNS]
TRIES = [(path, tried) for path in MODELS if path.exists() for tried in tries_of(path)]

EACH = pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)


@EACH
def test_all_properties_hold(path: Path) -> None:
    checked = check_model(path, engine=Engine.AUTO)
    assert checked.diagnostics == ()
    assert checked.result is not None
    assert checked.result.exit_code is ExitCode.OK
    assert {found.verdict for found in checked.result.properties} <= {Verdict.HOLDS, Verdict.PROVED}


@EACH
def test_there_is_something_to_try(path: Path) -> None:
    assert tries_of(path)


@pytest.mark.parametrize(("path", "tried"), TRIES, ids=lambda found: found.stem if isinstance(found, Path) else None)
def test_without_a_part_of_the_module_a_property_is_violated(path: Path, tried: Try, tmp_path: Path) -> None:
    model = tmp_path / path.relative_to(ROOT)
    model.parent.mkdir(parents=True)
    shutil.copy(path, model)
    (tmp_path / "pyproject.toml").touch()
    shutil.copytree(ROOT / "models" / "kubernetes", tmp_path / "models" / "kubernetes")
    change(tmp_path / "models" / "kubernetes" / path.name, tried)
    assert set(tried.breaks) <= violated(model)
