"""kspec: its search alone, and the whole process from start to verdict."""

from __future__ import annotations

import json
import shutil
import sys
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final

from benchmarks.compiling import Compiled
from benchmarks.errors import Failed
from benchmarks.measure import Counts, Run
from benchmarks.process import Ended, run

ROOT: Final = Path(__file__).parents[2]

KSPEC: Final = (sys.executable, "-c", "from kspec.cli.main import main; main()")
"""What the installed command runs."""


@dataclass(frozen=True, slots=True)
class Search:
    """The search in machine code alone; bytes without the interpreter and what compiling took. `graph`: with the
    complete graph behind it."""

    model: Path
    cluster: str
    expected: Counts
    workers: int = 1
    symmetric: bool = False
    graph: bool = False

    @property
    def name(self) -> str:
        reduced = ", orbits" if self.symmetric else ""
        graph = " and graph" if self.graph else ""
        return f"kspec search{graph} {self.model.stem} {self.cluster}{reduced}, workers: {self.workers}"

    @property
    def _kind(self) -> list[str]:
        if self.symmetric:
            return ["--symmetric"]
        return ["--graph"] if self.graph else []

    def prepare(self) -> None:
        """Nothing: the search alone is measured."""

    def run(self) -> Run:
        command = [sys.executable, "-m", "benchmarks.explore", str(self.model), self.cluster]
        options = ["--workers", str(self.workers), *self._kind]
        ended = run([*command, *options], ROOT)
        told = json.loads(ended.output)
        counts = Counts(told["states"], told["transitions"], told["depth"])
        return Run(counts, told["seconds"], ended.seconds, told["bytes"])


class Cache(Enum):
    """COLD: kspec's own folder of caches is empty before every run; Python's bytecode and the grammar's tables are
    there, as after an installation. WARM: kspec has checked this model before."""

    COLD = "cold"
    WARM = "warm"


@dataclass(frozen=True, slots=True)
class Check:
    """`kspec check`, the whole process. `workers`: None is one a processor; `symmetric`: as by default; `engine`: with
    explore, the search judges every property."""

    model: Path
    cluster: str
    expected: Counts
    folder: Path
    cache: Cache = Cache.COLD
    workers: int | None = None
    symmetric: bool = False
    engine: str = "explore"

    @property
    def name(self) -> str:
        symmetry = "" if self.symmetric else " --no-symmetry"
        workers = "" if self.workers is None else f" --workers {self.workers}"
        return f"kspec check {self.model.stem} {self.cluster}{symmetry}{workers}, {self.cache.value}"

    def prepare(self) -> None:
        """One run that does not count fills the caches, and has Python write its bytecode."""
        self._empty()
        self._check()
        if self.cache is Cache.COLD and any((self._caches / "kspec").glob("grammar-*")):
            raise Failed("the grammar's tables are missing or old: .venv/bin/pip install -e '.[bench]'")

    def run(self) -> Run:
        if self.cache is Cache.COLD:
            self._empty()
        ended = self._check()
        document = json.loads(ended.output)
        told = document.get("unreduced") or document["exploration"]  # where an expectation speaks of all states: those
        counts = Counts(told["states"], told["transitions"], told["depth"])
        return Run(counts, told["seconds"], ended.seconds, ended.bytes)

    def _empty(self) -> None:
        shutil.rmtree(self._caches, ignore_errors=True)

    @property
    def _caches(self) -> Path:
        return self.folder / self.cache.value

    def _check(self) -> Ended:
        options = ["--engine", self.engine, "--format", "json"]
        if self.workers is not None:
            options += ["--workers", str(self.workers)]
        if not self.symmetric:
            options.append("--no-symmetry")
        environment = {"XDG_CACHE_HOME": str(self._caches), "PYTHONPATH": str(ROOT)}
        return run([*KSPEC, "check", str(self.model), "--cluster", self.cluster, *options], ROOT, environment)


def compile_clusters(model: Path, folder: Path, rounds: int) -> list[Compiled]:
    """What making code takes for each cluster of a model, with and without symmetry; the median of some rounds."""
    command = [sys.executable, "-m", "benchmarks.compiling", str(model), "--rounds", str(rounds)]
    ended = run(command, ROOT, {"XDG_CACHE_HOME": str(folder / "compiling"), "PYTHONPATH": str(ROOT)})
    return [Compiled(**told) for told in json.loads(ended.output)]
