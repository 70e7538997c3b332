"""What random runs found: facts, not yet verdicts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from kspec.evaluate.run import Run
from kspec.explore.result import Cut, Limit


@dataclass(frozen=True, slots=True)
class Plan:
    """So many runs of at most so many steps."""

    runs: int
    depth: int
    seed: int


class End(Enum):
    """Why a run has no more steps."""

    FULL = "full"  # it has as many as it may have
    QUIET = "quiet"  # nothing can happen
    CUT = "cut"  # nothing can happen, but a create that finds no room
    FAILING = "failing"  # every step fails


@dataclass(frozen=True, slots=True)
class Seen:
    """How often runs showed something. `steps`: to where each of them showed it first, in all; `length`: the fewest of
    them; `run`: the number of the first run with so few."""

    runs: int
    steps: int
    length: int
    run: int

    @property
    def mean(self) -> float:
        """The steps to where a run that shows it does so first, on average."""
        return self.steps / self.runs

    def with_other(self, other: Seen) -> Seen:
        """What other runs showed, counted in."""
        length, run = min((self.length, self.run), (other.length, other.run))
        return Seen(self.runs + other.runs, self.steps + other.steps, length, run)


@dataclass(frozen=True, slots=True)
class Simulation:
    """`done`: runs that came to their end. `ends`: why. `steps`: taken in all of them. `action_counts`: how often each
    of `System.actions` was taken. `seen`: by property that was violated, or reached. `violations`, `witnesses`: a run
    for each, the shortest; `failing_property` as in `Exploration`. `cut`: the shortest run to where a create finds no
    room, and `cut_seen` how many came there."""

    plan: Plan
    done: int
    ends: dict[End, int]
    steps: int
    action_counts: tuple[int, ...]
    seen: dict[str, Seen]
    violations: dict[str, Run]
    failing_property: dict[str, str]
    witnesses: dict[str, Run]
    cut: Cut | None
    cut_seen: Seen | None
    limit: Limit | None
    limit_detail: str
    seconds: float
