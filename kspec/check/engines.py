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
from kspec.explore.checkpoint import Checkpointing
from kspec.explore.result import Exploration, Limit, Limits
from kspec.explore.temporal.result import TemporalResult
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

OF_RUNS = frozenset({PropertyKind.TEMPORAL, PropertyKind.RECOVERABLE})
"""Kinds of properties that the complete graph is asked about, when the search is over."""

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
                listener(Activity("induction"))
                induction = prove_invariants(
                    system, on_query=lambda candidates: listener(Activity("induction", candidates))
                )
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

    def corrected(exploration: Exploration) -> Exploration:
        return replace(exploration, limit=Limit.TIME) if exploration.limit is Limit.INTERRUPTED else exploration

    bounded = evidence.bounded
    if bounded is not None and bounded.limit == Limit.INTERRUPTED.value:
        bounded = replace(bounded, limit=Limit.TIME.value)
    return replace(_with_explorations(evidence, corrected), bounded=bounded, interrupted=False, out_of_time=True)


def _with_limit_as_given(evidence: Evidence, limits: Limits) -> Evidence:
    """A search knows only the seconds that were left for it; what is told is the limit of the whole check."""

    def corrected(exploration: Exploration) -> Exploration:
        if exploration.limit is Limit.TIME and limits.seconds is not None:
            return replace(exploration, limit_detail=f"{limits.seconds:g} s")
        if exploration.limit is Limit.DEPTH and limits.depth == 1:
            return replace(exploration, limit_detail="1 step")
        return exploration

    return _with_explorations(evidence, corrected)


def _with_explorations(evidence: Evidence, corrected: Callable[[Exploration], Exploration]) -> Evidence:
    exploration, unreduced = evidence.exploration, evidence.unreduced
    return replace(
        evidence,
        exploration=None if exploration is None else corrected(exploration),
        unreduced=None if unreduced is None else corrected(unreduced),
    )


def _bounded(system: System, options: CheckOptions, seconds: float | None, listener: Listener) -> Evidence:
    def on_depth(depth: int) -> None:
        listener(Activity("bmc", depth=depth, last_depth=options.depth))

    listener(Activity("bmc"))
    try:
        return Evidence(bounded=bounded_check(system, options.depth, seconds=seconds, on_progress=on_depth))
    except KeyboardInterrupt:
        return Evidence(interrupted=True)


def _explored(
    system: System, options: CheckOptions, induction: dict[str, InductionResult], started: float, listener: Listener
) -> tuple[Evidence, tuple[Property, ...]]:
    """The search; if it ends before the graph does with nothing violated, another one that looks for findings; and if
    both orbits and states are to be counted, one without symmetry. A checkpoint is of the first one."""
    settled = settled_by(system, induction)
    symmetric = is_symmetric(system, options)
    explorer = Engine.PLAIN if options.engine is Engine.PLAIN else Engine.EXPLORE
    evidence = Evidence(induction, explorer=explorer.value, symmetric=symmetric)
    untested = NONE_UNTESTED

    def search(
        limits: Limits, *, need_counts: bool, symmetric: bool, checkpoint: Checkpointing | None = None
    ) -> Exploration:
        in_tiers = partial(
            tiers.explore,
            workers=options.workers,
            symmetric=symmetric,
            compact=options.compact,
            checkpoint=checkpoint,
        )
        explore = plain.explore if explorer is Engine.PLAIN else in_tiers
        return explore(
            system if options.first else with_probes(system),
            replace(limits, seconds=_left(limits, started)),
            settled=settled | probe_names(settled),
            need_counts=need_counts,
            first=options.first,
            on_progress=lambda progress: listener(Activity(explorer.value, search=progress)),
        )

    listener(Activity(explorer.value))
    try:
        need_counts = counts_are_expected(system, reduced=symmetric)
        found = search(options.limits, need_counts=need_counts, symmetric=symmetric, checkpoint=options.checkpoint)
        exploration, untested = without_probes(system, found)
        stopped = options.first and bool(exploration.violations)
        is_settled = ended_settled(exploration)
        evidence = replace(evidence, exploration=exploration, stopped_at_first=stopped, is_settled=is_settled)
        if ended_settled(exploration) and not options.first and not exploration.violations:
            found = search(_for_findings(options.limits), need_counts=True, symmetric=symmetric)
            again, untested = without_probes(system, found)
            witnesses = {**again.witnesses, **exploration.witnesses}
            exploration = replace(again, witnesses=witnesses, saved=exploration.saved)
            evidence = replace(evidence, exploration=exploration)
        if exploration.is_reduced and exploration.complete and counts_are_expected(system, reduced=False):
            found = search(options.limits, need_counts=True, symmetric=False)
            evidence = replace(evidence, unreduced=without_probes(system, found)[0])
        if _is_to_follow_runs(system, evidence):
            evidence = replace(evidence, temporal=_followed(system, options, exploration, started, listener))
    except KeyboardInterrupt:
        evidence = replace(evidence, interrupted=True)
    return evidence, () if options.first else untested


def _is_to_follow_runs(system: System, evidence: Evidence) -> bool:
    """Not after a search that a limit ended, or its first violation, nor where steps fail. One that ended because every
    other property was settled, or after so many states of which only findings were wanted, is no such search."""
    exploration = evidence.exploration
    if exploration is None or evidence.failing(system) or not any(p.kind in OF_RUNS for p in system.properties):
        return False
    is_done = exploration.complete or evidence.is_settled
    return is_done and not evidence.stopped_at_first and exploration.limit is not Limit.INTERRUPTED


def _followed(
    system: System, options: CheckOptions, found: Exploration, started: float, listener: Listener
) -> TemporalResult:
    """Orbits are no more than states, so that the graph has at least as many as were `found`."""
    # numpy takes a twentieth of a second to load
    from kspec.explore.temporal.decide import decide

    engine = (Engine.PLAIN if options.engine is Engine.PLAIN else Engine.EXPLORE).value
    listener(Activity(engine))
    return decide(
        system,
        replace(options.limits, seconds=_left(options.limits, started)),
        workers=options.workers,
        compiled=False if options.engine is Engine.PLAIN else None,
        known_states=found.states,
        on_progress=lambda progress: listener(Activity(engine, search=progress)),
        on_graph=lambda: listener(Activity("fair runs")),
    )


def is_symmetric(system: System, options: CheckOptions) -> bool:
    """Whether verdicts come from a search by orbits. It is not made where only states are to be counted."""
    if options.engine is Engine.PLAIN or not options.symmetry:
        return False
    return counts_are_expected(system, reduced=True) or not counts_are_expected(system, reduced=False)


def settled_by(system: System, induction: dict[str, InductionResult]) -> frozenset[str]:
    """The properties that need no search of states: those that are proved, and those about runs."""
    proved = {name for name, result in induction.items() if result.answer is InductionAnswer.INDUCTIVE}
    others = OF_RUNS | {PropertyKind.ASSUMPTION}
    return frozenset(proved | {property.name for property in system.properties if property.kind in others})


def ended_settled(exploration: Exploration) -> bool:
    """Whether a search ended because nothing was left to find out."""
    return not exploration.complete and exploration.limit is None


def _for_findings(limits: Limits) -> Limits:
    states = STATES_FOR_FINDINGS if limits.states is None else min(limits.states, STATES_FOR_FINDINGS)
    return replace(limits, states=states)


def _left(limits: Limits, started: float) -> float | None:
    return None if limits.seconds is None else max(0.0, limits.seconds - (monotonic() - started))
