"""A model with one cluster: its numbers, its slots, and what its types mean there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from fractions import Fraction
from functools import cached_property

from kspec.language import checked
from kspec.language.types import (
    BoolType,
    EnumType,
    KindType,
    MapType,
    NumberType,
    OptionType,
    QuantityType,
    SeqType,
    SetType,
    Type,
)
from tests.reference.looks import fields_copied, fields_seen, kinds_seen
from tests.reference.store import Store
from tests.reference.values import Map, Ref, Value, member_value


@dataclass(frozen=True, slots=True)
class Watched:
    """How a component sees a kind: at most so many events late (None: any number), and of it these fields."""

    lag: int | None
    fields: tuple[str, ...]


class World:
    """`closed` evaluates an expression that looks at no state."""

    def __init__(self, model: checked.Model, cluster: str, closed: Callable[[World, checked.Expr], Value]) -> None:
        self.model = model
        self.cluster = model.clusters[cluster]
        self._closed = closed
        self._values = dict(self.cluster.values)
        self._constants: dict[str, Value] = {}
        self.disabled = frozenset(self.cluster.disabled)

    # --- constants -----------------------------------------------------------------------------------------------

    def constant(self, name: str, store: Store | None) -> Value:
        if store is not None and name in store.variables:
            return store.variables[name]
        if name not in self._constants:
            value = self._values.get(name, self.model.consts[name].value)
            assert value is not None, name
            assert not isinstance(value, checked.AnyOf | checked.AnyIn), name
            self._constants[name] = self._closed(self, value)
        return self._constants[name]

    def number(self, expression: checked.Expr) -> int:
        value = self._closed(self, expression)
        assert isinstance(value, int)
        return value

    # --- objects -------------------------------------------------------------------------------------------------

    @cached_property
    def named(self) -> dict[str, Ref]:
        """The objects that the cluster names, by name."""
        counts: dict[str, int] = {}
        refs = {}
        for item in self.cluster.objects:
            slot = counts.get(item.kind, 0)
            refs[item.name] = Ref(item.kind, slot)
            counts[item.kind] = slot + 1
        return refs

    @cached_property
    def present(self) -> dict[str, int]:
        """How many objects of a kind exist at the start: the named ones, then the unnamed."""
        counts = dict.fromkeys(self.model.kinds, 0)
        for item in self.cluster.objects:
            counts[item.kind] += 1
        for room in self.cluster.rooms:
            if room.exactly is not None:
                counts[room.kind] += self.number(room.exactly)
        return counts

    @cached_property
    def slots(self) -> dict[str, int]:
        """How many objects of a kind there is room for."""
        counts = dict(self.present)
        for room in self.cluster.rooms:
            if room.at_most is not None:
                counts[room.kind] = max(counts[room.kind], self.number(room.at_most))
        return counts

    @cached_property
    def quotas(self) -> frozenset[str]:
        return frozenset(room.kind for room in self.cluster.rooms if room.quota)

    def fixed(self, kind: str, field: str) -> bool:
        declared = self.model.kinds[kind].field(field)
        assert declared is not None
        return declared.modifier is not None

    def keys(self, kind: str) -> list[str]:
        return [field.name for field in self.model.kinds[kind].fields if field.modifier == "key"]

    # --- what components see -------------------------------------------------------------------------------------

    @cached_property
    def watched(self) -> dict[tuple[str, str], Watched]:
        """The kinds, by component, that it does not simply see as they are."""
        found = {}
        for component in self.model.components.values():
            clauses = component.clauses
            lags = {watch.kind: watch.lag for watch in clauses.watches}
            seen = kinds_seen(self.model, component) if clauses.disconnects is not None else set()
            for kind in sorted({*lags, *seen}):
                given = lags.get(kind, 0)
                lag = given if given is None or isinstance(given, int) else self.number(given)
                if lag != 0 or clauses.disconnects is not None or self.stale(component):
                    found[component.name, kind] = Watched(lag, fields_seen(self.model, component, kind))
        return found

    def stale(self, component: checked.Component) -> int:
        """From how many of the last versions of a kind its views may start after a crash."""
        crashes = component.clauses.crashes
        return 0 if crashes is None or crashes.stale is None else self.number(crashes.stale)

    @cached_property
    def logged(self) -> dict[str, int]:
        """How many of the last changes of a kind the store keeps for those."""
        found: dict[str, int] = {}
        for name, kind in self.watched:
            stale = self.stale(self.model.components[name])
            is_watched = any(watch.kind == kind for watch in self.model.components[name].clauses.watches)
            if stale and is_watched and self.watched[name, kind].lag is not None:
                found[kind] = max(stale, found.get(kind, 0))
        return found

    @cached_property
    def copied(self) -> dict[int, set[str]]:
        return fields_copied(self.model)

    # --- types ---------------------------------------------------------------------------------------------------

    def bounds(self, number: NumberType) -> tuple[int, int] | None:
        return None if number.bounds is None else (self.number(number.bounds[0]), self.number(number.bounds[1]))

    def most(self, quantity: str) -> Fraction:
        """The bound of a quantity."""
        found = self._closed(self, self.model.quantities[quantity].bound)
        assert isinstance(found, Fraction)
        return found

    def values(self, domain: Type, existing: Callable[[str], list[Ref]]) -> list[Value]:
        """What a parameter or a quantified variable of this type ranges over, in order."""
        match domain:
            case BoolType():
                return [False, True]
            case NumberType():
                bounds = self.bounds(domain)
                assert bounds is not None
                return list(range(bounds[0], bounds[1] + 1))
            case EnumType(name):
                return [member_value(name, member) for member in self.model.enums[name].members]
            case KindType(name):
                return list(existing(name))
            case OptionType(inner):
                return [None, *self.values(inner, existing)]
            case _:
                raise AssertionError(domain)

    def fits(self, value: Value, stored: Type) -> bool:
        """Whether a value keeps the bounds of the type it is stored in."""
        match stored, value:
            case QuantityType(name), int() | Fraction():
                return 0 <= value <= self.most(name)
            case NumberType(), int(number):
                bounds = self.bounds(stored)
                return bounds is None or bounds[0] <= number <= bounds[1]
            case OptionType(inner), _:
                return value is None or self.fits(value, inner)
            case SetType(element), frozenset(members):
                return all(self.fits(member, element) for member in members)
            case MapType(_, inner), Map(entries):
                return all(self.fits(entry, inner) for _, entry in entries)
            case SeqType(element, capacity), tuple(items):
                room = capacity is None or len(items) <= self.number(capacity)
                return room and all(self.fits(item, element) for item in items)
            case _:
                return True

    def lowest(self, stored: Type) -> Value:
        """What the entry of a deleted object is in a map that was made after its end."""
        match stored:
            case BoolType():
                return False
            case QuantityType():
                return Fraction(0)
            case NumberType():
                bounds = self.bounds(stored)
                return 0 if bounds is None else bounds[0]
            case EnumType(name):
                return member_value(name, self.model.enums[name].members[0])
            case KindType(name):
                return Ref(name, 0)
            case SetType():
                return frozenset()
            case SeqType():
                return ()
            case MapType():
                return Map(())
            case _:
                return None

    def completed(self, value: Value, stored: Type, store: Store) -> Value:
        """The value as it is stored: maps have an entry for every object that is kept, deleted or not."""
        if not isinstance(stored, MapType) or not isinstance(value, Map):
            return value
        entries = {key: self.completed(entry, stored.value, store) for key, entry in value.entries}
        if isinstance(stored.key, KindType):
            for ref in store.things:
                if ref.kind == stored.key.name and ref not in entries:
                    entries[ref] = self.completed(self.lowest(stored.value), stored.value, store)
        return Map(tuple((key, entries[key]) for key in self.ordered(frozenset(entries))))

    def ordered(self, values: frozenset[Value] | tuple[Value, ...]) -> list[Value]:
        """Each member once: none first, numbers and objects upwards, enum members as declared."""
        return sorted(set(values), key=self._rank)

    def _rank(self, value: Value) -> tuple[object, ...]:
        match value:
            case None:
                return (0,)
            case str():
                return (1, self._positions[value])
            case bool() | int() | Fraction():
                return (1, value)
            case Ref(_, slot):
                return (1, slot)
            case frozenset():
                return (1, *(self._rank(member) for member in self.ordered(value)))
            case tuple():
                return (1, *(self._rank(member) for member in value))
            case Map(entries):
                return (1, *(self._rank(entry) for _, entry in entries))

    @cached_property
    def _positions(self) -> dict[str, int]:
        return {
            member_value(enum.name, name): place
            for enum in self.model.enums.values()
            for place, name in enumerate(enum.members)
        }

    # --- what this cluster is asked ------------------------------------------------------------------------------

    def applies(self, glob: str | None) -> bool:
        return glob is None or fnmatchcase(self.cluster.name, glob)

    def properties(self, *kinds: str) -> Sequence[checked.Property]:
        found = self.model.properties.values()
        return [item for item in found if item.kind in kinds and self.applies(item.only_in)]
