"""The initial states."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import product

from kspec.evaluate.layout import Layout
from kspec.evaluate.run import State
from kspec.evaluate.settle import Settler
from kspec.evaluate.values import enumerate_values
from kspec.system.sorts import Value, fits
from kspec.system.system import InitialChoice, System


class InitialStates:
    """Every combination of the initial choices is a candidate; those with every `initially` are the initial states."""

    def __init__(
        self, system: System, layout: Layout, settler: Settler, conditions: Sequence[Callable[[State], bool]]
    ) -> None:
        self._layout = layout
        self._settler = settler
        self._conditions = conditions
        self._choices = system.choices
        self._values: list[Value] = []
        for variable in system.variables:
            if variable.constant is None:
                self._values.extend(system.initial[variable.name])

    def candidates(self) -> Iterator[State]:
        """In the order of the choices, the last one fastest."""
        for values in product(*self.domains()):
            yield self.candidate(values)

    def domains(self) -> list[Sequence[Value]]:
        """The values of each initial choice. Raises EnumerationTooLarge."""
        return [self._enumerate(choice) for choice in self._choices]

    def admits(self, candidate: State) -> bool:
        """Whether a candidate is an initial state. Raises EvaluationError where an `initially` fails."""
        return all(condition(candidate) for condition in self._conditions)

    def is_candidate(self, state: State) -> bool:
        """Whether a state is among the candidates, without enumerating them."""
        values = [state[self._position(choice)] for choice in self._choices]
        chosen = all(map(self._allows, self._choices, values))
        return chosen and self.candidate(values) == state

    def candidate(self, values: Sequence[Value]) -> State:
        """The candidate with one value of each choice."""
        state = self._values.copy()
        for choice, value in zip(self._choices, values, strict=True):
            state[self._position(choice)] = value
        self._settler.settle(state)
        return tuple(state)

    def _position(self, choice: InitialChoice) -> int:
        position = self._layout.position(choice.place.variable, choice.place.number)
        if position is None:
            raise ValueError(f"an initial choice of a constant: {choice.place}")
        return position

    def _enumerate(self, choice: InitialChoice) -> Sequence[Value]:
        if choice.values is not None:
            return choice.values
        variable = self._layout.variables[choice.place.variable]
        return enumerate_values(f"the initial choice of {variable.name}", variable.sort)

    def _allows(self, choice: InitialChoice, value: Value) -> bool:
        if choice.values is not None:
            return value in choice.values
        return fits(value, self._layout.variables[choice.place.variable].sort)
