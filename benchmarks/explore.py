"""Explores one cluster in machine code, without looking for properties that need no search, and prints what it took.

python benchmarks/explore.py models/pods.kspec p4n2r3c2 --workers 1
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
from pathlib import Path
from time import perf_counter

from kspec.explore.machine.search import build, search
from kspec.explore.result import Limits
from kspec.language.load import load_model
from kspec.lower.lower import lower


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("cluster")
    parser.add_argument("--workers", type=int, default=1)
    arguments = parser.parse_args()
    started = perf_counter()
    loaded = load_model(arguments.model)
    lowered = lower(loaded.model, arguments.cluster) if loaded.model is not None else None
    if lowered is None or lowered.system is None:
        print("the model cannot be used: run `kspec check`", file=sys.stderr)
        return 2
    read = perf_counter()
    machine = build(lowered.system)
    built = perf_counter()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = search(machine, Limits(), workers=arguments.workers)
    searched = perf_counter()
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    took = {"read": read - started, "build": built - read, "seconds": searched - built}
    counts = {"states": found.states, "transitions": found.transitions, "depth": found.depth}
    print(json.dumps(counts | took | {"bytes": (after - before) * 1024}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
