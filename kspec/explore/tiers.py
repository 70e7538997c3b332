"""The explorer that fits a system: machine code, unless the system is so small that compiling would take longer than
searching, or cannot be compiled."""

from __future__ import annotations

from dataclasses import replace
from time import monotonic

from kspec.explore import compiled, plain
from kspec.explore.checkpoint import CheckpointError, Checkpointing
from kspec.explore.machine.program import NotCompilable
from kspec.explore.progress import OnProgress
from kspec.explore.result import Exploration, Limit, Limits
from kspec.explore.symmetry.canonical import TooManyForms
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
    symmetric: bool = False,
    compact: bool = False,
    checkpoint: Checkpointing | None = None,
) -> Exploration:
    """Searches every reachable state within the limits; see `plain.explore` and, for `workers` and what follows,
    `compiled.explore`. What cannot be compiled is not reduced either, and keeps whole states; with a checkpoint it is
    refused. A search that is over before machine code is needed leaves no checkpoint."""
    started = monotonic()

    def searched_plainly(within: Limits) -> Exploration:
        return plain.explore(
            system, within, settled=settled, need_counts=need_counts, first=first, on_progress=on_progress
        )

    def compiled_search(*, symmetric: bool) -> Exploration:
        return compiled.explore(
            system,
            replace(limits, seconds=_left(limits, started)),
            settled=settled,
            need_counts=need_counts,
            first=first,
            on_progress=on_progress,
            workers=workers,
            symmetric=symmetric,
            compact=compact,
            checkpoint=checkpoint,
        )

    try:
        if symmetric or (checkpoint is not None and checkpoint.resume):
            return compiled_search(symmetric=symmetric)
        tiny = TINY if limits.states is None else min(TINY, limits.states)
        exploration = searched_plainly(replace(limits, states=tiny))
        if exploration.limit is not Limit.STATES or limits.states == tiny:
            return exploration
        return compiled_search(symmetric=False)
    except TooManyForms:  # of a state on the way that is told
        if checkpoint is not None:
            raise CheckpointError(
                "a run cannot be told of orbits, and the search must begin anew without them"
            ) from None
        return compiled_search(symmetric=False)
    except NotCompilable as reason:
        if checkpoint is not None:
            raise CheckpointError(f"only machine code makes checkpoints, and it cannot do {reason}") from None
        return searched_plainly(replace(limits, seconds=_left(limits, started)))


def _left(limits: Limits, started: float) -> float | None:
    return None if limits.seconds is None else max(0.0, limits.seconds - (monotonic() - started))
