"""Systems in which more is fair than their text says, also as a queue is."""

from __future__ import annotations

from dataclasses import replace
from itertools import cycle
from typing import TypeAlias

from kspec.evaluate.walk import used_locals
from kspec.system.expressions import Local
from kspec.system.sorts import ObjectSort, cardinality
from kspec.system.system import Role as VariableRole
from kspec.system.system import System
from kspec.system.transitions import (
    Allocate,
    Bind,
    Define,
    Fairness,
    FairnessStrength,
    ForEachCheck,
    Role,
    Step,
    UnitPart,
)

MOST_VALUES = 20

AnyStep: TypeAlias = Step | ForEachCheck


def fairer(system: System, turn: int) -> System:
    """Every action is fair: by turns weakly, as a queue and strongly; for nothing, the first, or every parameter, of
    which some are meant by their keys."""
    kinds = [(strength, many) for many in (9, 1, 0, 2) for strength in FairnessStrength]
    turns = cycle(kinds[turn % len(kinds) :] + kinds[: turn % len(kinds)])
    actions = [
        replace(action, fairness=_fairness(system, number, strength, many))
        for (number, action), (strength, many) in zip(enumerate(system.actions), turns, strict=False)
    ]
    return replace(system, actions=tuple(actions))


def _fairness(system: System, action: int, strength: FairnessStrength, many: int) -> Fairness:
    parts = [_part(system, bind, local) for bind, local in _shared(system, action)]
    waiting = waiting_steps(system, action) if strength is FairnessStrength.QUEUED else ()
    return Fairness(strength, tuple(parts)[:many], waiting)


def as_a_queue(system: System, name: str) -> System:
    """The fair actions of a name are fair as a queue is."""
    actions = [
        replace(action, fairness=Fairness(FairnessStrength.QUEUED, action.fairness.unit, waiting_steps(system, number)))
        if action.name == name and action.fairness is not None
        else action
        for number, action in enumerate(system.actions)
    ]
    return replace(system, actions=tuple(actions))


def waiting_steps(system: System, action: int) -> tuple[AnyStep, ...]:
    """The steps of the action's first transition, without choices and all that depends on them."""
    first = next((transition for transition in system.transitions if transition.action == action), None)
    dropped: set[int] = set()
    kept: list[AnyStep] = []
    for step in () if first is None else first.steps:
        if (isinstance(step, Bind) and step.role is Role.CHOICE) or dropped & used_locals(step):
            dropped |= {step.local.id} if isinstance(step, Bind | Define | Allocate) else set()
        else:
            kept.append(step)
    return tuple(kept)


def _shared(system: System, action: int) -> list[tuple[int, Local]]:
    """What all transitions of an action bind alike, and only few values have."""
    of_action = [
        [step for step in transition.steps if isinstance(step, Bind)]
        for transition in system.transitions
        if transition.action == action
    ]
    found: list[tuple[int, Local]] = []
    for position, binds in enumerate(zip(*of_action, strict=False)):
        if binds[0].role is Role.CHOICE or len({bind.local.sort for bind in binds}) > 1:
            break
        if (cardinality(binds[0].local.sort) or MOST_VALUES + 1) <= MOST_VALUES:
            found.append((position, binds[0].local))
    return found


def _part(system: System, bind: int, local: Local) -> UnitPart:
    """By key where the object has a const field with few values, and its slot is odd among the parts."""
    if bind % 2 and isinstance(local.sort, ObjectSort):
        for variable in system.variables:
            few = (cardinality(variable.sort) or MOST_VALUES + 1) <= MOST_VALUES if variable.index else False
            if variable.role is VariableRole.CONST_FIELD and variable.index == (local.sort,) and few:
                return UnitPart(bind, (variable.name,))
    return UnitPart(bind)
