"""The check of one system by random runs: what they show is violated or reached, and nothing ever holds by them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from time import monotonic

from kspec.check.check import conclude
from kspec.check.deadline import Deadline
from kspec.check.engines import GRACE
from kspec.check.evidence import Evidence
from kspec.check.findings import find_in_runs
from kspec.check.options import Activity, SimulateOptions
from kspec.check.result import CheckResult
from kspec.check.start import must_start
from kspec.evaluate.run import Run
from kspec.explore.result import Limit, Limits
from kspec.explore.simulate.result import Simulation
from kspec.explore.simulate.simulate import simulate
from kspec.system.system import System
from kspec.trace.minimise import minimise


def simulate_system(
    system: System, options: SimulateOptions, on_progress: Callable[[Activity], None] | None = None
) -> CheckResult:
    """What random runs say about a system. Raises as `check_system` does, and Diverged."""
    started = monotonic()
    evidence = _gather(system, options, started, on_progress)
    if evidence.simulation is None:
        return conclude(system, evidence, (), options, started)
    findings = find_in_runs(system, evidence.simulation)
    return conclude(system, evidence, findings, options, started)


def _gather(
    system: System, options: SimulateOptions, started: float, on_progress: Callable[[Activity], None] | None
) -> Evidence:
    """Raises NoInitialState."""

    def on_runs(done: int, seconds: float) -> None:
        if on_progress is not None:
            on_progress(Activity("simulate", runs=done, seconds=seconds))

    evidence, seconds = Evidence(), options.seconds
    try:
        with Deadline(seconds):
            must_start(system)
        left = None if seconds is None else max(0.0, seconds - (monotonic() - started))
        with Deadline(None if left is None else left + GRACE) as deadline:
            limits = Limits(seconds=left)
            simulation = simulate(system, options.plan, limits, workers=options.workers, on_progress=on_runs)
            evidence = Evidence(simulation=_minimised(system, simulation))
    except KeyboardInterrupt:
        return Evidence(interrupted=True)
    found = evidence.simulation
    if found is not None and (found.limit is Limit.TIME or (deadline.passed and found.limit is Limit.INTERRUPTED)):
        return Evidence(simulation=replace(found, limit=Limit.TIME, limit_detail=f"{seconds:g} s"))
    return evidence


def _minimised(system: System, simulation: Simulation) -> Simulation:
    """With its runs minimised; if the user does not wait for it, as they are."""
    properties = {property.name: property for property in system.properties}

    def shorter(runs: dict[str, Run]) -> dict[str, Run]:
        return {name: minimise(system, run, properties[name]).run for name, run in runs.items()}

    try:
        return replace(simulation, violations=shorter(simulation.violations), witnesses=shorter(simulation.witnesses))
    except KeyboardInterrupt:
        return replace(simulation, limit=Limit.INTERRUPTED, limit_detail="")
