"""Searches written by hand in C++, each for one model, compiled for one scope."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.errors import Failed
from benchmarks.measure import Counts, Run
from benchmarks.pods import STATES, Scope
from benchmarks.process import Ended, run
from benchmarks.tools import tool

SOURCES: Final = Path(__file__).parents[1] / "reference"
FLAGS: Final = ("-O3", "-march=native", "-pthread")

_PODS_TOLD = re.compile(
    r"distinct=(?P<states>\d+) generated=(?P<generated>\d+) depth=(?P<levels>\d+) inv=ok time=(?P<seconds>[\d.]+)"
)


@dataclass(frozen=True, slots=True)
class PodsReference:
    """`reference/pods_ref.cpp`: states in one word, open addressing, prefetching, no symmetry."""

    cluster: str
    folder: Path
    threads: int = 1

    @property
    def name(self) -> str:
        return f"C++ {self.cluster}, threads: {self.threads}"

    @property
    def expected(self) -> Counts:
        return STATES[self.cluster]

    def prepare(self) -> None:
        """Nothing: compiling is measured too."""

    def run(self) -> Run:
        scope = Scope.of(self.cluster)
        sizes = {"P": scope.pods, "N": scope.nodes, "R": scope.replicas, "C": scope.capacity, "THREADS": self.threads}
        compiled, ended = _compile_and_run("pods_ref.cpp", sizes, self.folder)
        told = _PODS_TOLD.search(ended.output)
        if told is None:
            raise Failed(f"pods_ref.cpp told {ended.output!r}")
        # it counts the initial state as generated, and levels where others count steps
        counts = Counts(int(told["states"]), int(told["generated"]) - 1, int(told["levels"]) - 1)
        return Run(counts, float(told["seconds"]), compiled + ended.seconds, ended.bytes)


@dataclass(frozen=True, slots=True)
class ModelReference:
    """`reference/<model>.cpp`, which searches with `reference/search.hpp`."""

    model: str
    sizes: tuple[tuple[str, int], ...]
    expected: Counts
    folder: Path

    @property
    def name(self) -> str:
        return f"C++ {self.model}"

    def prepare(self) -> None:
        """Nothing: compiling is measured too."""

    def run(self) -> Run:
        compiled, ended = _compile_and_run(f"{self.model}.cpp", dict(self.sizes), self.folder)
        told = json.loads(ended.output)
        if not told["good"]:
            raise Failed(f"{self.model}.cpp finds an invariant violated")
        counts = Counts(told["states"], told["transitions"], told["depth"])
        return Run(counts, told["seconds"], compiled + ended.seconds, ended.bytes)


def _compile_and_run(source: str, sizes: dict[str, int], folder: Path) -> tuple[float, Ended]:
    """The seconds that compiling took, and the run."""
    program = folder / Path(source).stem
    defines = [f"-D{name}={value}" for name, value in sizes.items()]
    compiled = run([tool("g++"), *FLAGS, *defines, str(SOURCES / source), "-o", str(program)], folder)
    return compiled.seconds, run([str(program)], folder)
