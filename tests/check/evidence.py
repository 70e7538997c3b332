"""Made-up evidence: explorations and proofs with just the facts that a test is about."""

from __future__ import annotations

from dataclasses import replace

from kspec.evaluate.run import Run
from kspec.explore.result import Cut, Exploration
from kspec.explore.temporal.outcome import Holds
from kspec.explore.temporal.result import TemporalResult
from kspec.symbolic.result import BoundedResult, InductionAnswer, InductionResult
from kspec.system.expressions import TRUE
from kspec.system.properties import Expectation, Property, PropertyKind
from kspec.system.spans import NOWHERE
from kspec.system.system import Kind, System

RUN = Run((), ())
FOLLOWED = TemporalResult({"Later": Holds(bindings=1, checked=1)}, states=10, steps=20)
PROOF = InductionResult(InductionAnswer.INDUCTIVE)
CUT = Cut(RUN, "Pod", 0)
IMPLICIT = ("Ranges", "LiveReferences", "Asserts")


def system(*expectations: Expectation, kinds: tuple[Kind, ...] = ()) -> System:
    """A system that does nothing and has a property of each kind."""
    properties = (
        Property(PropertyKind.INVARIANT, "Safe", TRUE, NOWHERE),
        Property(PropertyKind.STEP, "Steady", TRUE, NOWHERE),
        Property(PropertyKind.REACHABLE, "Reached", TRUE, NOWHERE),
        Property(PropertyKind.TEMPORAL, "Later", None, NOWHERE),
        *(Property(PropertyKind.IMPLICIT, name, None, NOWHERE) for name in IMPLICIT),
    )
    return System(
        model="test.kspec",
        cluster="small",
        kinds=kinds,
        variables=(),
        initial={},
        choices=(),
        initially=(),
        actions=(),
        disabled=(),
        transitions=(),
        properties=properties,
        expectations=expectations,
    )


EXPLORED = Exploration(
    states=10,
    transitions=20,
    depth=3,
    initial_states=1,
    seconds=0.1,
    complete=True,
    limit=None,
    limit_detail="",
    violations={},
    failing_property={},
    witnesses={},
    cut=None,
    cut_states=0,
    quiet_states=0,
    refused_counts=(),
    action_counts=(),
    failing_actions=(),
    refused_requests=(),
    clause_uses=(),
)
"""A complete exploration that found nothing."""


def explored(*, violated: tuple[str, ...] = (), reached: tuple[str, ...] = (), cut: bool = False) -> Exploration:
    """A complete exploration that found these."""
    return replace(
        EXPLORED,
        violations=dict.fromkeys(violated, RUN),
        witnesses=dict.fromkeys(reached, RUN),
        cut=CUT if cut else None,
        cut_states=int(cut),
    )


def bounded(
    *, depth: int = 5, violated: tuple[str, ...] = (), limit: str | None = None, exhausted: bool = False
) -> BoundedResult:
    return BoundedResult(
        depth=depth,
        violations=dict.fromkeys(violated, RUN),
        failing_property={},
        witnesses={},
        cut_depth=None,
        exhausted=exhausted,
        limit=limit,
        seconds=0.1,
    )
