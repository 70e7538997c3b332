"""What the engines found about one system, gathered; and the check that they do not contradict each other."""

from __future__ import annotations

from dataclasses import dataclass, field

from kspec.evaluate.run import Run
from kspec.explore.result import Exploration, Limit
from kspec.explore.simulate.result import Simulation
from kspec.explore.temporal.outcome import Stopped
from kspec.explore.temporal.result import TemporalResult
from kspec.symbolic.result import BoundedResult, InductionAnswer, InductionResult
from kspec.system.properties import PropertyKind
from kspec.system.system import System


class Disagreement(Exception):
    """Two engines contradict each other: a defect of kspec, never a verdict."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """`interrupted`: the user stopped the check before an engine could start, or the next one. `out_of_time`: the limit
    of time did, in the middle of what does not look at the clock. `stopped_at_first`: the search ended at the first
    violation because it was asked to. `is_settled`: a search ended because it had nothing left to find out. `explorer`:
    the engine that the exploration is of. `symmetric`: it was asked to use symmetry. `unreduced`: of a system whose
    states are to be counted beside its orbits, the search without symmetry; verdicts rest on the other one."""

    induction: dict[str, InductionResult] = field(default_factory=dict)
    exploration: Exploration | None = None
    bounded: BoundedResult | None = None
    interrupted: bool = False
    out_of_time: bool = False
    stopped_at_first: bool = False
    is_settled: bool = False
    explorer: str = "explore"
    symmetric: bool = False
    unreduced: Exploration | None = None
    simulation: Simulation | None = None
    """Of random runs; the ones that show something are minimised."""
    temporal: TemporalResult | None = None
    """Of properties about runs, and recoverable ones; None where there are none, or they were not come to."""

    @property
    def counts_orbits(self) -> bool:
        """Whether the states of the exploration are orbits: where nothing can be exchanged, each state is one."""
        return self.symmetric and self.exploration is not None and not self.exploration.unreduced_because

    @property
    def was_interrupted(self) -> bool:
        """Whether the user stopped something."""
        limits = [found.limit for found in (self.exploration, self.unreduced, self.simulation) if found is not None]
        by_bounded = self.bounded is not None and self.bounded.limit == Limit.INTERRUPTED.value
        answers = () if self.temporal is None else self.temporal.answers.values()
        limits += [answer.limit for answer in answers if isinstance(answer, Stopped)]
        return self.interrupted or by_bounded or Limit.INTERRUPTED in limits

    def violation(self, name: str) -> tuple[Run, str] | None:
        """The shortest run that shows the property violated, and the engine that found it."""
        if self.exploration is not None and name in self.exploration.violations:
            return self.exploration.violations[name], self.explorer
        if self.bounded is not None and name in self.bounded.violations:
            return self.bounded.violations[name], "bmc"
        if self.simulation is not None and name in self.simulation.violations:
            return self.simulation.violations[name], "simulate"
        return None

    def witness(self, name: str) -> tuple[Run, str] | None:
        """The shortest run that reaches a state with the property, and the engine that found it."""
        if self.exploration is not None and name in self.exploration.witnesses:
            return self.exploration.witnesses[name], self.explorer
        if self.bounded is not None and name in self.bounded.witnesses:
            return self.bounded.witnesses[name], "bmc"
        if self.simulation is not None and name in self.simulation.witnesses:
            return self.simulation.witnesses[name], "simulate"
        return None

    def proof(self, name: str) -> InductionResult | None:
        result = self.induction.get(name)
        return result if result is not None and result.answer is InductionAnswer.INDUCTIVE else None

    def failing(self, system: System) -> tuple[str, ...]:
        """The implicit properties that are violated: the model has an error."""
        implicit = (property.name for property in system.properties if property.kind is PropertyKind.IMPLICIT)
        return tuple(name for name in implicit if self.violation(name) is not None)


def must_agree(system: System, evidence: Evidence) -> None:
    """Raises Disagreement if something is both proved and violated, or two searches do not find the same."""
    proved = [property.name for property in system.properties if evidence.proof(property.name) is not None]
    for name in proved:
        if evidence.violation(name) is not None:
            raise Disagreement(f"induction proves `{name}`, and a run violates it")
    failing = evidence.failing(system)
    if proved and failing:
        raise Disagreement(
            f"induction proves `{proved[0]}` with all steps free of failures, and a run violates `{failing[0]}`"
        )
    searches = (evidence.exploration, evidence.unreduced)
    if searches[0] is not None and searches[1] is not None and searches[0].is_certain and searches[1].is_certain:
        differing = _differing(searches[0], searches[1])
        if differing:
            raise Disagreement(f"the searches with and without symmetry differ: {', '.join(differing)}")


def _differing(reduced: Exploration, unreduced: Exploration) -> list[str]:
    """What two complete searches of one system, with and without symmetry, do not have in common. Depths may differ: an
    orbit is as near as the nearest of its states."""
    pairs: dict[str, tuple[object, object]] = {
        "violations": (_lengths(reduced.violations), _lengths(unreduced.violations)),
        "witnesses": (_lengths(reduced.witnesses), _lengths(unreduced.witnesses)),
        "room": (reduced.room_used, unreduced.room_used),
        "cut states": (reduced.cut is None, unreduced.cut is None),
        "clauses": (reduced.clause_uses, unreduced.clause_uses),
        "actions": (_fired(reduced), _fired(unreduced)),
        "failing actions": (reduced.failing_actions, unreduced.failing_actions),
        "refused requests": (reduced.refused_requests, unreduced.refused_requests),
    }
    return [what for what, (one, other) in pairs.items() if one != other]


def _lengths(runs: dict[str, Run]) -> dict[str, int]:
    return {name: len(run.moves) for name, run in runs.items()}


def _fired(exploration: Exploration) -> tuple[bool, ...]:
    return tuple(count > 0 for count in exploration.action_counts)
