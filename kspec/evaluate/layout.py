"""Where in a state each place of each variable is."""

from __future__ import annotations

from math import prod

from kspec.evaluate.run import State
from kspec.evaluate.values import ordinal
from kspec.system.sorts import ObjectSort, Value, cardinality
from kspec.system.system import Place, Role, System, Variable


class Layout:
    """The positions of places: variables in the system's order, places in order. Constant variables have none."""

    def __init__(self, system: System) -> None:
        self.variables: dict[str, Variable] = {variable.name: variable for variable in system.variables}
        self.sizes: dict[str, tuple[int, ...]] = {v.name: _sizes(v) for v in system.variables}
        self._bases: dict[str, int] = {}
        places: list[Place] = []
        for variable in system.variables:
            if variable.constant is None:
                self._bases[variable.name] = len(places)
                places.extend(Place(variable.name, number) for number in range(self.count(variable.name)))
        self.places: tuple[Place, ...] = tuple(places)
        self.size = len(places)
        self._status_bases = {
            sort.kind: self._bases[variable.name]
            for variable in system.variables
            for sort in variable.index
            if variable.role is Role.STATUS and isinstance(sort, ObjectSort)
        }

    def count(self, variable: str) -> int:
        """How many places a variable has."""
        return prod(self.sizes[variable])

    def number(self, variable: str, index: tuple[Value, ...]) -> int:
        """The number of a place among those of its variable (last index fastest)."""
        number = 0
        for value, sort, size in zip(index, self.variables[variable].index, self.sizes[variable], strict=True):
            position = ordinal(value, sort)
            if position is None:
                raise IndexError(f"{variable} has no place {index}")
            number = number * size + position
        return number

    def ordinals(self, variable: str, number: int) -> tuple[int, ...]:
        """The position of each index of a place among the values of its sort."""
        ordinals: list[int] = []
        for size in reversed(self.sizes[variable]):
            number, position = divmod(number, size)
            ordinals.append(position)
        return tuple(reversed(ordinals))

    def base(self, variable: str) -> int | None:
        """The position of a variable's first place; None for constant variables."""
        return self._bases.get(variable)

    def status_base(self, kind: str) -> int | None:
        """The position of the status of a kind's first slot; None for permanent kinds."""
        return self._status_bases.get(kind)

    def position(self, variable: str, number: int) -> int | None:
        """The position of a place in a state; None for constant variables."""
        base = self._bases.get(variable)
        return None if base is None else base + number

    def value(self, state: State, variable: str, number: int) -> Value:
        """The value of a place in a state, that of a constant variable included."""
        constant = self.variables[variable].constant
        return constant[number] if constant is not None else state[self._bases[variable] + number]


def _sizes(variable: Variable) -> tuple[int, ...]:
    sizes = []
    for sort in variable.index:
        size = cardinality(sort)
        if size is None:
            raise ValueError(f"the index of {variable.name} has no bound")
        sizes.append(size)
    return tuple(sizes)
