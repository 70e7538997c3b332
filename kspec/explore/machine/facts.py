"""What the code of a system tells the search: numbered counters and numbered findings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from kspec.explore.result import RefusedRequest
from kspec.system.expressions import FailureKind

# --- counters: how often something happened ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TakenAction:
    """Bindings taken of an action (its position in `System.actions`)."""

    action: int


@dataclass(frozen=True, slots=True)
class RefusedAction:
    """Those of them with a refused request."""

    action: int


@dataclass(frozen=True, slots=True)
class RefusedWith:
    """Steps of an action in which a request of it had this result."""

    action: int
    request: RefusedRequest


@dataclass(frozen=True, slots=True)
class FailingAction:
    """States in which some binding of a transition of the action fails."""

    action: int


@dataclass(frozen=True, slots=True)
class ClauseHeld:
    """More than 0 if the clause was ever true; it need not be told more than once a worker."""

    action: int
    clause: int


@dataclass(frozen=True, slots=True)
class ClauseExcluded:
    """More than 0 if the clause was ever false; it need not be told more than once a worker."""

    action: int
    clause: int


@dataclass(frozen=True, slots=True)
class CutStates:
    pass


@dataclass(frozen=True, slots=True)
class QuietStates:
    pass


@dataclass(frozen=True, slots=True)
class RoomUsed:
    """States in which exactly so many slots of a kind are in use."""

    kind: str
    slots: int


@dataclass(frozen=True, slots=True)
class SearchesGivenUp:
    """States whose canonical form may not be the only one of their orbit: the search for the least met its limit."""


Counter: TypeAlias = (
    TakenAction
    | RefusedAction
    | RefusedWith
    | FailingAction
    | ClauseHeld
    | ClauseExcluded
    | CutStates
    | QuietStates
    | RoomUsed
    | SearchesGivenUp
)


# --- findings: what some state shows ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Violated:
    """An invariant is false in a newly stored state. Told by `judge`."""

    property: str


@dataclass(frozen=True, slots=True)
class Reached:
    """A state that a REACHABLE property looks for. Told by `judge`."""

    property: str


@dataclass(frozen=True, slots=True)
class PropertyFails:
    """The expression of an INVARIANT or REACHABLE property fails in a newly stored state. Told by `judge`."""

    property: str
    kind: FailureKind


@dataclass(frozen=True, slots=True)
class Deadlocked:
    """The state is quiet, and the expression of a DEADLOCK property is false in it. Told by `expand`."""

    property: str


@dataclass(frozen=True, slots=True)
class TerminalFails:
    """The state is quiet, and the expression of a DEADLOCK property fails in it. Told by `expand`."""

    property: str
    kind: FailureKind


@dataclass(frozen=True, slots=True)
class StepViolated:
    """Some step from the state has a STEP property false. Told by `expand`."""

    property: str


@dataclass(frozen=True, slots=True)
class StepPropertyFails:
    """For some step from the state, the expression of a STEP property fails. Told by `expand`."""

    property: str
    kind: FailureKind


@dataclass(frozen=True, slots=True)
class StepFails:
    """Some binding of a transition fails in the state. Told by `expand`."""

    kind: FailureKind


@dataclass(frozen=True, slots=True)
class Cut:
    """Some binding finds no room in the state. Told by `expand`."""


OfNewState: TypeAlias = Violated | Reached | PropertyFails
OfExpandedState: TypeAlias = Deadlocked | TerminalFails | StepViolated | StepPropertyFails | StepFails | Cut
Finding: TypeAlias = OfNewState | OfExpandedState
