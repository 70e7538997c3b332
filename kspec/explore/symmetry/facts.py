"""A state as a set of facts about objects: what symmetry is decided by.

A fact is a label and the objects that it is about, in order: `Pod.node[p1] = n2` is (label of Pod.node, (p1, n2)). The
label holds everything that is no object. Facts say the same as the state: a value that is `zero` and names no object
has none, and needs none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from kspec.explore.symmetry.objects import Objects
from kspec.explore.symmetry.places import Place, Places
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
    zero,
)
from kspec.system.system import InitialChoice

Label: TypeAlias = tuple[int, ...]
Fact: TypeAlias = tuple[Label, tuple[int, ...]]

_MEMBER, _ENTRY, _LENGTH, _OBJECT, _VALUE, _ANY, _CHOSEN = range(7)


class Facts:
    """Reads facts off the states of one system."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._objects: Objects = places.objects

    def of_state(self, state: Sequence[Value]) -> Iterator[Fact]:
        for place, value in zip(self._places.stored, state, strict=True):
            if not self._places.is_blank(state, place):
                yield from self._of_value(_head(place), place.owners, value, place.variable.sort, state)

    def of_system(self) -> list[Fact]:
        """The facts about constants and initial choices: the same in every state."""
        facts: list[Fact] = []
        initial = self._initial_state()
        for place in self._places.constant:
            constant = place.variable.constant
            assert constant is not None
            facts += self._of_value(_head(place), place.owners, constant[place.number], place.variable.sort, initial)
        places = {(place.variable.name, place.number): place for place in self._places.stored}
        for choice in self._places.system.choices:
            place = places[choice.place.variable, choice.place.number]
            facts += self._of_choice(place, choice, initial)
        return sorted(facts)

    def _initial_state(self) -> list[Value]:
        system = self._places.system
        return [value for it in system.variables if it.constant is None for value in system.initial[it.name]]

    def _of_choice(self, place: Place, choice: InitialChoice, state: Sequence[Value]) -> Iterator[Fact]:
        """The values as a set: their order does not matter."""
        head = (*_head(place), _CHOSEN)
        if choice.values is None:
            yield (*head, _ANY), place.owners
            return
        for value in choice.values:
            data = sorted(self._of_value((), (), value, place.variable.sort, state))
            labels = tuple(number for label, objects in data for number in (*label, len(objects)))
            objects = tuple(item for _, objects in data for item in objects)
            yield (*head, _VALUE, *labels), (*place.owners, *objects)

    def _of_value(
        self, label: Label, objects: tuple[int, ...], value: Value, sort: Sort, state: Sequence[Value]
    ) -> Iterator[Fact]:
        match sort, value:
            case OptionSort(), None:
                return
            case OptionSort(inner), _:
                if not isinstance(inner, ObjectSort):
                    yield (*label, _ANY), objects
                yield from self._of_value(label, objects, value, inner, state)
            case ObjectSort(kind), int(slot):
                yield (*label, _OBJECT), (*objects, self._objects.base(kind) + slot)
            case SetSort(element), frozenset(members):
                for member in members:
                    yield from self._of_member((*label, _MEMBER), objects, member, element)
            case SeqSort(element), tuple(entries):
                if entries:
                    yield (*label, _LENGTH, len(entries)), objects
                for number, entry in enumerate(entries):
                    yield from self._of_value((*label, _ENTRY, number), objects, entry, element, state)
            case MapSort(), tuple(entries):
                yield from self._of_entries((*label, _ENTRY), objects, entries, sort, state)
            case (BoolSort() | IntSort() | EnumSort(), int(number)) if value != zero(sort):
                yield (*label, _VALUE, int(number)), objects
            case _:
                return

    def _of_entries(
        self, label: Label, objects: tuple[int, ...], entries: tuple[Value, ...], sort: MapSort, state: Sequence[Value]
    ) -> Iterator[Fact]:
        for number, entry in enumerate(entries):
            key = self._objects.key(number, sort.key)
            if key is None:
                yield from self._of_value((*label, number), objects, entry, sort.value, state)
            elif not self._places.is_free(state, key):
                yield from self._of_value((*label, -1), (*objects, key), entry, sort.value, state)

    def _of_member(self, label: Label, objects: tuple[int, ...], member: Value, element: Sort) -> Iterator[Fact]:
        match element, member:
            case OptionSort(), None:
                yield (*label, _ANY), objects
            case ((ObjectSort(kind) | OptionSort(ObjectSort(kind))), int(slot)):
                yield (*label, _OBJECT), (*objects, self._objects.base(kind) + slot)
            case _, int(number):
                yield (*label, _VALUE, int(number)), objects
            case _:
                raise TypeError(f"not a member of a set of {element}: {member}")


def _head(place: Place) -> Label:
    return (place.variable_number, *place.data)
