"""Measures kspec beside searches written by hand and Spin, on this machine, and prints what docs/performance.md tells.

Needs g++, gcc, spin and GNU time; --write needs matplotlib too. For figures that mean something, leave the machine
alone.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks import plot, tools
from benchmarks.errors import BenchmarkError
from benchmarks.experiments import EXPERIMENTS, LARGE, PLOTTED_EXPERIMENTS, REFERENCE_CURVE, Bench
from benchmarks.figures import Point, markdown
from benchmarks.page import PAGE, PLOT_PART, PLOT_TEXT, PLOTS, write_part
from benchmarks.pods import STATES


def main() -> int:
    arguments = _parser().parse_args()
    names = arguments.experiments or list(EXPERIMENTS)
    try:
        tools.must_be_installed()
        if arguments.write:
            plot.must_be_installed()
        with tempfile.TemporaryDirectory() as folder:
            bench = Bench(Path(folder), arguments.rounds, _tell)
            points = [point for name in names for point in _measure(name, bench, write=arguments.write)]
        if arguments.write and set(names) >= PLOTTED_EXPERIMENTS:
            _plot(points)
    except BenchmarkError as error:
        print(f"benchmarks: {error}", file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m benchmarks", description=__doc__)
    names = ", ".join(EXPERIMENTS)
    parser.add_argument("experiments", nargs="*", metavar="EXPERIMENT", type=_name, help=f"{names}; default: all")
    parser.add_argument("--rounds", type=_positive, default=5, help="runs of each contender; default: 5")
    parser.add_argument("--write", action="store_true", help=f"write the tables and the plot of {PAGE.name}")
    return parser


def _name(text: str) -> str:
    if text not in EXPERIMENTS:
        raise argparse.ArgumentTypeError(f"there is no {text!r}; there are {', '.join(EXPERIMENTS)}")
    return text


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _measure(name: str, bench: Bench, *, write: bool) -> tuple[Point, ...]:
    """Tells one experiment at once, so that nothing is lost if a later one fails."""
    section = EXPERIMENTS[name](bench)
    table = markdown(section)
    print(table, flush=True)
    if write:
        write_part(name, table)
    return section.points


def _plot(points: Sequence[Point]) -> None:
    unit = next(p for p in points if p.curve == REFERENCE_CURVE and p.states == STATES[LARGE].states)
    plot.plot(points, unit, PLOTS)
    write_part(PLOT_PART, PLOT_TEXT)


if __name__ == "__main__":
    sys.exit(main())
