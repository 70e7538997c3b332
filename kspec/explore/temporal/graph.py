"""The complete graph of a system as arrays: states by number, and the steps from each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeAlias

import numpy as np

from kspec.evaluate.errors import EvaluationError
from kspec.evaluate.run import Failure, State
from kspec.system.expressions import Expr, Local
from kspec.system.sorts import Value

Numbers: TypeAlias = "np.ndarray[Any, np.dtype[np.uint32]]"
Offsets: TypeAlias = "np.ndarray[Any, np.dtype[np.uint64]]"
Masks: TypeAlias = "np.ndarray[Any, np.dtype[np.uint64]]"
Flags: TypeAlias = "np.ndarray[Any, np.dtype[np.bool_]]"

NO_UNIT: Final = 0xFFFF
"""In `StateGraph.units`: the step takes no unit of fairness."""


@dataclass(frozen=True, slots=True)
class StateGraph:
    """Every reachable state, unreduced, and every step that does not fail.

    The steps from state s are those from `offsets[s]` to `offsets[s + 1]`. Masks have a bit for each unit of fairness:
    unit u is bit u % 64 of column u // 64.
    """

    initial: Numbers
    offsets: Offsets
    targets: Numbers
    actions: np.ndarray[Any, np.dtype[np.uint16]]
    """By step: the action, as its position in `System.actions`."""
    units: np.ndarray[Any, np.dtype[np.uint16]]
    """By step: the unit of fairness that it takes; NO_UNIT where there is none, or nothing but ghosts changes."""
    served: Masks
    """By state: the units that a run which comes here again and again owes nothing: not enabled (or, of a queued one,
    not in the queue), or about an object that does not exist."""
    waiting: Masks
    """By state: the units that a run which comes here again and again owes something, unless it serves them: of a weak
    one everywhere, of a strong or a queued one where it is enabled."""
    cut: Flags
    """By state: whether some step is missing for want of room."""
    unit_count: int

    @property
    def states(self) -> int:
        return len(self.offsets) - 1

    @property
    def steps(self) -> int:
        return len(self.targets)


class AtomFails(EvaluationError):
    """An atom fails in a state, by its number, or on a step from there."""

    def __init__(self, failure: Failure, state: int) -> None:
        super().__init__(failure)
        self.state = state


class Labelled(Protocol):
    """A graph whose states can be asked."""

    @property
    def graph(self) -> StateGraph: ...

    def state(self, number: int) -> State:
        """A state by its number."""
        ...

    def state_atoms(self, expressions: Sequence[Expr], values: Mapping[Local, Value], alive: Sequence[Local]) -> Masks:
        """One mask a state: bit i says whether expression i is true there, with these values of locals. At most 64
        expressions. Where an object that is the value of one of `alive` does not exist, no expression is evaluated and
        no bit is set. Raises AtomFails for the first state in which an expression fails, SearchStopped where a limit is
        met, and KeyboardInterrupt."""
        ...

    def step_atoms(self, expressions: Sequence[Expr], values: Mapping[Local, Value], alive: Sequence[Local]) -> Masks:
        """One mask a step: OLD is the state before it, which `alive` is about, NEW the one after. Raises as
        `state_atoms` does."""
        ...
