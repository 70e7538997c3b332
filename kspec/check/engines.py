"""Which engines run, in which order, and with what is left of the limits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from time import monotonic

from kspec.check.deadline import Deadline
from kspec.check.evidence import Evidence
from kspec.check.expectations import counts_are_expected
from kspec.check.options import Activity, CheckOptions, Engine
from kspec.check.probes import probe_names, with_probes, without_probes
from kspec.check.start import must_start
from kspec.explore import plain, tiers
from kspec.explore.progress import Progress
from kspec.explore.result import Exploration, Limit, Limits
from kspec.symbolic.bmc import bounded_check
from kspec.symbolic.induction import prove_invariants
from kspec.symbolic.result import InductionAnswer, InductionResult
from kspec.system.properties import Property, PropertyKind
from kspec.system.system import System

SHARE_BEFORE_SEARCH = 0.4
"""How much of a limit of time the proofs may take: what they leave open, the search may still settle."""

GRACE = 1.0
"""Seconds that an engine may go on after its time, to end by itself, before it is interrupted."""

STATES_FOR_FINDINGS = 1_000_000
"""How far the explorer looks when everything is settled already."""

NOT_CHECKED = frozenset({PropertyKind.TEMPORAL, PropertyKind.RECOVERABLE, PropertyKind.ASSUMPTION})

NONE_UNTESTED: tuple[Property, ...] = ()

Listener = Callable[[Activity], None]


def gather(system: System, options: CheckOptions, listener: Listener) -> tuple[Evidence, tuple[Property, ...]]:
    """What the engines that the options ask for find, and the properties that nothing put to the test.

    Raises NoInitialState.
    """
    started = monotonic()
    induction: dict[str, InductionResult] = {}
    seconds = options.limits.seconds
    try:
        with Deadline(None if seconds is None else seconds * SHARE_BEFORE_SEARCH):
            must_start(system)
            if options.engine is Engine.AUTO:
                listener(Activity("induction", 0))
                induction = prove_invariants(system)
    except KeyboardInterrupt:
        return Evidence(interrupted=True), ()
    left = _left(options.limits, started)
    evidence, untested = Evidence(induction), NONE_UNTESTED
    with Deadline(None if left is None else left + GRACE) as deadline:
        if options.engine is Engine.BMC:
            evidence = _bounded(system, options, left, listener)
        else:
            evidence, untested = _explored(system, options, induction, started, listener)
    return _with_limit_as_given(_out_of_time(evidence) if deadline.passed else evidence, options.limits), untested


def _out_of_time(evidence: Evidence) -> Evidence:
    """What an engine says was interrupted was interrupted by the limit of time."""
    exploration, bounded = evidence.exploration, evidence.bounded
    if exploration is not None and exploration.limit is Limit.INTERRUPTED:
        exploration = replace(exploration, limit=Limit.TIME)
    if bounded is not None and bounded.limit == Limit.INTERRUPTED.value:
        bounded = replace(bounded, limit=Limit.TIME.value)
    return replace(evidence, exploration=exploration, bounded=bounded, interrupted=False)


def _with_limit_as_given(evidence: Evidence, limits: Limits) -> Evidence:
    """A search knows only the seconds that were left for it; what is told is the limit of the whole check."""
    exploration = evidence.exploration
    if exploration is None:
        return evidence
    if exploration.limit is Limit.TIME and limits.seconds is not None:
        return replace(evidence, exploration=replace(exploration, limit_detail=f"{limits.seconds:g} s"))
    if exploration.limit is Limit.DEPTH and limits.depth == 1:
        return replace(evidence, exploration=replace(exploration, limit_detail="1 step"))
    return evidence


def _bounded(system: System, options: CheckOptions, seconds: float | None, listener: Listener) -> Evidence:
    def on_depth(depth: int) -> None:
        listener(Activity("bmc", depth))

    try:
        return Evidence(bounded=bounded_check(system, options.depth, seconds=seconds, on_progress=on_depth))
    except KeyboardInterrupt:
        return Evidence(interrupted=True)


def _explored(
    system: System, options: CheckOptions, induction: dict[str, InductionResult], started: float, listener: Listener
) -> tuple[Evidence, tuple[Property, ...]]:
    """The search; and if it ends before the graph does with nothing violated, a second one that looks for findings.
    A checkpoint is of the first one."""
    settled = settled_by(system, induction)
    explorer = Engine.PLAIN if options.engine is Engine.PLAIN else Engine.EXPLORE
    in_tiers = partial(tiers.explore, workers=options.workers, symmetric=options.symmetry, compact=options.compact)
    explore = plain.explore if explorer is Engine.PLAIN else in_tiers

    def search(limits: Limits, *, need_counts: bool, explore: Callable[..., Exploration] = explore) -> Exploration:
        return explore(
            system if options.first else with_probes(system),
            replace(limits, seconds=_left(limits, started)),
            settled=settled | probe_names(settled),
            need_counts=need_counts,
            first=options.first,
            on_progress=lambda progress: listener(_activity(explorer, progress)),
        )

    try:
        kept = explore if options.checkpoint is None else partial(in_tiers, checkpoint=options.checkpoint)
        exploration = search(options.limits, need_counts=counts_are_expected(system), explore=kept)
    except KeyboardInterrupt:
        return Evidence(induction, interrupted=True), ()
    if options.first:
        stopped = bool(exploration.violations)
        return Evidence(induction, exploration, explorer=explorer.value, stopped_at_first=stopped), ()
    exploration, trivial = without_probes(system, exploration)
    if ended_settled(exploration) and not exploration.violations:
        again, trivial = without_probes(system, search(_for_findings(options.limits), need_counts=True))
        exploration = replace(again, witnesses={**again.witnesses, **exploration.witnesses}, saved=exploration.saved)
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
