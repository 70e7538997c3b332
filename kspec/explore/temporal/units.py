"""Units of fairness as bits: unit u is bit u of a mask."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kspec.system.expressions import FALSE
from kspec.system.fairness import Slot, Units
from kspec.system.sorts import Value
from kspec.system.system import System
from kspec.system.transitions import IDENTIFYING, Bind, FairnessStrength, Transition


def columns(units: Units) -> int:
    """How many masks of 64 bits have a bit for each unit."""
    return -(-len(units.units) // 64)


def with_strength(units: Units, strength: FairnessStrength) -> int:
    return sum(1 << number for number, unit in enumerate(units.units) if unit.strength is strength)


def by_slot(units: Units) -> dict[Slot, int]:
    """The units that are about an object, by its slot."""
    found: dict[Slot, int] = {}
    for number, unit in enumerate(units.units):
        for slot in unit.objects:
            found[slot] = found.get(slot, 0) | 1 << number
    return found


# --- what waits in a queue --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Waiting:
    """The units of an action wait where some binding of `steps`, which writes nothing, is taken. `positions`: of what
    they bind, among all that the action's transitions bind: instance and parameters, but no worker."""

    steps: Transition
    positions: tuple[int, ...]

    def bound(self, values: Sequence[Value]) -> tuple[Value, ...]:
        """What a transition of the action would bind, as far as it is known of one that waits."""
        known = dict(zip(self.positions, values, strict=False))
        return tuple(known.get(position) for position in range(max(known, default=-1) + 1))


def waiting_of(units: Units) -> Iterator[Waiting]:
    """For each action with fairness as of a queue."""
    for number, action in enumerate(units.system.actions):
        fairness = action.fairness
        if fairness is None or fairness.strength is not FairnessStrength.QUEUED:
            continue
        if units.sources[number] is not None:
            steps = Transition(number, fairness.waiting, (), FALSE)
            yield Waiting(steps, _identifying(units.system, number))


def _identifying(system: System, action: int) -> tuple[int, ...]:
    """The positions of instance and parameters in what the action's transitions bind."""
    transition = next(found for found in system.transitions if found.action == action)
    binds = [step for step in transition.steps if isinstance(step, Bind)]
    return tuple(position for position, bind in enumerate(binds) if bind.role in IDENTIFYING)
