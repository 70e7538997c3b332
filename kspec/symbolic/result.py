"""What Z3 found: facts, not yet verdicts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from kspec.evaluate.run import Run, State, Taken


class InductionAnswer(Enum):
    INDUCTIVE = "inductive"
    NOT_INDUCTIVE = "not inductive"
    BASE_VIOLATED = "violated in an initial state"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class CounterexampleToInduction:
    """A state that satisfies everything assumed, and a step from it that does not keep the property.

    The state may be unreachable. `after` is None where the step itself fails.
    """

    before: State
    taken: Taken
    after: State | None


@dataclass(frozen=True, slots=True)
class InductionResult:
    """Of one property.

    `together_with`: the other properties that the proof assumed before the step and that were proved in the same round.
    INDUCTIVE is only answered if also no transition from the inductive set fails (Ranges, LiveReferences, Asserts).
    """

    answer: InductionAnswer
    together_with: tuple[str, ...] = ()
    counterexample: CounterexampleToInduction | None = None
    reason: str = ""
    """Of UNKNOWN: what the solver said."""


@dataclass(frozen=True, slots=True)
class BoundedResult:
    """Of bounded model checking. `depth`: up to which number of steps every property was decided.

    `violations` and `witnesses` as in an exploration: shortest runs. `cut_depth`: the least depth at which some state
    is cut (no room), None if none is up to `depth`. `exhausted`: no run has more than `depth` steps.
    """

    depth: int
    violations: dict[str, Run]
    failing_property: dict[str, str]
    witnesses: dict[str, Run]
    cut_depth: int | None
    limit: str | None
    """None, or why `depth` is less than what was asked for."""
    seconds: float
    exhausted: bool = False
