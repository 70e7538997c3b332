"""The pages of docs/decisions are numbered without gaps and have the same parts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "docs" / "decisions"
PAGES = sorted(FOLDER.glob("[0-9]*.md"))
PARTS = ["Question", "Decision", "Alternatives", "Consequences"]


def test_numbers_have_no_gaps() -> None:
    assert [int(page.name[:4]) for page in PAGES] == list(range(1, len(PAGES) + 1))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_parts(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert text.startswith(f"# {int(page.name[:4])}. ")
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == PARTS


def test_index_names_every_page() -> None:
    index = (FOLDER / "README.md").read_text(encoding="utf-8")
    links = re.findall(r"^- \[(.*)\]\((.*)\)$", index, re.MULTILINE)
    titles = [page.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ") for page in PAGES]
    assert links == list(zip(titles, (page.name for page in PAGES), strict=True))
