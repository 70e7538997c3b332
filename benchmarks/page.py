"""The part of docs/performance.md that is measured."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from benchmarks.errors import BenchmarkError
from benchmarks.figures import Section, markdown

PAGE: Final = Path(__file__).parents[1] / "docs" / "performance.md"
PLOTS: Final = (PAGE.with_suffix(".svg"), PAGE.with_suffix(".png"))

BEGIN: Final = "<!-- measured: begin -->\n"
END: Final = "<!-- measured: end -->\n"


def with_tables(page: str, sections: Sequence[Section]) -> str:
    """The page with other figures between its markers."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise BenchmarkError(f"{PAGE.name} has no lines `{BEGIN.strip()}` and `{END.strip()}`")
    return f"{before}{BEGIN}\n{markdown(sections)}\n{END}{after}"
