"""Which engines run, in which order, and with what is left of the limits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from time import monotonic

from kspec.check.evidence import Evidence
from kspec.check.expectations import counts_are_expected
from kspec.check.options import Activity, CheckOptions, Engine
from kspec.check.probes import probe_names, with_probes, without_probes
from kspec.explore import plain, tiers
from kspec.explore.progress import Progress
from kspec.explore.result import Exploration, Limits
from kspec.symbolic.bmc import bounded_check
from kspec.symbolic.induction import prove_invariants
from kspec.symbolic.result import InductionAnswer, InductionResult
from kspec.system.properties import Property, PropertyKind
from kspec.system.system import System

STATES_FOR_FINDINGS = 1_000_000
"""How far the explorer looks when everything is settled already."""

NOT_CHECKED = frozenset({PropertyKind.TEMPORAL, PropertyKind.RECOVERABLE, PropertyKind.ASSUMPTION})

Listener = Callable[[Activity], None]


def gather(system: System, options: CheckOptions, listener: Listener) -> tuple[Evidence, tuple[Property, ...]]:
    """What the engines that the options ask for find, and the properties that nothing put to the test."""
    started = monotonic()
    match options.engine:
        case Engine.BMC:
            return _bounded(system, options, listener), ()
        case Engine.EXPLORE | Engine.PLAIN:
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
    """The search; and if it ends before the graph does with nothing violated, a second one that looks for findings."""
    settled = settled_by(system, induction)
    explorer = Engine.PLAIN if options.engine is Engine.PLAIN else Engine.EXPLORE
    explore = plain.explore if explorer is Engine.PLAIN else partial(tiers.explore, workers=options.workers)

    def search(limits: Limits, *, need_counts: bool) -> Exploration:
        return explore(
            system if options.first else with_probes(system),
            replace(limits, seconds=_left(limits, started)),
            settled=settled | probe_names(settled),
            need_counts=need_counts,
            first=options.first,
            on_progress=lambda progress: listener(_activity(explorer, progress)),
        )

    exploration = search(options.limits, need_counts=counts_are_expected(system))
    if options.first:
        stopped = bool(exploration.violations)
        return Evidence(induction, exploration, explorer=explorer.value, stopped_at_first=stopped), ()
    exploration, trivial = without_probes(system, exploration)
    if ended_settled(exploration) and not exploration.violations:
        again, trivial = without_probes(system, search(_for_findings(options.limits), need_counts=True))
        exploration = replace(again, witnesses={**again.witnesses, **exploration.witnesses})
    return Evidence(induction, exploration, explorer=explorer.value), trivial


def settled_by(system: System, induction: dict[str, InductionResult]) -> frozenset[str]:
    """The properties that need no search: those that are proved, and those that no engine checks."""
    proved = {name for name, result in induction.items() if result.answer is InductionAnswer.INDUCTIVE}
    return frozenset(proved | {property.name for property in system.properties if property.kind in NOT_CHECKED})


def ended_settled(exploration: Exploration) -> bool:
    """Whether a search ended because nothing was left to find out."""
    return not exploration.complete and exploration.limit is None


def _for_findings(limits: Limits) -> Limits:
    states = STATES_FOR_FINDINGS if limits.states is None else min(limits.states, STATES_FOR_FINDINGS)
    return replace(limits, states=states)


def _left(limits: Limits, started: float) -> float | None:
    return None if limits.seconds is None else max(0.0, limits.seconds - (monotonic() - started))


def _activity(explorer: Engine, progress: Progress) -> Activity:
    return Activity(
        explorer.value, progress.depth, progress.states, progress.transitions, progress.frontier, progress.seconds
    )
