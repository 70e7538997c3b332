"""The part of docs/performance.md that is measured."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from benchmarks.errors import BenchmarkError

PAGE: Final = Path(__file__).parents[1] / "docs" / "performance.md"
PLOTS: Final = (PAGE.with_suffix(".svg"), PAGE.with_suffix(".png"))

PLOT_PART: Final = "plot"
"""Beside a part for the table of each experiment."""
PLOT_TEXT: Final = f"![time and memory by the number of states]({PLOTS[0].name})\n"


def with_parts(page: str, parts: Mapping[str, str]) -> str:
    """The page with other text between the markers of each part, by its name."""
    for name, text in parts.items():
        begin, end = markers(name)
        before, found, rest = page.partition(begin)
        _, ended, after = rest.partition(end)
        if not found or not ended:
            raise BenchmarkError(f"{PAGE.name} has no lines `{begin.strip()}` and `{end.strip()}`")
        page = f"{before}{begin}\n{text}\n{end}{after}"
    return page


def markers(name: str) -> tuple[str, str]:
    """The lines around a part."""
    return f"<!-- {name}: begin -->\n", f"<!-- {name}: end -->\n"
