"""Runs: what an engine reports and `evaluate` re-runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from kspec.system.expressions import FailureKind
from kspec.system.sorts import Value
from kspec.system.spans import Span

State: TypeAlias = tuple[Value, ...]
"""The values of all places of all variables that are not constant: variables in the system's order, places in order."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A transition (its position in `System.transitions`) and the values of its `Bind` locals, in order."""

    transition: int
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """An object: its kind and its slot."""

    kind: str
    slot: int


@dataclass(frozen=True, slots=True)
class Failure:
    """What failed: the implicit property, why in a few words, and where in the text. `item`: the object that could not
    be read, if it is about one."""

    kind: FailureKind
    message: str
    span: Span
    item: Item | None = field(default=None, compare=False)

    @property
    def precedence(self) -> tuple[int, Span, str]:
        """The least counts where several bindings fail."""
        return list(FailureKind).index(self.kind), self.span, self.message


@dataclass(frozen=True, slots=True)
class Move:
    """One step of a run. `state` is None for a step that fails, which is the last of its run."""

    taken: Taken
    state: State | None
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """A run from an initial state."""

    initial: State
    moves: tuple[Move, ...]

    @property
    def last(self) -> State:
        """The last state of the run; of a run that ends in a failing step, the state before it."""
        for move in reversed(self.moves):
            if move.state is not None:
                return move.state
        return self.initial
