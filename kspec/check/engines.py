"""Which engines run, in which order, and with what is left of the limits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from time import monotonic

from kspec.check.evidence import Evidence
from kspec.check.expectations import counts_are_expected
from kspec.check.options import Activity, CheckOptions, Engine
from kspec.check.probes import probe_names, with_probes, without_probes
from kspec.explore.plain import Progress, explore
from kspec.explore.result import Exploration, Limits
from kspec.symbolic.bmc import bounded_check
from kspec.symbolic.induction import prove_invariants
from kspec.symbolic.result import InductionAnswer, InductionResult
from kspec.system.properties import Property, PropertyKind
from kspec.system.system import System

STATES_FOR_FINDINGS = 1_000_000
"""How far the explorer looks when everything is proved already."""

NOT_CHECKED = frozenset({PropertyKind.TEMPORAL, PropertyKind.RECOVERABLE, PropertyKind.ASSUMPTION})
NEEDS_EXPLORER = frozenset({PropertyKind.REACHABLE, PropertyKind.DEADLOCK})

Listener = Callable[[Activity], None]


def gather(system: System, options: CheckOptions, listener: Listener) -> tuple[Evidence, tuple[Property, ...]]:
    """What the engines that the options ask for find, and the properties that nothing put to the test."""
    started = monotonic()
    match options.engine:
        case Engine.BMC:
            return _bounded(system, options, listener), ()
        case Engine.PLAIN:
            return _explored(system, options, {}, started, listener)
        case Engine.AUTO:
            try:
                listener(Activity("induction", 0))
                induction = prove_invariants(system)
            except KeyboardInterrupt:
                return Evidence(interrupted=True), ()
            return _explored(system, options, induction, started, listener)


def _bounded(system: System, options: CheckOptions, listener: Listener) -> Evidence:
    def on_depth(depth: int) -> None:
        listener(Activity("bmc", depth))

    try:
        return Evidence(
            bounded=bounded_check(system, options.depth, seconds=options.limits.seconds, on_progress=on_depth)
        )
    except KeyboardInterrupt:
        return Evidence(interrupted=True)


def _explored(
    system: System, options: CheckOptions, induction: dict[str, InductionResult], started: float, listener: Listener
) -> tuple[Evidence, tuple[Property, ...]]:
    def on_progress(progress: Progress) -> None:
        listener(
            Activity(
                "plain", progress.depth, progress.states, progress.transitions, progress.frontier, progress.seconds
            )
        )

    settled = settled_by(system, induction)
    everything = is_everything_proved(system, settled)
    counts = counts_are_expected(system)
    exploration = explore(
        system if options.first else with_probes(system),
        _limits(options.limits, started, only_findings=everything and not counts),
        settled=settled | probe_names(settled),
        need_counts=counts or everything,
        first=options.first,
        on_progress=on_progress,
    )
    exploration, trivial = (exploration, ()) if options.first else without_probes(system, exploration)
    stopped = options.first and bool(exploration.violations)
    return Evidence(induction, exploration, stopped_at_first=stopped), trivial


def settled_by(system: System, induction: dict[str, InductionResult]) -> frozenset[str]:
    """The properties that need no search: those that are proved, and those that no engine checks."""
    proved = {name for name, result in induction.items() if result.answer is InductionAnswer.INDUCTIVE}
    return frozenset(proved | {property.name for property in system.properties if property.kind in NOT_CHECKED})


def is_everything_proved(system: System, settled: frozenset[str]) -> bool:
    """Whether the explorer is only needed for findings: no property is open or of a kind that only it settles."""
    return all(property.name in settled and property.kind not in NEEDS_EXPLORER for property in system.properties)


def _limits(limits: Limits, started: float, *, only_findings: bool) -> Limits:
    """The limits of the explorer: what induction has left of the time, and a look at the first states for findings."""
    seconds = None if limits.seconds is None else max(0.0, limits.seconds - (monotonic() - started))
    states = limits.states
    if only_findings:
        states = STATES_FOR_FINDINGS if states is None else min(states, STATES_FOR_FINDINGS)
    return replace(limits, seconds=seconds, states=states)


def is_only_for_findings(system: System, evidence: Evidence) -> bool:
    """Whether the exploration ended early without anything being left open."""
    exploration: Exploration | None = evidence.exploration
    settled = settled_by(system, evidence.induction)
    return exploration is not None and not exploration.complete and is_everything_proved(system, settled)
