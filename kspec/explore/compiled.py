"""The explorer in machine code: the same answers as the plain one, fast."""

from __future__ import annotations

import os

from kspec.explore.checkpoint import Checkpointing
from kspec.explore.progress import OnProgress, Progress
from kspec.explore.result import Exploration, Limits
from kspec.explore.watch import Watch
from kspec.system.system import System

__all__ = ["OnProgress", "Progress", "default_workers", "explore"]

FINGERPRINT_BITS = 64


def explore(
    system: System,
    limits: Limits,
    *,
    settled: frozenset[str] = frozenset(),
    need_counts: bool = True,
    first: bool = False,
    on_progress: OnProgress | None = None,
    workers: int | None = None,
    symmetric: bool = False,
    compact: bool = False,
    checkpoint: Checkpointing | None = None,
) -> Exploration:
    """Searches every reachable state, level by level, within the limits; see `plain.explore`. `symmetric`: one state of
    each orbit, where objects can be exchanged (docs/explorer.md). `compact`: fingerprints are kept in place of states.

    Nothing but `seconds` depends on the number of workers, unless a limit of time or memory is met or the user
    interrupts. A limit of states ends the search at the end of the level in which it is passed.
    `checkpoint`: where it writes what it needs to go on, and perhaps goes on from; raises CheckpointError.
    Raises NotCompilable where machine code cannot do what the system needs.
    """
    # LLVM and numpy take a tenth of a second to load: only a search needs them
    from kspec.explore.machine.search import build, search

    watch = Watch(limits)
    return search(
        build(system, symmetric=symmetric, fingerprint=FINGERPRINT_BITS if compact else None),
        limits,
        settled=settled,
        need_counts=need_counts,
        first=first,
        on_progress=on_progress,
        workers=default_workers() if workers is None else workers,
        watch=watch,
        checkpoint=checkpoint,
    )


def default_workers() -> int:
    """As many as there are processors for this process."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
