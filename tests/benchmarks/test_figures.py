"""How figures are judged and written."""

from __future__ import annotations

import pytest

from benchmarks.errors import BenchmarkError
from benchmarks.experiments import EXPERIMENTS
from benchmarks.figures import Better, Figure, Mark, Section, Table, Unit, markdown
from benchmarks.page import PAGE, PLOT_PART, markers, with_part


@pytest.mark.parametrize(
    ("value", "better", "mark"),
    [
        (2, Better.HIGHER, Mark.AIM_MET),
        (1.5, Better.HIGHER, Mark.MET),
        (0.9, Better.HIGHER, Mark.MISSED),
        (1, Better.LOWER, Mark.AIM_MET),
        (1.5, Better.LOWER, Mark.MET),
        (2.1, Better.LOWER, Mark.MISSED),
    ],
)
def test_marks(value: float, better: Better, mark: Mark) -> None:
    required, aim = (1, 2) if better is Better.HIGHER else (2, 1)
    assert Figure("x", value, better=better, required=required, aim=aim).mark is mark


def test_marks_where_a_bound_is_missing() -> None:
    assert Figure("x", 1).mark is Mark.NONE
    assert Figure("x", 1, required=1).mark is Mark.MET
    assert Figure("x", 1, aim=2).mark is Mark.MISSED


SECTION = Section(
    "Title",
    (Figure("ratio", 1.234, required=0.6, aim=1.1), Figure("size", 23.4, Unit.BYTES, Better.LOWER, 20)),
    ("A note.",),
)
TABLE = """\
**Title**

| figure | required | aim | measured |  |
| --- | ---: | ---: | ---: | --- |
| ratio | ≥ 0.60 | ≥ 1.10 | 1.23 | aim met |
| size | ≤ 20 bytes |  | 23 bytes | missed |

A note.
"""


def test_table() -> None:
    assert markdown(SECTION) == TABLE


def test_a_table_of_another_sort() -> None:
    table = Table(("what", "size"), (("a", "1"), ("b", "2")))
    text = "**Title**\n\n| what | size |\n| --- | ---: |\n| a | 1 |\n| b | 2 |\n"
    assert markdown(Section("Title", (), table=table)) == text


BEGIN, END = markers("search")


def test_only_what_is_between_the_markers_changes() -> None:
    page = f"# Page\n\n{BEGIN}old\n{END}\nmore\n{BEGIN.replace('search', 'start')}"
    written = with_part(page, "search", "new\n")
    assert written == page.replace("old\n", "\nnew\n\n")
    assert with_part(written, "search", "new\n") == written


def test_a_page_without_markers() -> None:
    with pytest.raises(BenchmarkError, match="has no lines `<!-- search: begin -->`"):
        with_part("# Page\n", "search", "new\n")


@pytest.mark.parametrize("name", [*EXPERIMENTS, PLOT_PART])
def test_the_page_has_a_place_for_each_part(name: str) -> None:
    assert "what was measured" in with_part(PAGE.read_text(encoding="utf-8"), name, "what was measured\n")
