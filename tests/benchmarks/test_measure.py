"""Contenders run in turn, must count what is known, and are told by their medians."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from benchmarks.errors import Disagreement
from benchmarks.measure import Counts, Medians, Run, measure

COUNTS = Counts(4, 6, 2)


@dataclass(frozen=True, slots=True)
class Scripted:
    """A contender that takes as long as it is told to, and notes what is asked of it."""

    name: str
    seconds: tuple[float, ...]
    notes: list[str]
    counts: Counts = COUNTS
    expected: Counts = COUNTS
    left: list[float] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "left", list(self.seconds))

    def prepare(self) -> None:
        self.notes.append(f"prepare {self.name}")

    def run(self) -> Run:
        self.notes.append(self.name)
        seconds = self.left.pop(0)
        return Run(self.counts, seconds, 2 * seconds, round(8 * seconds))


def test_medians_of_runs_in_turn() -> None:
    notes: list[str] = []
    took = measure([Scripted("a", (9, 1, 2), notes), Scripted("b", (5, 4, 3), notes)], 3, lambda line: None)
    assert notes == ["prepare a", "prepare b", "a", "b", "a", "b", "a", "b"]
    assert took == {"a": Medians(4, 2, 4, 16), "b": Medians(4, 4, 8, 32)}
    assert took["b"].bytes_per_state == 8


def test_other_counts_end_it() -> None:
    with pytest.raises(Disagreement, match=r"b has Counts\(states=5.* should have Counts\(states=4"):
        measure([Scripted("a", (1,), []), Scripted("b", (1,), [], Counts(5, 6, 2))], 1, lambda line: None)
