"""Searches one cluster in machine code, with nothing settled before, and prints what it took as JSON.

python -m benchmarks.explore models/pods.kspec p4n2r3c2 --workers 1
python -m benchmarks.explore models/pods.kspec p4n2r3c2 --graph        the search, then the complete graph

To see where the time goes, with names for the functions in machine code (Debian's linux-perf):

perf record -e cpu-clock python -m benchmarks.explore models/pods.kspec p4n2r3c2 --perf && perf report --sort symbol
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from time import perf_counter
from typing import Final

from kspec.explore.machine.compile import Effort
from kspec.explore.machine.search import Machine, build, search
from kspec.explore.machine.temporal.graph import complete_graph
from kspec.explore.machine.temporal.make import graph_code
from kspec.explore.result import Limits
from kspec.explore.watch import Watch, resident_bytes
from kspec.language.load import load_model
from kspec.lower.lower import lower

FUNCTIONS: Final = ("run", "drain", "rehash", "emit", "expand", "judge")
BEHIND_THE_LAST: Final = 1 << 16


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("cluster")
    parser.add_argument("--workers", type=int, default=1)
    kinds = parser.add_mutually_exclusive_group()
    kinds.add_argument("--symmetric", action="store_true", help="one state of each orbit")
    kinds.add_argument("--graph", action="store_true", help="with the complete graph, as formulas about runs need it")
    parser.add_argument("--perf", action="store_true", help="tell perf the names of functions")
    arguments = parser.parse_args()
    loaded = load_model(arguments.model)
    lowered = lower(loaded.model, arguments.cluster) if loaded.model is not None else None
    if lowered is None or lowered.system is None:
        print("the model cannot be used: run `kspec check`", file=sys.stderr)
        return 2
    machine = build(lowered.system, symmetric=arguments.symmetric, effort=Effort.THOROUGH)
    if arguments.perf:
        _tell_perf(machine)
    if arguments.graph:
        graph_code(lowered.system, Effort.THOROUGH)
    before = resident_bytes()
    _forget_peak()
    started = perf_counter()
    told = (_graph if arguments.graph else _search)(machine, arguments.workers)
    print(json.dumps({**told, "seconds": perf_counter() - started, "bytes": _peak() - before}))
    return 0


def _search(machine: Machine, workers: int) -> dict[str, int]:
    found = search(machine, Limits(), workers=workers)
    return {"states": found.states, "transitions": found.transitions, "depth": found.depth}


def _graph(machine: Machine, workers: int) -> dict[str, int]:
    made = complete_graph(machine.system, Limits(), Watch(Limits()), workers=workers)
    return {"states": made.graph.states, "transitions": made.graph.steps, "depth": made.depth}


def _tell_perf(machine: Machine) -> None:
    """Writes where functions begin, and how long they are, to the file that perf looks for. All that lies between two
    of them counts as the first."""
    starts = sorted((machine.code.best.engine.get_function_address(name), name) for name in FUNCTIONS)
    ends = [start for start, _ in starts[1:]] + [starts[-1][0] + BEHIND_THE_LAST]
    lines = [f"{start:x} {end - start:x} {name}\n" for (start, name), end in zip(starts, ends, strict=True)]
    Path(f"/tmp/perf-{os.getpid()}.map").write_text("".join(lines), encoding="ascii")


def _forget_peak() -> None:
    """What compiling had in use does not count (`man 5 proc`, clear_refs)."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def _peak() -> int:
    """The most memory that was in use since then, in bytes."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


if __name__ == "__main__":
    sys.exit(main())
