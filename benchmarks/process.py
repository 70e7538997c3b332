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


@dataclass(frozen=True, slots=True)
class Ended:
    """A process that ended as it should. `seconds`: of wall time; `bytes`: of memory that it had in use at its peak."""

    output: str
    seconds: float
    bytes: int


def run(command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None) -> Ended:
    """`environment`: what is added to this process's own."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        started = perf_counter()
        process = subprocess.Popen(
            command, stdout=output, stderr=errors, cwd=folder, env={**os.environ, **(environment or {})}
        )
        _, status, used = os.wait4(process.pid, 0)
        seconds = perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)  # or Popen would wait for it again
        if process.returncode != 0:
            errors.seek(0)
            told = errors.read().decode(errors="replace").strip()[-500:]
            raise Failed(f"`{' '.join(command)}` ended with {process.returncode}: {told}")
        output.seek(0)
        return Ended(output.read().decode(), seconds, used.ru_maxrss * 1024)
