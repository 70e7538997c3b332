"""What a verdict says beside itself, and what several kinds of properties have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from kspec.check.evidence import Evidence
from kspec.check.verdicts import Verdict
from kspec.check.words import count
from kspec.evaluate.lasso import Lasso
from kspec.evaluate.run import Run
from kspec.explore.result import Exploration, Limit
from kspec.explore.simulate.result import Simulation
from kspec.system.system import System

MODEL_ERROR = "model error"
ROOM = "room"
FIRST = "first violation"
INTERRUPTED = "interrupted"
SYMMETRY = "symmetry"
COLLISIONS = "up to fingerprint collisions"
EMPTY_ASSUMPTION = "empty assumption"


@dataclass(frozen=True, slots=True)
class Trap:
    """A run to a state from which `size` states can be reached, none of which has what is to be recovered."""

    run: Run
    size: int


Shown: TypeAlias = Run | Lasso | Trap


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict with its reason, the engine it rests on, how that came to it, and what shows it."""

    verdict: Verdict
    reason: str = ""
    engine: str = ""
    how: str = ""
    shown: Shown | None = None


def unfinished(evidence: Evidence) -> Judgement | None:
    """What a search that was ended before its time says about what it has not settled; None if it was not."""
    bounded, exploration = evidence.bounded, evidence.exploration
    if evidence.simulation is not None:
        return _unfinished_simulation(evidence.simulation)
    if bounded is not None:
        if bounded.limit is None:
            return None
        reason, _, detail = bounded.limit.partition(": ")
        until = f"nothing wrong within {steps_in_words(bounded.depth)}" if bounded.depth >= 0 else "nothing was decided"
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
            how += limit_in_words(exploration.limit_detail)
        return Judgement(Verdict.UNKNOWN, exploration.limit.value, evidence.explorer, how)
    if evidence.stopped_at_first:
        return Judgement(Verdict.UNKNOWN, FIRST, evidence.explorer, "the search stopped at the first violation")
    raise AssertionError("the explorer ended without a reason")


def _unfinished_simulation(simulation: Simulation) -> Judgement | None:
    if simulation.limit is None:
        return None
    done = f"ended with {count(simulation.done, 'run')}"
    how = done + limit_in_words(simulation.limit_detail)
    return Judgement(Verdict.UNKNOWN, simulation.limit.value, "simulate", how)


def limit_in_words(detail: str) -> str:
    """Which limit was met: an amount, or what there was no memory for, or too much of."""
    if not detail:
        return ""
    return f": the limit of {detail}" if detail[0].isdigit() else f": {detail}"


def stored(exploration: Exploration) -> str:
    """How far a search came: `500 orbits`."""
    return count(exploration.states, exploration.unit)


def runs_in_words(simulation: Simulation) -> str:
    """What random runs cover, such as `1,000 runs of at most 100 steps`."""
    return f"{count(simulation.plan.runs, 'run')} of at most {steps_in_words(simulation.plan.depth)}"


def room(system: System) -> str:
    """The room of the kinds whose objects come and go, if the cluster has any, such as `Pod at most 3`."""
    kinds = [kind for kind in system.kinds if kind.slots and not kind.permanent]
    return ", ".join(f"{kind.name} at most {len(kind.slots)}" for kind in kinds)


def model_error(system: System, evidence: Evidence) -> str:
    return f"the model has errors: see {', '.join(evidence.failing(system))}"


def steps_in_words(number: int) -> str:
    return count(number, "step")
