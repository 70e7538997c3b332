"""Random runs: in machine code, unless there are so few steps that compiling would take longer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from kspec.evaluate.errors import EnumerationTooLarge
from kspec.evaluate.evaluator import Evaluator
from kspec.evaluate.run import Run
from kspec.explore.compiled import default_workers
from kspec.explore.machine.program import NotCompilable
from kspec.explore.progress import Pace
from kspec.explore.result import Cut, Limit, Limits
from kspec.explore.simulate import plain
from kspec.explore.simulate.result import Plan, Simulation
from kspec.explore.simulate.starts import Starts, find_starts
from kspec.explore.simulate.totals import Totals
from kspec.explore.simulate.walk import Walker
from kspec.explore.watch import SearchStopped, Watch
from kspec.system.system import System

TINY: Final = 500
"""So many steps `evaluate` takes in the time that it takes to load and compile code. Counted, not timed, although both
give the same answers."""

INITIALLY: Final = "initially"

OnRuns = Callable[[int, float], None]
"""Told how many runs are done, and the seconds since the start."""


class Diverged(Exception):
    """A run shows on `evaluate` something else than in machine code: a defect of kspec."""


def simulate(
    system: System,
    plan: Plan,
    limits: Limits,
    *,
    workers: int | None = None,
    on_progress: OnRuns | None = None,
    compiled: bool | None = None,
) -> Simulation:
    """Carries out the runs of a plan within a limit of time. `compiled`: whether in machine code; None: where it pays
    and can be done. What comes of it depends on the plan alone, unless a limit is met or the user interrupts."""
    return _Simulating(system, plan, Watch(limits), on_progress).run(workers, compiled)


@dataclass(slots=True)
class _Shown:
    """The runs of a simulation."""

    violations: dict[str, Run] = field(default_factory=dict)
    failing_property: dict[str, str] = field(default_factory=dict)
    witnesses: dict[str, Run] = field(default_factory=dict)
    cut: Cut | None = None

    def has(self, name: str) -> bool:
        """Whether there is a run of the plan for a property, and not only a candidate in which `initially` fails."""
        is_violated = name in self.violations and self.failing_property.get(name) != INITIALLY
        return is_violated or name in self.witnesses


class _Simulating:
    """One simulation."""

    def __init__(self, system: System, plan: Plan, watch: Watch, on_progress: OnRuns | None) -> None:
        self._evaluator = Evaluator(system)
        self._plan = plan
        self._watch = watch
        self._on_progress = on_progress
        self._pace = Pace()
        self._starts = Starts()
        self._totals = Totals([0] * len(system.actions))

    def run(self, workers: int | None, compiled: bool | None) -> Simulation:
        limit, detail, shown = None, "", _Shown()
        try:
            self._starts = find_starts(self._evaluator, self._plan.seed, self._watch)
            if self._starts.states:
                self._carry_out(default_workers() if workers is None else workers, compiled)
        except SearchStopped as stopped:
            limit, detail = stopped.limit, stopped.detail
        except EnumerationTooLarge as too_large:
            limit, detail = Limit.ENUMERATION, str(too_large)
        except KeyboardInterrupt:
            limit = Limit.INTERRUPTED
        try:
            self._show(shown)
        except KeyboardInterrupt:
            limit, detail = Limit.INTERRUPTED, ""
        return self._result(shown, limit, detail)

    def _carry_out(self, workers: int, compiled: bool | None) -> None:
        if compiled is None:
            compiled = self._plan.runs * self._plan.depth > TINY
        if compiled:
            # LLVM and numpy take a tenth of a second to load
            from kspec.explore.machine.simulation.simulate import simulate as simulate_compiled

            try:
                simulate_compiled(
                    self._evaluator.system,
                    self._starts.states,
                    self._plan,
                    self._totals,
                    self._watch,
                    self._tell_progress,
                    workers=workers,
                )
            except NotCompilable:
                compiled = False
        if not compiled:
            plain.simulate(self._walker(), self._plan, self._totals, self._watch, self._tell_progress)

    def _walker(self) -> Walker:
        return Walker(self._evaluator, self._starts.states, self._plan)

    def _tell_progress(self, done: int) -> None:
        seconds = self._watch.seconds
        if self._on_progress is not None and self._pace.is_due(seconds):
            self._on_progress(done, seconds)

    # --- the runs ----------------------------------------------------------------------------------------------------

    def _show(self, shown: _Shown) -> None:
        """Carries out the runs that showed something first once more, on `evaluate`."""
        walker = self._walker()
        for name, candidate in self._starts.failing.items():
            shown.violations[name] = Run(candidate, ())
            shown.failing_property[name] = INITIALLY
        for name, seen in self._totals.seen.items():
            if name in shown.violations:
                continue
            findings = walker.walk(seen.run).findings
            run = findings.violations.get(name, findings.witnesses.get(name))
            _must_be_as_long(run, seen.length, name)
            if name in findings.violations:
                shown.violations[name] = findings.violations[name]
                if name in findings.failing_property:
                    shown.failing_property[name] = findings.failing_property[name]
            else:
                shown.witnesses[name] = findings.witnesses[name]
        if self._totals.cut_seen is not None:
            shown.cut = walker.walk(self._totals.cut_seen.run).cut
            _must_be_as_long(None if shown.cut is None else shown.cut.run, self._totals.cut_seen.length, "a cut state")

    def _result(self, shown: _Shown, limit: Limit | None, detail: str) -> Simulation:
        totals = self._totals
        return Simulation(
            plan=self._plan,
            done=totals.done,
            ends=dict(totals.ends),
            steps=totals.steps,
            action_counts=tuple(totals.action_counts),
            seen={name: seen for name, seen in sorted(totals.seen.items()) if shown.has(name)},
            violations=shown.violations,
            failing_property=shown.failing_property,
            witnesses=shown.witnesses,
            cut=shown.cut,
            cut_seen=totals.cut_seen,
            limit=limit,
            limit_detail=detail,
            seconds=self._watch.seconds,
        )


def _must_be_as_long(run: Run | None, length: int, what: str) -> None:
    if run is None or len(run.moves) != length:
        found = "not there" if run is None else f"after {len(run.moves)} steps"
        raise Diverged(f"machine code saw `{what}` after {length} steps, and `evaluate` finds it {found}")
