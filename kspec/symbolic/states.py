"""States as terms: a symbolic value for every place of every variable."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import product

from kspec.evaluate.run import State
from kspec.symbolic import solver
from kspec.symbolic.limits import MOST_PARTS, TooLarge
from kspec.symbolic.numbers import numbers_for
from kspec.symbolic.solver import Assignment, Bit
from kspec.symbolic.values import SymbolicValue, Values, decode, domain, literal, terms, variable
from kspec.system.sorts import ObjectSort, Sort, Value
from kspec.system.system import ALIVE, Kind, Place, Role, System, Variable


@dataclass(frozen=True, slots=True)
class SymbolicState:
    """The symbolic values of the places of every variable, constant ones included."""

    places: dict[str, tuple[SymbolicValue, ...]]

    def at(self, place: Place) -> SymbolicValue:
        return self.places[place.variable][place.number]

    def replaced(self, changed: dict[Place, SymbolicValue]) -> SymbolicState:
        places = {name: list(values) for name, values in self.places.items()}
        for place, value in changed.items():
            places[place.variable][place.number] = value
        return SymbolicState({name: tuple(values) for name, values in places.items()})


class Layout:
    """A system's variables, kinds and the encoding of its values: what every part of its encoding shares."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.numbers = numbers_for(system)
        self.values = Values(self.numbers)
        self.variables = {variable.name: variable for variable in system.variables}
        self.indexes = {v.name: tuple(product(*map(domain, v.index))) for v in system.variables}
        self.quantified = False
        """Whether some formula has a quantifier of the solver's."""
        self.parts = 0
        """How many parts are encoded so far."""
        self._numbers_of_places = {
            name: {index: number for number, index in enumerate(indexes)} for name, indexes in self.indexes.items()
        }

    def spend(self, parts: int = 1) -> None:
        """Notes that so many more parts are encoded; `TooLarge` when the formula would get out of hand."""
        self.parts += parts
        if self.parts > MOST_PARTS:
            raise TooLarge(f"the formula has more than {MOST_PARTS:,} parts")

    @property
    def finite(self) -> bool:
        """Whether every formula so far is about Booleans and bit-vectors alone."""
        return self.numbers.finite and not self.quantified

    @cached_property
    def stored(self) -> tuple[Variable, ...]:
        """The variables that a state stores."""
        return tuple(variable for variable in self.system.variables if variable.constant is None)

    @cached_property
    def stored_places(self) -> tuple[Place, ...]:
        """The places of a state, in order."""
        return tuple(Place(v.name, number) for v in self.stored for number in range(len(self.indexes[v.name])))

    @cached_property
    def perishable(self) -> tuple[Kind, ...]:
        """The kinds whose objects come and go."""
        return tuple(kind for kind in self.system.kinds if kind.name in self._status_names)

    @cached_property
    def _status_names(self) -> dict[str, str]:
        statuses = [variable for variable in self.system.variables if variable.role is Role.STATUS]
        return {sort.kind: v.name for v in statuses for sort in v.index if isinstance(sort, ObjectSort)}

    def place(self, name: str, index: tuple[Value, ...]) -> Place:
        return Place(name, self._numbers_of_places[name][index])

    def sort(self, place: Place) -> Sort:
        return self.variables[place.variable].sort

    def slot(self, place: Place) -> tuple[str, int] | None:
        """The kind and slot of the first index of a place; None where it is no object."""
        sorts = self.variables[place.variable].index
        if not sorts or not isinstance(sorts[0], ObjectSort):
            return None
        slot = self.indexes[place.variable][place.number][0]
        assert isinstance(slot, int)
        return sorts[0].kind, slot

    def status(self, state: SymbolicState, kind: str, slot: int) -> SymbolicValue:
        """The status of a slot; of a kind whose objects do not come and go: alive."""
        name = self._status_names.get(kind)
        return ALIVE if name is None else state.places[name][slot]

    def status_place(self, kind: str, slot: int) -> Place:
        return Place(self._status_names[kind], slot)

    def has_status(self, state: SymbolicState, kind: str, slot: int, status: int) -> Bit:
        return self.values.equal(self.status(state, kind, slot), status)

    def alive(self, state: SymbolicState, kind: str, slot: int) -> Bit:
        return self.has_status(state, kind, slot, ALIVE)

    # --- making, comparing and reading states ---------------------------------------------------------------------

    def constants(self) -> dict[str, tuple[SymbolicValue, ...]]:
        known = (v for v in self.system.variables if v.constant is not None)
        return {v.name: tuple(literal(value, v.sort) for value in v.constant or ()) for v in known}

    def fresh(self, name: str) -> SymbolicState:
        """A state of which nothing is known but the constant variables."""
        places = self.constants()
        for v in self.stored:
            count = len(self.indexes[v.name])
            places[v.name] = tuple(variable(f"{name}.{v.name}[{i}]", v.sort, self.numbers) for i in range(count))
        return SymbolicState(places)

    def equal(self, left: SymbolicState, right: SymbolicState, *, ghosts: bool = True) -> Bit:
        """Whether two states agree; without `ghosts`, in all that is no ghost."""
        return solver.conjunction(
            self.values.equal(left.at(place), right.at(place))
            for place in self.stored_places
            if ghosts or not self.variables[place.variable].ghost
        )

    def decode(self, state: SymbolicState, assignment: Assignment) -> State:
        return tuple(decode(state.at(place), assignment) for place in self.stored_places)

    def renaming(self, old: SymbolicState, new: SymbolicState) -> list[tuple[solver.Term, solver.Term]]:
        """The variables of one fresh state with those of another."""
        return [
            pair
            for place in self.stored_places
            for pair in zip(terms(old.at(place)), terms(new.at(place)), strict=True)
        ]
