"""Makes the machine code of every cluster of a model, with nothing kept, and prints what it took as JSON.

python -m benchmarks.compiling models/practice/operator.kspec
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from time import process_time

from kspec.explore.machine.compile import Effort, link
from kspec.explore.machine.generate import generate_explorer
from kspec.explore.machine.make import Maker
from kspec.explore.symmetry.group import group_of
from kspec.language.load import load_model
from kspec.lower.lower import lower
from kspec.system.system import System


@dataclass(frozen=True, slots=True)
class Compiled:
    """One cluster. `quick`, `thorough`: seconds of processor time, from the system to code that is ready to run;
    `instructions`: of the generated text."""

    cluster: str
    symmetric: bool
    quick: float
    thorough: float
    instructions: int


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("--rounds", type=int, default=1)
    arguments = parser.parse_args()
    model = load_model(arguments.model).model
    if model is None:
        print("the model cannot be used: run `kspec check`", file=sys.stderr)
        return 2
    systems = {cluster: lower(model, cluster).system for cluster in model.clusters}
    compiled = [
        _compiled(cluster, system, symmetric, arguments.rounds)
        for cluster, system in systems.items()
        if system is not None
        for symmetric in ((False,) if group_of(system).is_trivial else (False, True))
    ]
    print(json.dumps([asdict(one) for one in compiled]))
    return 0


def _compiled(cluster: str, system: System, symmetric: bool, rounds: int) -> Compiled:
    def seconds(effort: Effort) -> float:
        started = process_time()
        link(Maker(system, symmetric=symmetric, fingerprint=None).make(effort).code)
        return process_time() - started

    seconds(Effort.QUICK)  # LLVM and the generator are loaded
    took = {effort: median(seconds(effort) for _ in range(rounds)) for effort in Effort}
    functions = generate_explorer(system, symmetric=symmetric).module.functions
    size = sum(len(block.instructions) for function in functions for block in function.blocks)
    return Compiled(cluster, symmetric, took[Effort.QUICK], took[Effort.THOROUGH], size)


if __name__ == "__main__":
    sys.exit(main())
