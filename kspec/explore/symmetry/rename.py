"""A permutation of objects, applied to a state."""

from __future__ import annotations

from collections.abc import Sequence

from kspec.evaluate.run import State
from kspec.explore.symmetry.objects import Permutation
from kspec.explore.symmetry.places import Place, Places
from kspec.system.sorts import MapSort, ObjectSort, OptionSort, SeqSort, SetSort, Sort, Value


class Renamer:
    """Everything that is indexed by an object moves with it, and references to it are renamed."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._positions = {_address(place, place.owners): place.position for place in places.stored}

    def renamed(self, state: Sequence[Value], permutation: Permutation) -> State:
        result = list(state)
        for place, value in zip(self._places.stored, state, strict=True):
            position = place.position
            if place.owners:
                position = self._positions[_address(place, tuple(permutation[owner] for owner in place.owners))]
            assert position is not None
            blank = self._places.is_blank(state, place)
            result[position] = value if blank else self._value(value, place.variable.sort, permutation, state)
        return tuple(result)

    def _value(self, value: Value, sort: Sort, permutation: Permutation, state: Sequence[Value]) -> Value:
        match sort, value:
            case _, None:
                return None
            case ObjectSort(kind), int(slot):
                base = self._places.objects.base(kind)
                return permutation[base + slot] - base
            case OptionSort(inner), _:
                return self._value(value, inner, permutation, state)
            case SetSort(element), frozenset(members):
                return frozenset(self._value(member, element, permutation, state) for member in members)
            case SeqSort(element), tuple(entries):
                return tuple(self._value(entry, element, permutation, state) for entry in entries)
            case MapSort(keys, inner), tuple(entries):
                return self._map(entries, keys, inner, permutation, state)
            case _:
                return value

    def _map(
        self, entries: tuple[Value, ...], keys: Sort, inner: Sort, permutation: Permutation, state: Sequence[Value]
    ) -> Value:
        result = list(entries)
        for number, entry in enumerate(entries):
            key = self._places.objects.key(number, keys)
            target = number if key is None else number + permutation[key] - key
            blank = key is not None and self._places.is_free(state, key)
            result[target] = entry if blank else self._value(entry, inner, permutation, state)
        return tuple(result)


def _address(place: Place, owners: tuple[int, ...]) -> tuple[object, ...]:
    return place.variable_number, place.data, owners
