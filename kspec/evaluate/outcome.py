"""What can come of a binding of a transition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from kspec.evaluate.run import Failure, State, Taken


@dataclass(frozen=True, slots=True)
class Stepped:
    """The step is taken. `refused`: some request of it is refused; `refusals`: which of those in the transition, by
    position."""

    taken: Taken
    state: State
    refused: bool
    refusals: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Failing:
    """The step fails: no successor. `taken.values` ends with the last `Bind` before the failure."""

    taken: Taken
    failure: Failure


@dataclass(frozen=True, slots=True)
class Blocked:
    """A create found no free slot of `kind`: the state is cut. `taken.values` ends with the last `Bind` before it."""

    taken: Taken
    kind: str


Outcome: TypeAlias = Stepped | Failing | Blocked
