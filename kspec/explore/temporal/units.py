"""Units of fairness as bits: unit u is bit u of a mask."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from kspec.system.expressions import FALSE
from kspec.system.fairness import Slot, Source, Units
from kspec.system.system import System
from kspec.system.transitions import Bind, FairnessStrength, Role, Transition


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
    """The units of an action wait where some binding of `steps`, which writes nothing, is taken. `sources`: where the
    values of the unit come from in such a binding."""

    steps: Transition
    sources: tuple[Source, ...]


def waiting_of(units: Units) -> Iterator[Waiting]:
    """For each action with fairness as of a queue."""
    system = units.system
    for number, action in enumerate(system.actions):
        sources = units.sources[number]
        if sources is not None and action.fairness is not None and action.fairness.strength is FairnessStrength.QUEUED:
            steps = Transition(number, action.fairness.waiting, (), FALSE)
            yield Waiting(steps, tuple(_without_worker(system, number, source) for source in sources))


def _without_worker(system: System, action: int, source: Source) -> Source:
    """The source among binds without those that are choices: a unit that waits has no worker yet."""
    transition = next(found for found in system.transitions if found.action == action)
    binds = [step for step in transition.steps if isinstance(step, Bind)]
    choices = sum(bind.role is Role.CHOICE for bind in binds[: source.bind])
    return replace(source, bind=source.bind - choices)
