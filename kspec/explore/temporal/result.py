"""What the complete graph of a system says about its properties of runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from kspec.evaluate.lasso import Lasso
from kspec.evaluate.run import Run
from kspec.explore.temporal.outcome import AtomFails, EmptyAssumption, Holds, Recovers, Stopped, TooLarge


@dataclass(frozen=True, slots=True)
class LassoFound:
    """A fair run of which the property is false. `needs_room`: so is every other one that was found, and in its loop
    a step is missing for want of room."""

    lasso: Lasso
    needs_room: bool


@dataclass(frozen=True, slots=True)
class TrapFound:
    """A run to a state from which `size` states can be reached, none of which has what is to be recovered.
    `needs_room`: in some of them a step is missing for want of room, and so it is with every other such state."""

    run: Run
    size: int
    needs_room: bool


Answer: TypeAlias = Holds | Recovers | LassoFound | TrapFound | EmptyAssumption | AtomFails | TooLarge | Stopped


@dataclass(frozen=True, slots=True)
class TemporalResult:
    """`answers`: by property. `states`, `steps`: of the complete graph, which is not reduced by symmetry; None where it
    was not completed. `is_cut`: whether a step is missing for want of room in some state of it."""

    answers: dict[str, Answer]
    states: int | None = None
    steps: int | None = None
    is_cut: bool = False
    seconds: float = 0.0
