"""The plot is drawn, and the same each time."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.figures import Point
from benchmarks.plot import plot

POINTS = (Point("by hand", 100, 2.0, 2e6), Point("by hand", 10, 1.0, 1e6), Point("kspec", 100, 3.0, 3e6))


def test_plot(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="needs the extra `bench`")
    first, second, image = tmp_path / "first.svg", tmp_path / "second.svg", tmp_path / "plot.png"
    plot(POINTS, POINTS[0], [first])
    plot(POINTS, POINTS[0], [second, image])
    assert b"kspec" in first.read_bytes()
    assert first.read_bytes() == second.read_bytes()
    assert image.read_bytes().startswith(b"\x89PNG")
