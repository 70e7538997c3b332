"""Models with modules of the library on the command line: reports, traces and what is kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from kspec.language import library
from tests.cli.conftest import PODS, Ended

Kspec = Callable[..., Ended]
Write = Callable[[str, str], Path]

NAME = "kspec:kubernetes/pods.kspec"
KINDS, _, CLUSTERS = PODS.partition("cluster ")
MODEL = f'import "{NAME}"\ncluster {CLUSTERS}'


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of the only module of a library, which has all of PODS but its clusters."""
    path = tmp_path / "library" / "kubernetes" / "pods.kspec"
    path.parent.mkdir(parents=True)
    path.write_text(KINDS, encoding="utf-8")
    monkeypatch.setattr(library, "library_folder", lambda: tmp_path / "library")
    return path


def test_a_report_names_the_module_as_imports_do(kspec: Kspec, write: Write, module: Path) -> None:
    ended = kspec("check", write("mine/model.kspec", MODEL))
    assert ended.code == 1
    assert f"Unbound is violated after 1 step  {NAME}:6:11" in ended.out
    document = json.loads(kspec("check", "--format", "json", "mine/model.kspec").out)
    (unbound,) = [found for found in document["properties"] if found["name"] == "Unbound"]
    assert unbound["place"]["file"] == NAME


def test_a_module_that_changes_is_read_again(kspec: Kspec, write: Write, module: Path) -> None:
    model = write("mine/model.kspec", MODEL)
    assert kspec("check", model).code == 1
    module.write_text(KINDS.replace("p.node == none\n", "true\n"), encoding="utf-8")
    assert kspec("check", model).code == 0


def test_a_stored_trace_knows_that_a_module_has_changed(kspec: Kspec, write: Write, module: Path) -> None:
    kspec("check", "--trace", "bad.json", write("mine/model.kspec", MODEL))
    assert kspec("replay", "bad.json").err == ""
    module.write_text(f"# a comment\n{KINDS}", encoding="utf-8")
    ended = kspec("replay", "bad.json")
    assert ended.code == 0
    assert "the model's text has changed" in ended.err
