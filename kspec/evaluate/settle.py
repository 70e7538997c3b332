"""Settling: deleted objects that something refers to are kept, the others make room (see `System`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from kspec.evaluate.layout import Layout
from kspec.system.sorts import (
    MapSort,
    ObjectSort,
    OptionSort,
    SeqSort,
    SetSort,
    Sort,
    Value,
    contains_objects,
    values_of,
    zero,
)
from kspec.system.system import ALIVE, DELETED, FREE, Role, System, Variable

References: TypeAlias = Callable[[Any, Sequence[Value]], Iterable[int]]
"""The objects that a value refers to in a state, each as the position of its status."""

Forget: TypeAlias = Callable[[Any, frozenset[int]], Any]
"""A value without the map entries at some objects (positions of their status)."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A place whose value holds objects while its owner (the position of a status; None: always) is alive.

    `position` is None for a place of a constant variable, which has `value`.
    """

    owner: int | None
    position: int | None
    value: Value
    references: References

    def held(self, state: Sequence[Value]) -> Iterable[int]:
        return self.references(self.value if self.position is None else state[self.position], state)


class Settler:
    """Settles states of one system, in place."""

    def __init__(self, system: System, layout: Layout) -> None:
        self._layout = layout
        self._stretches: list[tuple[int, int]] = []
        for kind in system.kinds:
            base = layout.status_base(kind.name)
            if base is not None:
                self._stretches.append((base, base + len(kind.slots)))
        positions = [position for start, end in self._stretches for position in range(start, end)]
        self._mutable: dict[int, list[tuple[int, Value]]] = {position: [] for position in positions}
        self._lasting: dict[int, list[tuple[int, Value]]] = {position: [] for position in positions}
        self._roots: list[Holder] = []
        self._kept: dict[int, list[Holder]] = {position: [] for position in positions}
        self._maps: list[tuple[int, Forget]] = []
        for variable in system.variables if positions else ():
            self._add(variable)

    def settle(self, state: list[Value]) -> None:
        """Clears what deleted objects had, and frees the slots of those that nothing holds."""
        deleted = [
            position
            for start, end in self._stretches
            if DELETED in state[start:end]
            for position in range(start, end)
            if state[position] == DELETED
        ]
        if deleted:
            for position in deleted:
                _clear(state, self._mutable[position])
            self._free(state, frozenset(deleted) - self._held(state))

    def _held(self, state: list[Value]) -> frozenset[int]:
        """What is reached from alive objects, and through const fields of held ones: a least fixpoint, so that deleted
        objects that only hold one another are free."""
        held: dict[int, None] = {}
        for root in self._roots:
            if root.owner is None or state[root.owner] == ALIVE:
                held.update(dict.fromkeys(root.held(state)))
        pending = [position for position in held if state[position] == DELETED]
        while pending:
            for holder in self._kept[pending.pop()]:
                for position in holder.held(state):
                    if position not in held:
                        held[position] = None
                        if state[position] == DELETED:
                            pending.append(position)
        return frozenset(held)

    def _free(self, state: list[Value], freed: frozenset[int]) -> None:
        for position in sorted(freed):
            state[position] = FREE
            _clear(state, self._lasting[position])
        if freed:
            for position, forget in self._maps:
                state[position] = forget(state[position], freed)

    # --- what each variable has to do with it ------------------------------------------------------------------------

    def _add(self, variable: Variable) -> None:
        references = _references(variable.sort, self._layout)
        forget = _forget(variable.sort, self._layout)
        statuses = [_key_statuses(sort, self._layout) for sort in variable.index]
        for number in range(self._layout.count(variable.name)):
            position = self._layout.position(variable.name, number)
            owners = _owners(statuses, self._layout.ordinals(variable.name, number))
            if position is not None:
                self._add_cleared(variable, position, owners)
                if forget is not None:
                    self._maps.append((position, forget))
            if references is not None and variable.role not in (Role.STATUS, Role.BUDGET):
                value = None if variable.constant is None else variable.constant[number]
                owner = owners[0] if owners else None
                self._add_holder(variable, Holder(owner, position, value, references))

    def _add_cleared(self, variable: Variable, position: int, owners: list[int]) -> None:
        empty = zero(variable.sort)
        match variable.role:
            case Role.FIELD | Role.COMPONENT:
                for owner in owners:
                    self._mutable[owner].append((position, empty))
            case Role.CONST_FIELD | Role.BUDGET:
                for owner in owners:
                    self._lasting[owner].append((position, empty))
            case Role.STATUS | Role.GLOBAL | Role.CONSTANT:
                pass

    def _add_holder(self, variable: Variable, holder: Holder) -> None:
        self._roots.append(holder)
        if variable.role is Role.CONST_FIELD and holder.owner is not None:
            self._kept[holder.owner].append(holder)


def _clear(state: list[Value], places: list[tuple[int, Value]]) -> None:
    for position, empty in places:
        state[position] = empty


def _owners(statuses: list[list[int | None]], ordinals: tuple[int, ...]) -> list[int]:
    """The objects that may be deleted among the indexes of a place, as positions of their status."""
    found = [of_index[ordinal] for of_index, ordinal in zip(statuses, ordinals, strict=True)]
    return [position for position in found if position is not None]


def _key_statuses(keys: Sort, layout: Layout) -> list[int | None]:
    """For each value of a sort: the position of its status, if it is an object that may be deleted."""
    match keys:
        case ObjectSort(kind, slots):
            base = layout.status_base(kind)
            return [None if base is None else base + slot for slot in range(slots)]
        case OptionSort(inner):
            return [None, *_key_statuses(inner, layout)]
        case _:
            return [None] * len(values_of(keys))


def _references(sort: Sort, layout: Layout) -> References | None:
    """How values of a sort refer to objects that may be deleted; None where they do not."""
    if not contains_objects(sort):
        return None
    match sort:
        case ObjectSort(kind):
            base = layout.status_base(kind)
            return None if base is None else lambda value, state: (base + value,)
        case OptionSort(inner):
            of_value = _references(inner, layout)
            return None if of_value is None else lambda value, state: () if value is None else of_value(value, state)
        case SetSort(element) | SeqSort(element):
            of_element = _references(element, layout)
            return None if of_element is None else _references_of_elements(of_element)
        case MapSort(key, entry):
            of_entry = _references(entry, layout)
            return None if of_entry is None else _references_of_entries(of_entry, _key_statuses(key, layout))
        case _:
            return None


def _references_of_elements(of_element: References) -> References:
    def run(value: Any, state: Sequence[Value]) -> Iterable[int]:
        return [position for element in value for position in of_element(element, state)]

    return run


def _references_of_entries(of_entry: References, keys: list[int | None]) -> References:
    """The entries at slots without an object are no values of the model's, and hold nothing."""

    def run(value: Any, state: Sequence[Value]) -> Iterable[int]:
        return [
            position
            for entry, key in zip(value, keys, strict=True)
            if key is None or state[key] != FREE
            for position in of_entry(entry, state)
        ]

    return run


def _forget(sort: Sort, layout: Layout) -> Forget | None:
    """How the entries of maps within values of a sort are cleared; None where there are no such maps."""
    match sort:
        case OptionSort(inner):
            of_value = _forget(inner, layout)
            return None if of_value is None else lambda value, freed: None if value is None else of_value(value, freed)
        case SetSort(element):
            of_member = _forget(element, layout)
            return None if of_member is None else lambda value, freed: frozenset(of_member(v, freed) for v in value)
        case SeqSort(element):
            of_element = _forget(element, layout)
            return None if of_element is None else lambda value, freed: tuple(of_element(v, freed) for v in value)
        case MapSort(key, entry):
            return _forget_entries(_key_statuses(key, layout), _forget(entry, layout), zero(entry))
        case _:
            return None


def _forget_entries(keys: list[int | None], inner: Forget | None, empty: Value) -> Forget | None:
    if inner is None and all(key is None for key in keys):
        return None

    def run(value: Any, freed: frozenset[int]) -> tuple[Any, ...]:
        entries = [empty if key in freed else entry for entry, key in zip(value, keys, strict=True)]
        return tuple(entries if inner is None else [inner(entry, freed) for entry in entries])

    return run
