"""Values in the words of the model: enum members, object names, `none`, `{a, b}`, `{k: v}`, `[a, b]`."""

from __future__ import annotations

from kspec.evaluate.values import in_order
from kspec.system.sorts import (
    BoolSort,
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
from kspec.trace.names import Names


def show_value(value: Value, sort: Sort, names: Names) -> str:
    """A value as a reader of a trace sees it."""
    match sort, value:
        case BoolSort(), bool(truth):
            return "true" if truth else "false"
        case IntSort(unit=unit), int(number):
            return str(number) if unit is None else unit.spell(number)
        case EnumSort(_, members), int(position):
            return members[position]
        case ObjectSort(), int(slot):
            return names.object(sort, slot)
        case OptionSort(inner), _:
            return "none" if value is None else show_value(value, inner, names)
        case SetSort(element), frozenset(members):
            shown = [show_value(member, element, names) for member in in_order(members)]
            return "{" + ", ".join(shown) + "}"
        case MapSort(_, inner), tuple(entries):
            keys = map_keys(sort, names)
            shown = [f"{key}: {show_value(entries[position], inner, names)}" for position, key in keys]
            return "{" + ", ".join(shown) + "}"
        case SeqSort(element, _), tuple(entries):
            return "[" + ", ".join(show_value(entry, element, names) for entry in entries) + "]"
        case _:
            raise ValueError(f"{value!r} is no value of {sort}")


def map_keys(sort: MapSort, names: Names) -> list[tuple[int, str]]:
    """The keys of a map that something is at, with their positions: slots without an object are none."""
    present = set(names.rosters[sort.key.kind].present()) if isinstance(sort.key, ObjectSort) else None
    return [
        (position, show_value(key, sort.key, names))
        for position, key in enumerate(values_of(sort.key))
        if present is None or key in present
    ]
