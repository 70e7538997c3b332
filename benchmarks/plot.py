"""A plot of time and memory by the number of states."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from benchmarks.errors import BenchmarkError
from benchmarks.figures import Point


def must_be_installed() -> None:
    """Raises where the library that draws is missing: to be known before anything is measured."""
    if find_spec("matplotlib") is None:
        raise BenchmarkError("matplotlib is missing: pip install 'kspec[bench]'")


def plot(points: Sequence[Point], unit: Point, files: Sequence[Path]) -> None:
    """`unit`: what time is told in multiples of, since seconds say nothing on another machine. The ends of the files'
    names say what is drawn: png, svg."""
    import matplotlib as mpl
    from matplotlib.figure import Figure
    from matplotlib.ticker import LogLocator

    figure = Figure(figsize=(10, 4.5), layout="constrained")
    time, memory = figure.subplots(1, 2)
    for curve in dict.fromkeys(point.curve for point in points):
        of_curve = sorted((point for point in points if point.curve == curve), key=lambda point: point.states)
        states = [point.states for point in of_curve]
        time.plot(states, [point.seconds / unit.seconds for point in of_curve], marker="o", label=curve)
        memory.plot(states, [point.bytes / 2**20 for point in of_curve], marker="o", label=curve)
    titles = (f"time; 1 is {unit.curve},\n{unit.states:,} states", "memory of the process that searches, MiB")
    for axes, title in zip((time, memory), titles, strict=True):
        axes.set(title=title, xscale="log", yscale="log", xlabel="states of the model")
        axes.grid(visible=True, alpha=0.3)
        axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axes.yaxis.set_major_formatter("{x:g}")
        axes.yaxis.set_minor_formatter("")
    figure.legend(*time.get_legend_handles_labels(), loc="outside lower center", ncols=2)
    with mpl.rc_context({"svg.hashsalt": "kspec"}):  # or names within the file would change from run to run
        for file in files:
            figure.savefig(file, metadata={"Date": None} if file.suffix == ".svg" else None)
