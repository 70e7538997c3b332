"""Settling as terms (see `System`): deleted objects that something refers to are kept, the others make room."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from kspec.symbolic import solver
from kspec.symbolic.solver import Bit
from kspec.symbolic.states import Layout, SymbolicState
from kspec.symbolic.values import (
    MapValue,
    OptionValue,
    SeqValue,
    SymbolicValue,
    as_map,
    as_option,
    as_seq,
    as_set,
    domain,
    literal,
)
from kspec.system.sorts import (
    MapSort,
    ObjectSort,
    OptionSort,
    SeqSort,
    SetSort,
    Sort,
    Value,
    contains_objects,
    zero,
)
from kspec.system.system import DELETED, FREE, Place, Role

Slot: TypeAlias = tuple[str, int]
"""A kind whose objects come and go, and one of its slots."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A place whose value can refer to objects. `owner`: the object it belongs to, if that comes and goes."""

    place: Place
    owner: Slot | None


class Settling:
    """How states of one system settle."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self.slots: tuple[Slot, ...] = tuple((k.name, i) for k in layout.perishable for i in range(len(k.slots)))
        self.holders: tuple[Holder, ...] = tuple(self._holders())

    def settled(self, state: SymbolicState) -> SymbolicState:
        deleted = {slot: self._layout.has_status(state, *slot, DELETED) for slot in self.slots}
        if all(condition is False for condition in deleted.values()):
            return state
        state = self._cleared(state, deleted, (Role.FIELD, Role.COMPONENT))
        held = self.held(state)
        freed = {slot: solver.both(deleted[slot], solver.negate(held[slot])) for slot in self.slots}
        statuses: dict[Place, SymbolicValue] = {}
        for kind, number in self.slots:
            place = self._layout.status_place(kind, number)
            statuses[place] = self._layout.values.choose(freed[kind, number], FREE, state.at(place))
        state = self._cleared(state.replaced(statuses), freed, (Role.CONST_FIELD, Role.BUDGET))
        return self._forgotten(state, freed)

    # --- what holds deleted objects -------------------------------------------------------------------------------

    def held(self, state: SymbolicState) -> dict[Slot, Bit]:
        """Whether something alive refers to a slot, maybe through const fields of deleted objects that are held.

        The least fixpoint, by as many rounds as the longest chain of such const fields can have.
        """
        held: dict[Slot, list[Bit]] = {slot: [] for slot in self.slots}
        links: list[tuple[Slot, Slot, Bit]] = []
        for holder in self.holders:
            place = holder.place
            alive = True if holder.owner is None else self._layout.alive(state, *holder.owner)
            for target, condition in self.references(state.at(place), self._layout.sort(place), state):
                held[target].append(solver.both(alive, condition))
                if holder.owner is not None and self._layout.variables[place.variable].role is Role.CONST_FIELD:
                    deleted = self._layout.has_status(state, *holder.owner, DELETED)
                    links.append((holder.owner, target, solver.both(deleted, condition)))
        reached = {slot: solver.disjunction(conditions) for slot, conditions in held.items()}
        for _ in range(self._longest_chain):
            step: dict[Slot, list[Bit]] = {slot: [condition] for slot, condition in reached.items()}
            for source, target, condition in links:
                step[target].append(solver.both(reached[source], condition))
            reached = {slot: solver.disjunction(conditions) for slot, conditions in step.items()}
        return reached

    def references(self, value: SymbolicValue, sort: Sort, state: SymbolicState) -> Iterator[tuple[Slot, Bit]]:
        """The slots that a value may refer to, of kinds whose objects come and go, each with the condition."""
        if not contains_objects(sort):
            return
        match sort:
            case ObjectSort(kind, slots):
                if kind in self._kinds:
                    for slot, is_slot in self._layout.values.matches(value, range(slots), sort):
                        assert isinstance(slot, int)
                        yield (kind, slot), is_slot
            case OptionSort(inner):
                option = as_option(value)
                if option.value is not None:
                    yield from self._where(option.present, option.value, inner, state)
            case SetSort(element):
                for member, bit in as_set(value).members.items():
                    yield from self._where(bit, literal(member, element), element, state)
            case SeqSort(element):
                sequence = as_seq(value)
                for position, entry in enumerate(sequence.entries):
                    yield from self._where(self._layout.values.reaches(sequence, position), entry, element, state)
            case MapSort(key, inner):
                for key_value, entry in zip(domain(key), as_map(value).entries, strict=True):
                    yield from self._where(self._is_kept(key, key_value, state), entry, inner, state)
            case _:
                return

    def _where(
        self, condition: Bit, value: SymbolicValue, sort: Sort, state: SymbolicState
    ) -> Iterator[tuple[Slot, Bit]]:
        if condition is not False:
            for slot, refers in self.references(value, sort, state):
                yield slot, solver.both(condition, refers)

    def _is_kept(self, key: Sort, value: Value, state: SymbolicState) -> Bit:
        """Whether there is, or was and is still held, an object at a key; the entries of free slots mean nothing."""
        slot = self._slot_of(key, value)
        return True if slot is None else solver.negate(self._layout.has_status(state, *slot, FREE))

    @cached_property
    def _kinds(self) -> frozenset[str]:
        return frozenset(kind for kind, _ in self.slots)

    @cached_property
    def _longest_chain(self) -> int:
        """How many links a chain of deleted objects can have that refer to one another in const fields."""
        edges: dict[str, set[str]] = {}
        for holder in self.holders:
            if holder.owner is not None and self._layout.variables[holder.place.variable].role is Role.CONST_FIELD:
                edges.setdefault(holder.owner[0], set()).update(_kinds_in(self._layout.sort(holder.place)))
        ends, length = set(edges), 0
        while ends and length < len(self.slots):
            ends = {target for source in ends for target in edges.get(source, ())}
            length += 1
        return length

    def _holders(self) -> Iterator[Holder]:
        for variable in self._layout.system.variables:
            if variable.role in (Role.STATUS, Role.BUDGET) or not contains_objects(variable.sort):
                continue
            for number in range(len(self._layout.indexes[variable.name])):
                place = Place(variable.name, number)
                yield Holder(place, next(iter(self.owners(place)), None))

    def emptied(self, state: SymbolicState, gone: dict[Slot, Bit]) -> SymbolicState:
        """The state with everything at `zero` that belongs to slots that are gone."""
        lasting = (Role.FIELD, Role.COMPONENT, Role.CONST_FIELD, Role.BUDGET)
        return self._forgotten(self._cleared(state, gone, lasting), gone)

    # --- what is cleared -------------------------------------------------------------------------------------------

    def owners(self, place: Place) -> list[Slot]:
        """The slots of kinds whose objects come and go that the index of a place names."""
        sorts = self._layout.variables[place.variable].index
        index = self._layout.indexes[place.variable][place.number]
        slots = (self._slot_of(sort, value) for sort, value in zip(sorts, index, strict=True))
        return [slot for slot in slots if slot is not None]

    def _slot_of(self, sort: Sort, value: Value) -> Slot | None:
        while isinstance(sort, OptionSort) and value is not None:
            sort = sort.inner
        if isinstance(sort, ObjectSort) and isinstance(value, int) and sort.kind in self._kinds:
            return sort.kind, value
        return None

    def _cleared(self, state: SymbolicState, gone: dict[Slot, Bit], roles: tuple[Role, ...]) -> SymbolicState:
        """The state with the places that belong to slots that are gone at `zero`."""
        changed: dict[Place, SymbolicValue] = {}
        for place in self._layout.stored_places:
            if self._layout.variables[place.variable].role in roles:
                condition = solver.disjunction(gone[slot] for slot in self.owners(place))
                if condition is not False:
                    changed[place] = self._layout.values.choose(condition, self._zero(place), state.at(place))
        return state.replaced(changed)

    def _zero(self, place: Place) -> SymbolicValue:
        sort = self._layout.sort(place)
        return literal(zero(sort), sort)

    def _forgotten(self, state: SymbolicState, freed: dict[Slot, Bit]) -> SymbolicState:
        """The state with the entries of all maps at freed slots at `zero`."""
        changed: dict[Place, SymbolicValue] = {}
        for variable in self._layout.stored:
            if self.forgets(variable.sort):
                for number, value in enumerate(state.places[variable.name]):
                    changed[Place(variable.name, number)] = self.forget(value, variable.sort, freed)
        return state.replaced(changed)

    def forgets(self, sort: Sort) -> bool:
        """Whether values of the sort contain maps with keys that come and go."""
        match sort:
            case OptionSort(inner) | SetSort(inner) | SeqSort(inner):
                return self.forgets(inner)
            case MapSort(key, inner):
                return bool(_kinds_in(key) & self._kinds) or self.forgets(inner)
            case _:
                return False

    def forget(self, value: SymbolicValue, sort: Sort, freed: dict[Slot, Bit]) -> SymbolicValue:
        if not self.forgets(sort):
            return value
        match sort:
            case OptionSort(inner):
                option = as_option(value)
                kept = None if option.value is None else self.forget(option.value, inner, freed)
                return OptionValue(option.present, kept)
            case SetSort(element):
                members = as_set(value).members.items()
                elements = [(self.forget(literal(m, element), element, freed), bit) for m, bit in members]
                return self._layout.values.set_of(elements, element)
            case SeqSort(element):
                sequence = as_seq(value)
                entries = tuple(self.forget(entry, element, freed) for entry in sequence.entries)
                return SeqValue(sequence.length, entries)
            case MapSort(key, inner):
                empty = literal(zero(inner), inner)
                entries = tuple(
                    self._layout.values.choose(self._gone(key, at, freed), empty, self.forget(entry, inner, freed))
                    for at, entry in zip(domain(key), as_map(value).entries, strict=True)
                )
                return MapValue(entries)
            case _:
                raise AssertionError(f"no maps in {sort}")

    def _gone(self, key: Sort, value: Value, freed: dict[Slot, Bit]) -> Bit:
        slot = self._slot_of(key, value)
        return False if slot is None else freed[slot]


def _kinds_in(sort: Sort) -> set[str]:
    """The kinds that values of a sort refer to."""
    match sort:
        case ObjectSort(kind):
            return {kind}
        case OptionSort(inner) | SetSort(inner) | SeqSort(inner) | MapSort(_, inner):
            return _kinds_in(inner)
        case _:
            return set()
