"""The examples of README.md do what it says."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from kspec.cli.main import run
from tests.docs.examples import Block, blocks

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
BLOCKS = blocks(README)
CONSOLES = [block for block in BLOCKS if block.language == "console"]

_SECONDS = re.compile(r"[0-9]+\.[0-9] s\b")


@pytest.fixture
def beside_the_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with the repository's models and with those of the page."""
    (tmp_path / "models").symlink_to(ROOT / "models")
    for block in BLOCKS:
        if block.language == "kspec":
            (tmp_path / block.role).write_text(block.text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")


def test_there_are_examples() -> None:
    assert len(CONSOLES) >= 3


@pytest.mark.usefixtures("beside_the_models")
@pytest.mark.parametrize("block", CONSOLES, ids=lambda block: block.text.splitlines()[0])
def test_a_command_prints_what_the_page_shows(block: Block, capsys: pytest.CaptureFixture[str]) -> None:
    command, _, shown = block.text.partition("\n")
    run(shlex.split(command.removeprefix("$ kspec ")))
    assert _timeless(capsys.readouterr().out) == _timeless(shown)


def _timeless(text: str) -> str:
    return _SECONDS.sub("0.0 s", text)
