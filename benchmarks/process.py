"""Runs one process, and measures it."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from benchmarks.errors import Failed
from benchmarks.tools import tool


@dataclass(frozen=True, slots=True)
class Ended:
    """A process that ended as it should. `seconds`: of wall time; `bytes`: of memory that it had in use at its peak."""

    output: str
    seconds: float
    bytes: int


def run(command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None) -> Ended:
    """`environment`: what is added to this process's own. Python may write its bytecode whatever that says.

    GNU time starts the process, since one that Python starts itself counts Python's memory before `exec` as its own."""
    variables = {**os.environ, **(environment or {})}
    variables.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.NamedTemporaryFile("r", encoding="ascii") as peak:
        timed = [tool("time"), "--quiet", "--format=%M", f"--output={peak.name}", *command]
        started = perf_counter()
        done = subprocess.run(timed, capture_output=True, text=True, cwd=folder, env=variables, check=False)
        seconds = perf_counter() - started
        if done.returncode != 0:
            raise Failed(f"`{' '.join(command)}` ended with {done.returncode}: {done.stderr.strip()[-500:]}")
        return Ended(done.stdout, seconds, int(peak.read()) * 1024)
