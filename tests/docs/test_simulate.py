"""docs/simulate.md says nothing that is not so: its commands print what it shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from kspec.explore.simulate.starts import MOST
from kspec.trace.minimise import EFFORT
from tests.docs.consoles import ROOT, assert_prints_what_is_shown, consoles, go_beside_the_models
from tests.docs.examples import Block

PAGE = ROOT / "docs" / "simulate.md"
CONSOLES = consoles(PAGE)


def test_there_are_examples() -> None:
    assert len(CONSOLES) == 2


@pytest.mark.parametrize("block", CONSOLES, ids=lambda block: block.text.splitlines()[0])
def test_a_command_prints_what_the_page_shows(
    block: Block, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    go_beside_the_models(PAGE, tmp_path, monkeypatch)
    assert_prints_what_is_shown(block, capsys)


def test_the_limits_are_those_of_the_code() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert f"more than {MOST:,} combinations" in text
    assert f"more than {EFFORT:,} steps" in text
