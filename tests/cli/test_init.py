"""`kspec init`: a model to start from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Ended

Kspec = Callable[..., Ended]


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_the_model_passes_its_check(kspec: Kspec) -> None:
    assert kspec("init").code == 0
    ended = kspec("check", "model.kspec")
    assert ended.code == 0
    assert "violated" not in ended.out
    assert "unused-action" not in ended.out


def test_it_may_have_another_name(kspec: Kspec) -> None:
    assert kspec("init", "mine.kspec").code == 0
    assert Path("mine.kspec").exists()


def test_nothing_is_overwritten(kspec: Kspec) -> None:
    Path("model.kspec").write_text("precious", encoding="utf-8")
    ended = kspec("init")
    assert ended.code == 2
    assert "KS906" in ended.err
    assert Path("model.kspec").read_text("utf-8") == "precious"


def test_a_folder_that_is_not_there(kspec: Kspec) -> None:
    assert kspec("init", "no/such/model.kspec").code == 2
