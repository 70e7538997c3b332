"""Spin on the same model: breadth first, safety alone, without partial order reduction, exact."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.errors import Failed
from benchmarks.measure import Counts, Run
from benchmarks.pods import STATES, Scope
from benchmarks.process import run
from benchmarks.tools import tool

MODEL: Final = Path(__file__).parents[1] / "spin" / "pods.pml"
FLAGS: Final = ("-O2", "-DSAFETY", "-DBFS", "-DNOREDUCE")

_TOLD: Final = {
    "depth": re.compile(r"depth reached (\d+), errors: 0$", re.MULTILINE),
    "states": re.compile(r"^\s*(\d+) states, stored$", re.MULTILINE),
    "transitions": re.compile(r"^\s*(\d+) transitions \(= stored\+matched\)$", re.MULTILINE),
    "seconds": re.compile(r"^pan: elapsed time ([\d.]+) seconds$", re.MULTILINE),
}


@dataclass(frozen=True, slots=True)
class Spin:
    """`spin/pods.pml`: the verifier is generated, compiled and run."""

    cluster: str
    folder: Path

    @property
    def name(self) -> str:
        return f"Spin {self.cluster}"

    @property
    def expected(self) -> Counts:
        return STATES[self.cluster]

    def prepare(self) -> None:
        """Nothing: compiling is measured too."""

    def run(self) -> Run:
        scope = Scope.of(self.cluster)
        sizes = {
            "PODS": scope.pods,
            "NODES": scope.nodes,
            "REPLICAS": scope.replicas,
            "CAPACITY": scope.capacity,
        }
        defines = [f"-D{name}={value}" for name, value in sizes.items()]
        generated = run([tool("spin"), "-a", *defines, str(MODEL)], self.folder)
        compiled = run([tool("gcc"), *FLAGS, "pan.c", "-o", "pan"], self.folder)
        slots = self.expected.states.bit_length()  # the binary logarithm of the table that Spin begins with
        ended = run(["./pan", f"-w{slots}"], self.folder)
        counts, seconds = read_report(ended.output)
        return Run(counts, seconds, generated.seconds + compiled.seconds + ended.seconds, ended.bytes)


def read_report(text: str) -> tuple[Counts, float]:
    """The counts and the seconds of the search. Spin counts the initial state among the transitions."""
    told = {name: pattern.search(text) for name, pattern in _TOLD.items()}
    found = {name: match[1] for name, match in told.items() if match is not None}
    if len(found) < len(told) or "Search not completed" in text:
        raise Failed(f"Spin told\n{text}")
    return Counts(int(found["states"]), int(found["transitions"]) - 1, int(found["depth"])), float(found["seconds"])
