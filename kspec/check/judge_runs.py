"""From what the complete graph says to the verdicts of properties about runs, and of recoverable ones."""

from __future__ import annotations

from typing import assert_never

from kspec.check.evidence import Evidence
from kspec.check.judgement import (
    EMPTY_ASSUMPTION,
    INTERRUPTED,
    MODEL_ERROR,
    ROOM,
    Judgement,
    Shown,
    Trap,
    limit_in_words,
    model_error,
    room,
    steps_in_words,
    unfinished,
)
from kspec.check.verdicts import Verdict
from kspec.evaluate.lasso import Lasso
from kspec.explore.result import Limit
from kspec.explore.temporal.outcome import AtomFails, EmptyAssumption, Holds, Recovers, Stopped, TooLarge
from kspec.explore.temporal.result import LassoFound, TemporalResult, TrapFound
from kspec.system.properties import Property, PropertyKind
from kspec.system.system import System

TOO_LARGE = "size"

NOT_FOLLOWED = "the runs were not followed"


def judge_runs(system: System, property: Property, evidence: Evidence) -> Judgement:
    if evidence.bounded is not None or evidence.simulation is not None:
        engine = "bounded model checking" if evidence.bounded is not None else "random runs"
        return Judgement(Verdict.NOT_CHECKED, how=f"{engine} cannot tell what happens for ever")
    if evidence.temporal is None:
        return _not_come_to(system, evidence)
    answer = evidence.temporal.answers[property.name]
    engine = evidence.explorer
    match answer:
        case LassoFound(lasso, needs_room):
            return _seen(system, engine, _lasso_in_words(lasso), lasso, needs_room=needs_room)
        case TrapFound(run, size, needs_room):
            how = f"{steps_in_words(len(run.moves))} to a state that does not recover"
            return _seen(system, engine, how, Trap(run, size), needs_room=needs_room)
        case Holds() | Recovers():
            return _holds(system, property, evidence.temporal, engine)
        case EmptyAssumption():
            return Judgement(Verdict.UNKNOWN, EMPTY_ASSUMPTION, engine, "no fair run is as the model assumes")
        case AtomFails(failure, _):
            return Judgement(Verdict.UNKNOWN, MODEL_ERROR, engine, f"it cannot be evaluated: {failure.message}")
        case TooLarge(detail):
            return Judgement(Verdict.UNKNOWN, TOO_LARGE, engine, detail)
        case Stopped(limit, detail):
            return Judgement(Verdict.UNKNOWN, limit.value, engine, f"{NOT_FOLLOWED}{limit_in_words(detail)}")
        case _ as unreachable:
            assert_never(unreachable)


def _seen(system: System, engine: str, how: str, shown: Shown, *, needs_room: bool) -> Judgement:
    if needs_room:
        return Judgement(Verdict.UNKNOWN, ROOM, engine, f"{how}, for want of room: {room(system)}", shown)
    return Judgement(Verdict.VIOLATED, engine=engine, how=how, shown=shown)


def _not_come_to(system: System, evidence: Evidence) -> Judgement:
    """The graph was not completed, because the search before was ended, or showed that steps fail."""
    if evidence.interrupted:
        return Judgement(Verdict.UNKNOWN, INTERRUPTED, how=NOT_FOLLOWED)
    if evidence.out_of_time:
        return Judgement(Verdict.UNKNOWN, Limit.TIME.value, how=NOT_FOLLOWED)
    if (ended := unfinished(evidence)) is not None:
        return ended
    if evidence.failing(system):
        return Judgement(Verdict.UNKNOWN, MODEL_ERROR, how=model_error(system, evidence))
    raise AssertionError("nothing kept the runs from being followed")


def _holds(system: System, property: Property, result: TemporalResult, engine: str) -> Judgement:
    what = "every reachable state" if property.kind is PropertyKind.RECOVERABLE else "every fair run"
    if result.is_cut:
        return Judgement(Verdict.BOUNDED, ROOM, engine, f"{what} that fits the room of the cluster: {room(system)}")
    return Judgement(Verdict.HOLDS, engine=engine, how=what)


def _lasso_in_words(lasso: Lasso) -> str:
    before = steps_in_words(lasso.loop)
    if lasso.stops:
        return f"stops after {before}" if lasso.loop else "stops at once"
    return f"{before}, then {steps_in_words(len(lasso.run.moves) - lasso.loop)} for ever"
