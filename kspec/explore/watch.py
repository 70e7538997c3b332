"""The limits of time and memory of a search."""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path

from kspec.explore.result import Limit, Limits

MEMORY_INTERVAL = 0.1
"""Seconds between two looks at the memory in use."""


class SearchStopped(Exception):
    """A limit ends the search at once."""

    def __init__(self, limit: Limit, detail: str) -> None:
        super().__init__(detail)
        self.limit = limit
        self.detail = detail


class Watch:
    """Measures a search against its limits; started when made."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._start = time.monotonic()
        self._memory_due = 0.0

    @property
    def seconds(self) -> float:
        """Since the start."""
        return time.monotonic() - self._start

    def check(self) -> float:
        """The seconds since the start. Raises SearchStopped where a limit is met."""
        seconds = self.seconds
        if self._limits.seconds is not None and seconds >= self._limits.seconds:
            raise SearchStopped(Limit.TIME, f"{self._limits.seconds:g} s")
        if self._limits.memory is not None and seconds >= self._memory_due:
            self._memory_due = seconds + MEMORY_INTERVAL
            if resident_bytes() >= self._limits.memory:
                raise SearchStopped(Limit.MEMORY, f"{self._limits.memory / 2**20:,.0f} MiB")
        return seconds


def resident_bytes() -> int:
    """The memory that this process has in use; where the system does not tell, the most it ever had."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else peak * 1024
    return pages * resource.getpagesize()
