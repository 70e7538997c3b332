"""Room that a step needs besides that of the objects before and after it."""

from __future__ import annotations

from kspec.system.expressions import Use
from kspec.system.sorts import ObjectSort
from kspec.system.system import Kind, Role, System
from kspec.system.transitions import Allocate, Transition


def room_in_passing(system: System, kind: Kind) -> int:
    """How many objects of the kind a step that deletes objects may create. A slot that a step frees is not used again
    in that step, so that there must be room for both."""
    statuses = {variable.name for variable in system.variables if variable.role is Role.STATUS}
    return max((_created(found, kind) for found in system.transitions if _deletes(found, statuses)), default=0)


def _deletes(transition: Transition, statuses: set[str]) -> bool:
    """Whether it writes the status of an object that it does not create."""
    created = {step.local.id for step in transition.steps if isinstance(step, Allocate)}
    about = [write.index[0] for write in transition.writes if write.variable in statuses]
    return any(not isinstance(item, Use) or item.local.id not in created for item in about)


def _created(transition: Transition, kind: Kind) -> int:
    made = (step.local.sort for step in transition.steps if isinstance(step, Allocate))
    return sum(1 for sort in made if isinstance(sort, ObjectSort) and sort.kind == kind.name)
