"""Measures kspec beside searches written by hand and Spin, on this machine, and prints what docs/performance.md tells.

Needs g++, gcc and spin; --write needs matplotlib too. For figures that mean something, leave the machine alone.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from benchmarks import plot, tools
from benchmarks.errors import BenchmarkError
from benchmarks.experiments import EXPERIMENTS, LARGE, PLOTTED_EXPERIMENTS, REFERENCE_CURVE, Bench
from benchmarks.figures import Section, markdown
from benchmarks.page import PAGE, PLOT_PART, PLOT_TEXT, PLOTS, with_parts
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
            sections = {name: EXPERIMENTS[name](bench) for name in names}
        print(markdown(list(sections.values())))
        if arguments.write:
            _write(sections)
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


def _write(sections: Mapping[str, Section]) -> None:
    parts = {name: markdown([section]) for name, section in sections.items()}
    if sections.keys() >= PLOTTED_EXPERIMENTS:
        points = [point for section in sections.values() for point in section.points]
        unit = next(p for p in points if p.curve == REFERENCE_CURVE and p.states == STATES[LARGE].states)
        plot.plot(points, unit, PLOTS)
        parts[PLOT_PART] = PLOT_TEXT
    PAGE.write_text(with_parts(PAGE.read_text(encoding="utf-8"), parts), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
