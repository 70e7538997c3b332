"""The examples of README.md do what it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.consoles import ROOT, assert_prints_what_is_shown, consoles, go_beside_the_models
from tests.docs.examples import Block

README = ROOT / "README.md"
CONSOLES = consoles(README)


def test_there_are_examples() -> None:
    assert len(CONSOLES) >= 3


@pytest.mark.parametrize("block", CONSOLES, ids=lambda block: block.text.splitlines()[0])
def test_a_command_prints_what_the_page_shows(
    block: Block, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    go_beside_the_models(README, tmp_path, monkeypatch)
    assert_prints_what_is_shown(block, capsys)
