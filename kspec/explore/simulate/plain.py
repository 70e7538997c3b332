"""Random runs on `evaluate`, one after the other: for few steps, and for systems that cannot be compiled."""

from __future__ import annotations

from collections.abc import Callable

from kspec.explore.simulate.result import Plan, Seen
from kspec.explore.simulate.totals import Totals
from kspec.explore.simulate.walk import Walk, Walker
from kspec.explore.watch import Watch


def simulate(walker: Walker, plan: Plan, totals: Totals, watch: Watch, on_progress: Callable[[int], None]) -> None:
    """Carries out all runs of a plan. Raises SearchStopped where a limit is met; the totals then have those before."""
    for number in range(1, plan.runs + 1):
        watch.check()
        _add(totals, number, walker.walk(number))
        on_progress(totals.done)


def _add(totals: Totals, number: int, walk: Walk) -> None:
    totals.done += 1
    totals.steps += len(walk.actions)
    totals.ends[walk.end] += 1
    for action in walk.actions:
        totals.action_counts[action] += 1
    shown = {**walk.findings.violations, **walk.findings.witnesses}
    for name, run in shown.items():
        totals.see(name, _seen(len(run.moves), number))
    if walk.cut is not None:
        totals.see_cut(_seen(len(walk.cut.run.moves), number))


def _seen(length: int, number: int) -> Seen:
    """What one run showed after so many steps."""
    return Seen(1, length, length, number)
