"""The states found so far, and the shortest run to each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from kspec.evaluate.run import Move, Run, State, Taken

Form: TypeAlias = Callable[[State], State]
"""The canonical form of a state."""


class Graph:
    """States are numbered in the order found; each but the initial ones remembers the step it was first reached by.

    With a `form`, the first state found of each orbit stands for all of it. It is kept as it was found and not in its
    canonical form, so that every path is a run.
    """

    def __init__(self, form: Form | None = None) -> None:
        self._form = form
        self.states: list[State] = []
        self._numbers: dict[State, int] = {}
        self._parents: list[tuple[int, Taken] | None] = []

    def __len__(self) -> int:
        return len(self.states)

    def __contains__(self, state: State) -> bool:
        return self._key(state) in self._numbers

    def add(self, state: State, parent: tuple[int, Taken] | None) -> int:
        """Stores a new state and gives its number."""
        number = len(self.states)
        self.states.append(state)
        self._parents.append(parent)
        self._numbers[self._key(state)] = number
        return number

    def run_to(self, number: int, last: Move | None = None) -> Run:
        """The shortest run to a state, then perhaps one more move."""
        moves = [] if last is None else [last]
        parent = self._parents[number]
        while parent is not None:
            before, taken = parent
            moves.append(Move(taken, self.states[number]))
            number, parent = before, self._parents[before]
        return Run(self.states[number], tuple(reversed(moves)))

    def _key(self, state: State) -> State:
        return state if self._form is None else self._form(state)


@dataclass(frozen=True, slots=True)
class Path:
    """The run to a state, then perhaps one more move; it is only made where something is to be told."""

    graph: Graph
    number: int
    length: int
    last: Move | None = None

    def run(self) -> Run:
        return self.graph.run_to(self.number, self.last)
