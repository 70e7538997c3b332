"""From evidence to the verdict of each property.

The order of the cases is the meaning: what is seen comes before what is proved, and what is proved before what a search
that was ended, spoiled or cut may say.
"""

from __future__ import annotations

from math import floor, log10
from typing import assert_never

from kspec.check.evidence import Evidence
from kspec.check.judge_runs import judge_runs
from kspec.check.judgement import (
    COLLISIONS,
    MODEL_ERROR,
    ROOM,
    Judgement,
    model_error,
    room,
    runs_in_words,
    steps_in_words,
    unfinished,
)
from kspec.check.verdicts import Verdict
from kspec.evaluate.run import Run
from kspec.explore.result import Exploration
from kspec.symbolic.result import BoundedResult, InductionResult
from kspec.system.properties import Property, PropertyKind
from kspec.system.system import System


def judge(system: System, property: Property, evidence: Evidence) -> Judgement:
    """The verdict of one property."""
    match property.kind:
        case PropertyKind.TEMPORAL | PropertyKind.RECOVERABLE:
            return judge_runs(system, property, evidence)
        case PropertyKind.REACHABLE:
            return _judge_reachable(system, property, evidence)
        case PropertyKind.INVARIANT | PropertyKind.STEP | PropertyKind.DEADLOCK | PropertyKind.IMPLICIT:
            return _judge_safety(system, property, evidence)
        case PropertyKind.ASSUMPTION:
            raise AssertionError("what is assumed is not judged")
        case _:
            assert_never(property.kind)


def _judge_safety(system: System, property: Property, evidence: Evidence) -> Judgement:
    if (violation := evidence.violation(property.name)) is not None:
        run, engine = violation
        how = _in_steps(run) + _shortened(evidence, property, run)
        return Judgement(Verdict.VIOLATED, engine=engine, how=how, shown=run)
    if (proof := evidence.proof(property.name)) is not None:
        return Judgement(Verdict.PROVED, engine="induction", how=_proof_in_words(system, proof))
    if (ended := unfinished(evidence)) is not None:
        return ended
    if evidence.failing(system):
        return Judgement(Verdict.UNKNOWN, MODEL_ERROR, how=model_error(system, evidence))
    if evidence.bounded is not None:
        return _bounded_safety(system, evidence.bounded)
    if evidence.simulation is not None:
        how = f"nothing wrong in {steps_in_words(evidence.simulation.steps)}"
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
    return Judgement(Verdict.HOLDS, engine="bmc", how=f"no run has more than {steps_in_words(bounded.depth)}")


def _judge_reachable(system: System, property: Property, evidence: Evidence) -> Judgement:
    if (witness := evidence.witness(property.name)) is not None:
        run, engine = witness
        how = f"reached {_in_steps(run)}" + _shortened(evidence, property, run)
        return Judgement(Verdict.HOLDS, engine=engine, how=how, shown=run)
    if (ended := unfinished(evidence)) is not None:
        return ended
    if evidence.simulation is not None:
        return Judgement(Verdict.UNKNOWN, runs_in_words(evidence.simulation), "simulate", "not reached")
    bounded = evidence.bounded
    if bounded is not None and not bounded.exhausted:
        how = f"not reached within {steps_in_words(bounded.depth)}"
        return Judgement(Verdict.UNKNOWN, f"depth {bounded.depth}", "bmc", how)
    engine = evidence.explorer if bounded is None else "bmc"
    is_cut = bounded.cut_depth is not None if bounded is not None else _finished(evidence).cut_states > 0
    if is_cut:
        return Judgement(Verdict.UNKNOWN, ROOM, engine, f"not reached in the room of the cluster: {room(system)}")
    if evidence.failing(system):
        return Judgement(Verdict.UNKNOWN, MODEL_ERROR, how=model_error(system, evidence))
    if bounded is None and not _finished(evidence).is_certain:
        return Judgement(Verdict.UNKNOWN, COLLISIONS, engine, "no state found by the search has it")
    return Judgement(Verdict.VIOLATED, engine=engine, how="no reachable state has it")


def _finished(evidence: Evidence) -> Exploration:
    if evidence.exploration is None or not evidence.exploration.complete:
        raise AssertionError("a verdict about all states needs a complete graph")
    return evidence.exploration


def _shortened(evidence: Evidence, property: Property, run: Run) -> str:
    """From how many steps a random run was shortened."""
    seen = None if evidence.simulation is None else evidence.simulation.seen.get(property.name)
    return "" if seen is None or seen.length <= len(run.moves) else f", shortened from {seen.length:,}"


def _proof_in_words(system: System, proof: InductionResult) -> str:
    """That no step fails is part of every proof, and not told each time."""
    parts = ["inductive"]
    implicit = {property.name for property in system.properties if property.kind is PropertyKind.IMPLICIT}
    if others := [name for name in proof.together_with if name not in implicit]:
        parts.append(f" with {', '.join(others)}")
    if limited := room(system):
        parts.append(f", for {limited}")
    return "".join(parts)


def _to_depth(bounded: BoundedResult) -> str:
    text = f"nothing wrong within {steps_in_words(bounded.depth)}"
    if bounded.cut_depth is not None:
        text += f"; room is short after {steps_in_words(bounded.cut_depth)}"
    return text


def _in_steps(run: Run) -> str:
    return "in the initial state" if not run.moves else f"in {steps_in_words(len(run.moves))}"
