"""Properties of a system, and what is expected of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

from kspec.system.expressions import Expr
from kspec.system.spans import Span
from kspec.system.temporal import Temporal
from kspec.system.wording import UNWORDED, Wording


class PropertyKind(Enum):
    INVARIANT = "invariant"
    STEP = "step"
    REACHABLE = "reachable"
    DEADLOCK = "deadlock"
    IMPLICIT = "implicit"
    TEMPORAL = "property"
    RECOVERABLE = "recoverable"
    ASSUMPTION = "assume"


@dataclass(frozen=True, slots=True)
class Property:
    """INVARIANT, REACHABLE: `expression` is about one state. STEP: about two. DEADLOCK: a state without successors must
    have `expression`. IMPLICIT: named like a `FailureKind`; no expression. RECOVERABLE: from every reachable state, one
    with `expression` can be reached. TEMPORAL, ASSUMPTION: no expression, but `temporal`: about runs. `wording`: how
    the text writes the parts of the expression, or of the conditions of the formula."""

    kind: PropertyKind
    name: str
    expression: Expr | None
    span: Span
    temporal: Temporal | None = None
    wording: Wording = field(default=UNWORDED, compare=False)


@dataclass(frozen=True, slots=True)
class ExpectViolation:
    property: str
    span: Span


@dataclass(frozen=True, slots=True)
class ExpectCounts:
    """Each number that is given must be exact. `reduced`: orbits and orbit transitions of the reduced graph."""

    reduced: bool
    states: int | None
    transitions: int | None
    depth: int | None
    span: Span


Expectation: TypeAlias = ExpectViolation | ExpectCounts
