"""From evidence to the verdict of each property.

The order of the cases is the meaning: what is seen comes before what is proved, and what is proved before what a search
that was ended, spoiled or cut may say.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, log10
from typing import assert_never

from kspec.check.evidence import Evidence
from kspec.check.verdicts import Verdict
from kspec.evaluate.run import Run
from kspec.explore.result import Exploration, Limit
from kspec.explore.simulate.result import Simulation
from kspec.symbolic.result import BoundedResult, InductionResult
from kspec.system.properties import Property, PropertyKind
from kspec.system.system import System

MODEL_ERROR = "model error"
ROOM = "room"
FIRST = "first violation"
INTERRUPTED = "interrupted"
SYMMETRY = "symmetry"
COLLISIONS = "up to fingerprint collisions"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict with its reason, the engine it rests on, how that came to it, and the run that shows it."""

    verdict: Verdict
    reason: str = ""
    engine: str = ""
    how: str = ""
    run: Run | None = None


def judge(system: System, property: Property, evidence: Evidence) -> Judgement:
    """The verdict of one property."""
    match property.kind:
        case PropertyKind.TEMPORAL | PropertyKind.RECOVERABLE | PropertyKind.ASSUMPTION:
            return Judgement(Verdict.NOT_CHECKED, how="this version has no engine for it")
        case PropertyKind.REACHABLE:
            return _judge_reachable(system, property, evidence)
        case PropertyKind.INVARIANT | PropertyKind.STEP | PropertyKind.DEADLOCK | PropertyKind.IMPLICIT:
            return _judge_safety(system, property, evidence)
        case _:
            assert_never(property.kind)


def _judge_safety(system: System, property: Property, evidence: Evidence) -> Judgement:
    if (violation := evidence.violation(property.name)) is not None:
        run, engine = violation
        how = _in_steps(run) + _shortened(evidence, property, run)
        return Judgement(Verdict.VIOLATED, engine=engine, how=how, run=run)
    if (proof := evidence.proof(property.name)) is not None:
        return Judgement(Verdict.PROVED, engine="induction", how=_proof_in_words(system, proof))
    if (unfinished := _unfinished(evidence)) is not None:
        return unfinished
    if evidence.failing(system):
        return Judgement(Verdict.UNKNOWN, MODEL_ERROR, how=_model_error(system, evidence))
    if evidence.bounded is not None:
        return _bounded_safety(system, evidence.bounded)
    if evidence.simulation is not None:
        how = f"nothing wrong in {_steps(evidence.simulation.steps)}"
        return Judgement(Verdict.BOUNDED, runs_in_words(evidence.simulation), "simulate", how)
    exploration = _finished(evidence)
    how = f"every state that fits the room of the cluster: {room(system)}"
    if not exploration.is_certain:
        found = f"in the room of the cluster: {room(system)}" if exploration.cut_states else "by the search"
        return Judgement(Verdict.BOUNDED, COLLISIONS, evidence.explorer, f"every state found {found}")
    if exploration.cut_states:
        return Judgement(Verdict.BOUNDED, ROOM, evidence.explorer, how)
    return Judgement(Verdict.HOLDS, engine=evidence.explorer, how="every reachable state")


def at_most(probability: float) -> str:
    """A probability with two digits, rounded up."""
    digits = f"{probability:.1e}"
    return digits if float(digits) >= probability else f"{float(digits) + 10 ** (floor(log10(probability)) - 1):.1e}"


def _bounded_safety(system: System, bounded: BoundedResult) -> Judgement:
    if not bounded.exhausted:
        return Judgement(Verdict.BOUNDED, f"depth {bounded.depth}", "bmc", _to_depth(bounded))
    if bounded.cut_depth is not None:
        return Judgement(Verdict.BOUNDED, ROOM, "bmc", f"every run that fits the room of the cluster: {room(system)}")
    return Judgement(Verdict.HOLDS, engine="bmc", how=f"no run has more than {_steps(bounded.depth)}")


def _judge_reachable(system: System, property: Property, evidence: Evidence) -> Judgement:
    if (witness := evidence.witness(property.name)) is not None:
        run, engine = witness
        how = f"reached {_in_steps(run)}" + _shortened(evidence, property, run)
        return Judgement(Verdict.HOLDS, engine=engine, how=how, run=run)
    if (unfinished := _unfinished(evidence)) is not None:
        return unfinished
    if evidence.simulation is not None:
        return Judgement(Verdict.UNKNOWN, runs_in_words(evidence.simulation), "simulate", "not reached")
    bounded = evidence.bounded
    if bounded is not None and not bounded.exhausted:
        how = f"not reached within {_steps(bounded.depth)}"
        return Judgement(Verdict.UNKNOWN, f"depth {bounded.depth}", "bmc", how)
    engine = evidence.explorer if bounded is None else "bmc"
    is_cut = bounded.cut_depth is not None if bounded is not None else _finished(evidence).cut_states > 0
    if is_cut:
        return Judgement(Verdict.UNKNOWN, ROOM, engine, f"not reached in the room of the cluster: {room(system)}")
    if evidence.failing(system):
        return Judgement(Verdict.UNKNOWN, MODEL_ERROR, how=_model_error(system, evidence))
    if bounded is None and not _finished(evidence).is_certain:
        return Judgement(Verdict.UNKNOWN, COLLISIONS, engine, "no state found by the search has it")
    return Judgement(Verdict.VIOLATED, engine=engine, how="no reachable state has it")


def _unfinished(evidence: Evidence) -> Judgement | None:
    """What a search that was ended before its time says about what it has not settled; None if it was not."""
    bounded, exploration = evidence.bounded, evidence.exploration
    if evidence.simulation is not None:
        return _unfinished_simulation(evidence.simulation)
    if bounded is not None:
        if bounded.limit is None:
            return None
        reason, _, detail = bounded.limit.partition(": ")
        until = f"nothing wrong within {_steps(bounded.depth)}" if bounded.depth >= 0 else "nothing was decided"
        return Judgement(Verdict.UNKNOWN, reason, "bmc", detail or until)
    if exploration is None:
        return Judgement(
            Verdict.UNKNOWN, INTERRUPTED if evidence.interrupted else "time", how="the search was not begun"
        )
    if exploration.complete:
        return None
    if exploration.limit is not None:
        how = f"ended with {stored(exploration)}"
        if exploration.limit is Limit.ENUMERATION:
            how += f": {exploration.limit_detail}; --engine bmc enumerates nothing"
        elif exploration.limit is not Limit.STATES:
            how += _limit(exploration.limit_detail)
        return Judgement(Verdict.UNKNOWN, exploration.limit.value, evidence.explorer, how)
    if evidence.stopped_at_first:
        return Judgement(Verdict.UNKNOWN, FIRST, evidence.explorer, "the search stopped at the first violation")
    raise AssertionError("the explorer ended without a reason")


def _unfinished_simulation(simulation: Simulation) -> Judgement | None:
    if simulation.limit is None:
        return None
    how = f"ended with {simulation.done:,} run{'' if simulation.done == 1 else 's'}" + _limit(simulation.limit_detail)
    return Judgement(Verdict.UNKNOWN, simulation.limit.value, "simulate", how)


def _limit(detail: str) -> str:
    """Which limit was met: an amount, or what there was no memory for, or too much of."""
    if not detail:
        return ""
    return f": the limit of {detail}" if detail[0].isdigit() else f": {detail}"


def _finished(evidence: Evidence) -> Exploration:
    if evidence.exploration is None or not evidence.exploration.complete:
        raise AssertionError("a verdict about all states needs a complete graph")
    return evidence.exploration


def stored(exploration: Exploration) -> str:
    """How far a search came: `500 orbits`."""
    return f"{exploration.states:,} {exploration.unit}{'' if exploration.states == 1 else 's'}"


def runs_in_words(simulation: Simulation) -> str:
    """What random runs cover, such as `1,000 runs of at most 100 steps`."""
    runs = simulation.plan.runs
    return f"{runs:,} run{'' if runs == 1 else 's'} of at most {_steps(simulation.plan.depth)}"


def _shortened(evidence: Evidence, property: Property, run: Run) -> str:
    """From how many steps a random run was shortened."""
    seen = None if evidence.simulation is None else evidence.simulation.seen.get(property.name)
    return "" if seen is None or seen.length <= len(run.moves) else f", shortened from {seen.length:,}"


def room(system: System) -> str:
    """The room of the kinds whose objects come and go, such as `Pod at most 3`."""
    kinds = [kind for kind in system.kinds if not kind.permanent]
    return ", ".join(f"{kind.name} at most {len(kind.slots)}" for kind in kinds)


def _proof_in_words(system: System, proof: InductionResult) -> str:
    """That no step fails is part of every proof, and not told each time."""
    parts = ["inductive"]
    implicit = {property.name for property in system.properties if property.kind is PropertyKind.IMPLICIT}
    if others := [name for name in proof.together_with if name not in implicit]:
        parts.append(f" with {', '.join(others)}")
    if limited := room(system):
        parts.append(f", for {limited}")
    return "".join(parts)


def _model_error(system: System, evidence: Evidence) -> str:
    return f"the model has errors: see {', '.join(evidence.failing(system))}"


def _to_depth(bounded: BoundedResult) -> str:
    text = f"nothing wrong within {_steps(bounded.depth)}"
    if bounded.cut_depth is not None:
        text += f"; room is short after {_steps(bounded.cut_depth)}"
    return text


def _in_steps(run: Run) -> str:
    return "in the initial state" if not run.moves else f"in {_steps(len(run.moves))}"


def _steps(number: int) -> str:
    return f"{number:,} step" if number == 1 else f"{number:,} steps"
