"""Sorts of every form, and random values of them."""

from __future__ import annotations

import random

from kspec.system.sorts import (
    BOOL,
    EnumSort,
    IntSort,
    MapSort,
    ObjectSort,
    OptionSort,
    SeqSort,
    SetSort,
    Sort,
    Value,
    values_of,
)

POD = ObjectSort("Pod", 5)
COLOUR = EnumSort("Colour", ("red", "green", "blue"))
SORTS: list[Sort] = [
    BOOL,
    COLOUR,
    POD,
    ObjectSort("Cluster", 1),
    IntSort(0, 0),
    IntSort(-7, 8),
    IntSort(1000, 1003),
    IntSort(0, (1 << 62) - 2),
    OptionSort(BOOL),
    OptionSort(POD),
    OptionSort(IntSort(-2, 5)),
    SetSort(BOOL),
    SetSort(POD),
    SetSort(OptionSort(POD)),
    SetSort(OptionSort(IntSort(-1, 1))),
    SetSort(IntSort(0, 61)),
    SetSort(IntSort(0, 62)),
    SetSort(IntSort(-100, 100)),
    SetSort(OptionSort(IntSort(5, 200))),
    OptionSort(SetSort(POD)),
    MapSort(POD, IntSort(1, 3)),
    MapSort(BOOL, MapSort(COLOUR, OptionSort(POD))),
    MapSort(IntSort(1, 40), OptionSort(IntSort(0, 6))),
    SeqSort(POD, 0),
    SeqSort(OptionSort(COLOUR), 3),
    SeqSort(IntSort(-4, -1), 30),
    SeqSort(SetSort(POD), 2),
    OptionSort(SeqSort(IntSort(3, 9), 2)),
    MapSort(COLOUR, SeqSort(SeqSort(BOOL, 2), 2)),
]


def chosen(sort: Sort, dice: random.Random) -> Value:
    """A random value of a sort."""
    match sort:
        case IntSort(int(lo), int(hi)):
            return dice.randint(lo, hi)
        case OptionSort(inner):
            return None if dice.random() < 0.3 else chosen(inner, dice)
        case SetSort(element):
            return frozenset(chosen(element, dice) for _ in range(dice.randint(0, 6)))
        case MapSort(key, value):
            return tuple(chosen(value, dice) for _ in values_of(key))
        case SeqSort(element, capacity):
            return tuple(chosen(element, dice) for _ in range(dice.randint(0, capacity)))
        case _:
            return dice.choice(values_of(sort))
