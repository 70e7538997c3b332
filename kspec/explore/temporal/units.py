"""Units of fairness as bits: unit u is bit u of a mask."""

from __future__ import annotations

from kspec.system.fairness import Slot, Units
from kspec.system.transitions import FairnessStrength


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
