"""Measuring several ways to search in turn, so that what disturbs the machine disturbs all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Protocol

from benchmarks.errors import Disagreement


@dataclass(frozen=True, slots=True)
class Counts:
    """What a complete search counts; `depth` in steps."""

    states: int
    transitions: int
    depth: int


@dataclass(frozen=True, slots=True)
class Run:
    """What one run took. `search`: seconds of the search alone, as the program tells; `whole`: of all processes from
    start to verdict, with their compilation; `bytes`: of memory at the peak."""

    counts: Counts
    search: float
    whole: float
    bytes: int


class Contender(Protocol):
    """One way to search a model."""

    @property
    def name(self) -> str: ...

    @property
    def expected(self) -> Counts:
        """What it must count."""
        ...

    def prepare(self) -> None:
        """What is not measured; once before all runs."""
        ...

    def run(self) -> Run: ...


@dataclass(frozen=True, slots=True)
class Medians:
    """Of all runs of one contender."""

    states: int
    search: float
    whole: float
    bytes: float

    @property
    def bytes_per_state(self) -> float:
        return self.bytes / self.states


def measure(contenders: Sequence[Contender], rounds: int, tell: Callable[[str], None]) -> dict[str, Medians]:
    """The medians by name. Raises Disagreement where a run counts something else than it must."""
    runs: dict[str, list[Run]] = {contender.name: [] for contender in contenders}
    for contender in contenders:
        contender.prepare()
    for number in range(rounds):
        for contender in contenders:
            run = contender.run()
            if run.counts != contender.expected:
                raise Disagreement(f"{contender.name} has {run.counts}, and should have {contender.expected}")
            runs[contender.name].append(run)
            tell(f"{number + 1}/{rounds}  {contender.name}: search {run.search:.2f} s, whole {run.whole:.2f} s")
    medians = {contender.name: _medians(contender.expected.states, runs[contender.name]) for contender in contenders}
    for name, took in medians.items():
        tell(
            f"median  {name}: search {took.search:.2f} s, whole {took.whole:.2f} s, "
            f"{took.bytes_per_state:.0f} bytes a state"
        )
    return medians


def _medians(states: int, runs: Sequence[Run]) -> Medians:
    return Medians(
        states, median(run.search for run in runs), median(run.whole for run in runs), median(run.bytes for run in runs)
    )
