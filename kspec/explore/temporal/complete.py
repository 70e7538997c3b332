"""The complete graph of a system: in machine code, unless the system is so small that compiling would take longer than
making it, or cannot be compiled."""

from __future__ import annotations

from dataclasses import replace

from kspec.evaluate.errors import EnumerationTooLarge
from kspec.explore.compiled import default_workers
from kspec.explore.machine.program import NotCompilable
from kspec.explore.progress import OnProgress
from kspec.explore.result import Limit, Limits
from kspec.explore.temporal import plain
from kspec.explore.temporal.graph import Labelled
from kspec.explore.tiers import TINY
from kspec.explore.watch import SearchStopped, Watch
from kspec.system.fairness import TooManyUnits
from kspec.system.system import System


def complete_graph(
    system: System,
    limits: Limits,
    *,
    workers: int | None = None,
    watch: Watch | None = None,
    on_progress: OnProgress | None = None,
    compiled: bool | None = None,
    known_states: int = 0,
) -> Labelled:
    """Every reachable state, not reduced by symmetry, and every step. `watch`: of a check that began earlier.
    `compiled`: whether in machine code; None: where it pays and can be done. `known_states`: so many
    there are at least.

    Raises SearchStopped where a limit is met or something has more values than are enumerated, NotCompilable only
    where machine code is asked for, and KeyboardInterrupt.
    """
    watch = Watch(limits) if watch is None else watch
    try:
        if compiled is None:
            tiny = None if known_states > TINY else _tiny(system, limits, watch)
            return tiny or _large(system, limits, watch, workers, on_progress)
        if not compiled:
            return plain.complete_graph(system, limits, watch)
        return _in_machine_code(system, limits, watch, workers, on_progress)
    except (EnumerationTooLarge, TooManyUnits) as too_large:
        raise SearchStopped(Limit.ENUMERATION, str(too_large)) from None


def _tiny(system: System, limits: Limits, watch: Watch) -> Labelled | None:
    """None if the system is not tiny."""
    states = TINY if limits.states is None else min(TINY, limits.states)
    try:
        return plain.complete_graph(system, replace(limits, states=states), watch)
    except SearchStopped as stopped:
        if stopped.limit is not Limit.STATES or states == limits.states:
            raise
        return None


def _large(
    system: System, limits: Limits, watch: Watch, workers: int | None, on_progress: OnProgress | None
) -> Labelled:
    try:
        return _in_machine_code(system, limits, watch, workers, on_progress)
    except NotCompilable:
        return plain.complete_graph(system, limits, watch)


def _in_machine_code(
    system: System, limits: Limits, watch: Watch, workers: int | None, on_progress: OnProgress | None
) -> Labelled:
    # LLVM takes a tenth of a second to load
    from kspec.explore.machine.temporal.graph import complete_graph as complete_graph_compiled

    threads = default_workers() if workers is None else workers
    return complete_graph_compiled(system, limits, watch, workers=threads, on_progress=on_progress)
