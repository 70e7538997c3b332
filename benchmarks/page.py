"""The parts of docs/performance.md that are measured."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from benchmarks.errors import BenchmarkError

PAGE: Final = Path(__file__).parents[1] / "docs" / "performance.md"
PLOTS: Final = (PAGE.with_suffix(".svg"), PAGE.with_suffix(".png"))

PLOT_PART: Final = "plot"
"""Beside a part for the table of each experiment."""
PLOT_TEXT: Final = f"![time and memory by the number of states]({PLOTS[0].name})\n"


def write_part(name: str, text: str) -> None:
    PAGE.write_text(with_part(PAGE.read_text(encoding="utf-8"), name, text), encoding="utf-8")


def with_part(page: str, name: str, text: str) -> str:
    """The page with other text between the markers of a part."""
    begin, end = markers(name)
    before, found, rest = page.partition(begin)
    _, ended, after = rest.partition(end)
    if not found or not ended:
        raise BenchmarkError(f"{PAGE.name} has no lines `{begin.strip()}` and `{end.strip()}`")
    return f"{before}{begin}\n{text}\n{end}{after}"


def markers(name: str) -> tuple[str, str]:
    """The lines around a part."""
    return f"<!-- {name}: begin -->\n", f"<!-- {name}: end -->\n"
