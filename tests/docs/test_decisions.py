"""The pages of docs/decisions have numbers of their own, and the same parts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "docs" / "decisions"
PAGES = sorted(FOLDER.glob("[0-9]*.md"))
PARTS = ["Question", "Decision", "Alternatives", "Consequences"]


def test_numbers_are_given_once() -> None:
    numbers = [int(page.name[:4]) for page in PAGES]
    assert numbers[0] == 1
    assert len(set(numbers)) == len(numbers)


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
