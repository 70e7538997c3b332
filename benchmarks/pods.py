"""How fast is the explorer, against a search that was written by hand for this one model?

    python benchmarks/pods.py p4n2r3c2 --rounds 5

Builds `reference/pods.cpp` (needs g++), checks that both agree, runs them in turn, and prints medians and ratios.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

HERE = Path(__file__).parent
MODEL = HERE.parent / "models" / "pods.kspec"
FLAGS = ("-O3", "-march=native", "-pthread")


@dataclass(frozen=True)
class Runner:
    """One way to search, and what each run of it took."""

    name: str
    command: tuple[str, ...]


@dataclass(frozen=True)
class Measured:
    """`seconds`: of the search alone; `whole`: of the process."""

    counts: tuple[int, int, int]
    seconds: float
    whole: float
    bytes: int


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cluster", nargs="?", default="p4n2r3c2", help="pXnXrXcX, a cluster of models/pods.kspec")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2])
    arguments = parser.parse_args()
    compiler = shutil.which("g++")
    if compiler is None:
        print("g++ is needed for the reference", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        pairs = [_pair(compiler, Path(folder), arguments.cluster, workers) for workers in arguments.workers]
        runners = [runner for pair in pairs for runner in pair]
        measured = {runner.name: [] for runner in runners}
        for _ in range(arguments.rounds):
            for runner in runners:
                measured[runner.name].append(_measure(runner))
    _print_table(arguments.cluster, pairs, measured)
    return 0


def _pair(compiler: str, folder: Path, cluster: str, workers: int) -> tuple[Runner, Runner]:
    """The reference and kspec, with so many threads."""
    match = re.fullmatch(r"p(\d+)n(\d+)r(\d+)c(\d+)", cluster)
    if match is None:
        raise SystemExit(f"{cluster} is no name like p4n2r3c2")
    sizes = dict(zip(("PODS", "NODES", "REPLICAS", "CAPACITY"), match.groups(), strict=True))
    program = folder / f"pods{workers}"
    defines = [f"-D{name}={value}" for name, value in (sizes | {"THREADS": str(workers)}).items()]
    subprocess.run([compiler, *FLAGS, *defines, str(HERE / "reference" / "pods.cpp"), "-o", str(program)], check=True)
    explore = (sys.executable, str(HERE / "explore.py"), str(MODEL), cluster, "--workers", str(workers))
    return Runner(f"reference, {workers}", (str(program),)), Runner(f"kspec, {workers}", explore)


def _measure(runner: Runner) -> Measured:
    started = perf_counter()
    done = subprocess.run(runner.command, check=True, stdout=subprocess.PIPE, text=True, cwd=HERE.parent)
    whole = perf_counter() - started
    told = json.loads(done.stdout)
    counts = (told["states"], told["transitions"], told["depth"])
    return Measured(counts, told["seconds"], whole, told.get("bytes", told.get("table_bytes", 0)))


def _print_table(cluster: str, pairs: Sequence[tuple[Runner, Runner]], measured: dict[str, list[Measured]]) -> None:
    counts = {run.counts for runs in measured.values() for run in runs}
    if len(counts) != 1:
        raise SystemExit(f"they disagree about {cluster}: {sorted(counts)}")
    ((states, transitions, depth),) = counts
    print(f"{cluster}: {states:,} states, {transitions:,} transitions, depth {depth}")
    print(f"{'threads':<16}{'search s':>10}{'M states/s':>12}{'process s':>11}{'bytes/state':>13}{'ratio':>8}")
    for pair in pairs:
        base = median(run.seconds for run in measured[pair[0].name])
        for runner in pair:
            runs = measured[runner.name]
            seconds, whole = median(run.seconds for run in runs), median(run.whole for run in runs)
            size = median(run.bytes for run in runs) / states
            speed = states / seconds / 1e6
            print(f"{runner.name:<16}{seconds:>10.3f}{speed:>12.2f}{whole:>11.3f}{size:>13.1f}{base / seconds:>8.2f}")


if __name__ == "__main__":
    sys.exit(main())
