"""Where random runs begin."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import prod
from typing import Final

from kspec.evaluate.errors import EvaluationError
from kspec.evaluate.evaluator import Evaluator
from kspec.evaluate.initial import InitialStates
from kspec.evaluate.run import State
from kspec.explore.result import Limit
from kspec.explore.simulate.stream import Stream
from kspec.explore.watch import SearchStopped, Watch

MOST: Final = 4_096
"""Where the initial choices have more combinations, so many random ones stand for all."""
TRIES: Final = 100_000
"""So many random combinations are tried, to find some that satisfy every `initially`."""

_STREAM: Final = 0
"""Runs are counted from 1."""


@dataclass(slots=True)
class Starts:
    """Initial states, and by implicit property the first candidate that shows that an `initially` fails."""

    states: list[State] = field(default_factory=list)
    failing: dict[str, State] = field(default_factory=dict)


def find_starts(evaluator: Evaluator, seed: int, watch: Watch) -> Starts:
    """The initial states, or random ones of them where there are many.

    Raises SearchStopped where a limit is met or no state is found, and EnumerationTooLarge.
    """
    initial = evaluator.initial
    starts = Starts()
    domains = initial.domains()
    are_few = prod(len(domain) for domain in domains) <= MOST
    for candidate in initial.candidates() if are_few else _random_candidates(initial, Stream(seed, _STREAM)):
        watch.check()
        try:
            if initial.admits(candidate):
                starts.states.append(candidate)
        except EvaluationError as error:
            starts.failing.setdefault(error.failure.kind.value, candidate)
        if len(starts.states) == MOST:
            break
    if not starts.states and not starts.failing:
        detail = f"none of {TRIES:,} random combinations of the initial choices satisfies every `initially`"
        raise SearchStopped(Limit.ENUMERATION, detail)
    return starts


def _random_candidates(initial: InitialStates, stream: Stream) -> Iterator[State]:
    domains = initial.domains()
    for _ in range(TRIES):
        yield initial.candidate([domain[stream.below(len(domain))] for domain in domains])
