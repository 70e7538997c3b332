"""The explorer that fits a system: machine code, unless the system is so small that compiling would take longer than
searching, or cannot be compiled."""

from __future__ import annotations

from dataclasses import replace
from time import monotonic

from kspec.explore import compiled, plain
from kspec.explore.machine.program import NotCompilable
from kspec.explore.progress import OnProgress
from kspec.explore.result import Exploration, Limit, Limits
from kspec.system.system import System

TINY = 500
"""So many states the plain explorer searches in the time that it takes to load and compile code. Counted, not timed:
which explorer answers must not depend on the machine."""


def explore(
    system: System,
    limits: Limits,
    *,
    settled: frozenset[str] = frozenset(),
    need_counts: bool = True,
    first: bool = False,
    on_progress: OnProgress | None = None,
    workers: int | None = None,
) -> Exploration:
    """Searches every reachable state within the limits; see `plain.explore` and, for `workers`, `compiled.explore`."""
    started = monotonic()

    def searched_plainly(within: Limits) -> Exploration:
        return plain.explore(
            system, within, settled=settled, need_counts=need_counts, first=first, on_progress=on_progress
        )

    tiny = TINY if limits.states is None else min(TINY, limits.states)
    exploration = searched_plainly(replace(limits, states=tiny))
    if exploration.limit is not Limit.STATES or limits.states == tiny:
        return exploration
    left = replace(limits, seconds=_left(limits, started))
    try:
        return compiled.explore(
            system,
            left,
            settled=settled,
            need_counts=need_counts,
            first=first,
            on_progress=on_progress,
            workers=workers,
        )
    except NotCompilable:
        return searched_plainly(left)


def _left(limits: Limits, started: float) -> float | None:
    return None if limits.seconds is None else max(0.0, limits.seconds - (monotonic() - started))
