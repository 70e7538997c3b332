"""What state and actions are that no text spells out: views of the store, runs of processes, faults.

Traces and reports speak of them in these terms; to engines they are state and actions like any other.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias


class Part(Enum):
    """What a variable of a view says."""

    OBJECT = "object"  # which object it is about; of what a view keeps: the set of these objects
    THERE = "there"  # whether the object existed
    FIELD = "field"  # what a field of it was
    OWN = "own"  # whether the component itself wrote it


@dataclass(frozen=True, slots=True)
class ViewEvent:
    """A part of an event that a component's view of a kind has not seen; position 0 is the oldest."""

    component: str
    kind: str
    position: int
    part: Part
    field: str = ""


@dataclass(frozen=True, slots=True)
class ViewKept:
    """A part of what a component's view of a kind keeps of single objects, whatever the store has."""

    component: str
    kind: str
    part: Part
    field: str = ""


@dataclass(frozen=True, slots=True)
class LogEvent:
    """A part of one of the last events of a kind, kept so that views may start from before it."""

    kind: str


@dataclass(frozen=True, slots=True)
class RunAt:
    """Where a run of a process stands; value 0 is "no run". `live`: for each value, the variables of the run that
    matter there."""

    component: str
    process: str
    live: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class RunArgument:
    """A parameter of a run of a process."""

    component: str
    process: str
    name: str


@dataclass(frozen=True, slots=True)
class RunLocal:
    """A local of a run, or a field of the copy that a local holds: `x.phase`."""

    component: str
    process: str
    name: str


@dataclass(frozen=True, slots=True)
class CopyIsCurrent:
    """Whether nobody wrote the object since a local of a run, `name`, got its copy."""

    component: str
    process: str
    name: str


@dataclass(frozen=True, slots=True)
class IsDisconnected:
    """Whether an instance of a component cannot reach the API server."""

    component: str


@dataclass(frozen=True, slots=True)
class IsRevoked:
    """Whether a permission is taken away. `field`: None for the whole kind."""

    component: str
    verb: str
    kind: str
    field: str | None


@dataclass(frozen=True, slots=True)
class FaultCount:
    """How often something happened to a component that no action of it does."""

    component: str


VariableMeaning: TypeAlias = (
    ViewEvent
    | ViewKept
    | LogEvent
    | RunAt
    | RunArgument
    | RunLocal
    | CopyIsCurrent
    | IsDisconnected
    | IsRevoked
    | FaultCount
)


@dataclass(frozen=True, slots=True)
class Workers:
    """A kind whose slots are the workers of a process in each instance of its component, no objects of the text."""

    component: str
    process: str


class Fault(Enum):
    """What happens to a component without its doing. The value names it in traces."""

    DELIVERY = "delivery"  # the oldest event of a kind is seen
    LOSS = "loss"  # the oldest event of a kind is dropped
    RELIST = "relist"  # the view of a kind becomes the store
    REFRESH = "refresh"  # of one object, the view becomes the store
    CRASH = "crash"
    DISCONNECTION = "disconnection"
    RECONNECTION = "reconnection"


@dataclass(frozen=True, slots=True)
class Happens:
    """`kind`: of the objects that the fault is about, if it is about a kind."""

    fault: Fault
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class GoesOn:
    """A run of a process that began goes on."""

    process: str


ActionMeaning: TypeAlias = Happens | GoesOn


class Reason(Enum):
    """Why a request is denied."""

    PERMISSION = "permission"
    ADMISSION = "admission"
    QUOTA = "quota"
    CONDITION = "condition"  # a `when` of the declared request
    DENY = "deny"  # the declared request says so
