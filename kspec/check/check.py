"""The check of one system: engines, verdicts, expectations, findings, exit code."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import monotonic
from typing import assert_never

from kspec.check.causes import causes
from kspec.check.engines import ended_settled, gather
from kspec.check.evidence import Evidence, must_agree
from kspec.check.expectations import expected_violations, meet
from kspec.check.findings import find, find_in_formulas
from kspec.check.judge import at_most, judge
from kspec.check.judgement import Judgement, Shown, Trap
from kspec.check.options import Activity, CheckOptions, SimulateOptions
from kspec.check.result import CheckResult, Finding, PropertyResult
from kspec.check.verdicts import Verdict, worst
from kspec.check.words import count
from kspec.evaluate.lasso import Lasso
from kspec.evaluate.run import Run
from kspec.explore.result import Exploration
from kspec.symbolic.result import InductionAnswer
from kspec.system.properties import Property, PropertyKind
from kspec.system.system import System
from kspec.trace.story import Trace, describe_step, tell, tell_lasso, tell_trap


def check_system(
    system: System, options: CheckOptions, on_progress: Callable[[Activity], None] | None = None
) -> CheckResult:
    """Everything that can be said about a system with these options.

    Raises NoInitialState where there is nothing to check, and ReplayMismatch, UnfaithfulRun or Disagreement where an
    engine is wrong: never a verdict then.
    """
    started = monotonic()
    evidence, trivial = gather(system, options, on_progress or _ignore)
    must_agree(system, evidence)
    findings = (*find(system, evidence.exploration, trivial), *find_in_formulas(system, evidence.temporal))
    return conclude(system, evidence, findings, options, started)


def conclude(
    system: System,
    evidence: Evidence,
    findings: tuple[Finding, ...],
    options: CheckOptions | SimulateOptions,
    started: float,
) -> CheckResult:
    """Verdicts, expectations and exit code, from what the engines found."""
    judged = [property for property in system.properties if property.kind is not PropertyKind.ASSUMPTION]
    judgements = {property.name: judge(system, property, evidence) for property in judged}
    expectations = tuple(meet(expectation, judgements, evidence) for expectation in system.expectations)
    found = causes(system, evidence, judgements, expectations, findings, strict=options.strict)
    return CheckResult(
        system.model,
        system.cluster,
        worst([cause.code for cause in found]),
        tuple(_result(system, property, judgements[property.name], evidence) for property in judged),
        expectations,
        evidence.exploration,
        _action_counts(system, evidence),
        findings,
        monotonic() - started,
        _notes(system, evidence, options),
        tuple(cause.text for cause in found),
        evidence.unreduced,
        evidence.was_interrupted,
        evidence.simulation,
    )


def _result(system: System, property: Property, judgement: Judgement, evidence: Evidence) -> PropertyResult:
    trace = None if judgement.shown is None else _told(system, judgement.shown, property)
    expected = judgement.verdict is Verdict.VIOLATED and property.name in expected_violations(system)
    return PropertyResult(
        property.name,
        property.kind,
        judgement.verdict,
        judgement.reason,
        judgement.engine,
        judgement.how,
        expected,
        trace,
        _note(system, property, evidence),
        property.span,
    )


def _told(system: System, shown: Shown, property: Property) -> Trace:
    match shown:
        case Run():
            return tell(system, shown, property)
        case Lasso():
            return tell_lasso(system, shown, property)
        case Trap(run, size):
            return tell_trap(system, run, property, size)
        case _ as unreachable:
            assert_never(unreachable)


def _note(system: System, property: Property, evidence: Evidence) -> str:
    """What induction said, where it proved nothing."""
    result = evidence.induction.get(property.name)
    if result is None:
        return ""
    match result.answer:
        case InductionAnswer.INDUCTIVE | InductionAnswer.BASE_VIOLATED:
            return ""
        case InductionAnswer.NOT_INDUCTIVE if result.counterexample is not None:
            step = describe_step(system, result.counterexample.before, result.counterexample.taken)
            return f"not inductive: {step} from a state that may be unreachable"
        case InductionAnswer.NOT_INDUCTIVE:
            return "not inductive"
        case InductionAnswer.UNKNOWN:
            return f"induction: {result.reason or 'no answer'}"


def _action_counts(system: System, evidence: Evidence) -> dict[str, int]:
    found = evidence.exploration or evidence.simulation
    return {} if found is None else {a.label: n for a, n in zip(system.actions, found.action_counts, strict=True)}


def _notes(system: System, evidence: Evidence, options: CheckOptions | SimulateOptions) -> tuple[str, ...]:
    exploration = evidence.exploration
    notes: list[str] = []
    if exploration is not None and isinstance(options, CheckOptions):
        notes += _memory_notes(exploration, options)
    if evidence.stopped_at_first:
        notes.append("the search ended with the first violation")
    elif exploration is not None and ended_settled(exploration):
        notes.append("the search ended when every property was settled")
    elif exploration is not None and not exploration.complete and _is_everything_settled(system, evidence):
        notes.append("every property is settled; the limit only cost findings")
    if evidence.interrupted:
        notes.append("interrupted before a search could begin" if exploration is None else "interrupted")
    if exploration is not None and exploration.unreduced_because:
        notes.append(f"searched without symmetry: {exploration.unreduced_because}")
    notes += _notes_on_runs(system, evidence)
    if system.disabled:
        notes.append(f"disabled in this cluster: {', '.join(system.disabled)}")
    return tuple(notes)


def _notes_on_runs(system: System, evidence: Evidence) -> Iterator[str]:
    result = evidence.temporal
    if result is None or result.states is None or result.steps is None:
        return
    assumed = [property.name for property in system.properties if property.kind is PropertyKind.ASSUMPTION]
    told = f"followed runs in {count(result.states, 'state')} and {count(result.steps, 'step')}, without symmetry"
    yield told + (f", assuming {', '.join(assumed)}" if assumed else "")


def _memory_notes(exploration: Exploration, options: CheckOptions) -> Iterator[str]:
    """How states were kept, and what was seen that no run tells."""
    if exploration.fingerprint_bits:
        bits = exploration.fingerprint_bits
        yield (
            f"compact: {exploration.state_bytes} bytes a state, as fingerprints of {bits} bits; "
            f"a state was missed with a probability of at most {at_most(exploration.missed)}"
        )
    elif options.compact:
        yield "compact: nothing was to be saved, so that every state was kept exactly"
    if options.checkpoint is not None:
        yield _kept_in(exploration, str(options.checkpoint.folder))
    if exploration.untold:
        yield f"seen violated, but ended before a run could be told: {', '.join(exploration.untold)}"


def _kept_in(exploration: Exploration, folder: str) -> str:
    saved = exploration.saved
    if saved is None:
        return f"nothing is kept in {folder}"
    if saved.problem:
        return f"the checkpoint in {folder} could not be written any more: {saved.problem}"
    if saved.depth is None or exploration.complete:
        return f"the search is kept in {folder}" if exploration.complete else f"nothing is kept in {folder}"
    return f"the search up to depth {saved.depth} is kept in {folder}: go on with --resume"


def _is_everything_settled(system: System, evidence: Evidence) -> bool:
    return all(judge(system, property, evidence).verdict is not Verdict.UNKNOWN for property in system.properties)


def _ignore(activity: Activity) -> None:
    """Nobody listens."""
