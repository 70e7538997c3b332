"""Searches one cluster in machine code, with nothing settled before, and prints what it took as JSON.

python -m benchmarks.explore models/pods.kspec p4n2r3c2 --workers 1
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from time import perf_counter

from kspec.explore.machine.search import build, search
from kspec.explore.result import Limits
from kspec.explore.watch import resident_bytes
from kspec.language.load import load_model
from kspec.lower.lower import lower


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("cluster")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--symmetric", action="store_true", help="one state of each orbit")
    arguments = parser.parse_args()
    loaded = load_model(arguments.model)
    lowered = lower(loaded.model, arguments.cluster) if loaded.model is not None else None
    if lowered is None or lowered.system is None:
        print("the model cannot be used: run `kspec check`", file=sys.stderr)
        return 2
    machine = build(lowered.system, symmetric=arguments.symmetric)
    before = resident_bytes()
    _forget_peak()
    started = perf_counter()
    found = search(machine, Limits(), workers=arguments.workers)
    seconds = perf_counter() - started
    print(
        json.dumps(
            {
                "states": found.states,
                "transitions": found.transitions,
                "depth": found.depth,
                "seconds": seconds,
                "bytes": _peak() - before,
            }
        )
    )
    return 0


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
