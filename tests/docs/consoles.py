"""Commands that a page shows, with what they print."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from kspec.cli.main import run
from tests.docs.examples import Block, blocks

ROOT = Path(__file__).parents[2]

_SECONDS = re.compile(r'[0-9]+\.[0-9] s\b|"seconds": [0-9.]+')


def consoles(page: Path) -> list[Block]:
    return [block for block in blocks(page) if block.language == "console"]


def go_beside_the_models(page: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes a folder with the repository's models and with those of the page the current one."""
    (folder / "models").symlink_to(ROOT / "models")
    for block in blocks(page):
        if block.language == "kspec":
            (folder / block.role).write_text(block.text, encoding="utf-8")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", "100")


def assert_prints_what_is_shown(block: Block, capsys: pytest.CaptureFixture[str]) -> None:
    """But for times."""
    command, _, shown = block.text.partition("\n")
    run(shlex.split(command.removeprefix("$ kspec ")))
    assert _timeless(capsys.readouterr().out) == _timeless(shown)


def _timeless(text: str) -> str:
    return _SECONDS.sub("0.0 s", text)
