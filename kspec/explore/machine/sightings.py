"""What a search found: for each finding, where it was seen first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import assert_never

from kspec.explore.machine.facts import (
    Cut,
    Deadlocked,
    Finding,
    PropertyFails,
    Reached,
    StepFails,
    StepPropertyFails,
    StepViolated,
    TerminalFails,
    Violated,
)
from kspec.explore.machine.program import Words
from kspec.explore.machine.worker import Worker


@dataclass(frozen=True, slots=True)
class Sighting:
    """The least state of all at the least distance that shows a finding. `length`: of the run that shows it."""

    finding: Finding
    depth: int
    state: Words

    @property
    def length(self) -> int:
        return self.depth + needs_step(self.finding)


class Sightings:
    """What is told in one level is seen together: it does not matter which worker told it, and when."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self._findings = findings
        self._seen: dict[int, Sighting] = {}

    def take(self, workers: Sequence[Worker], depth: int) -> None:
        """Takes what the workers told while they expanded the states at this depth (-1: the initial states came)."""
        reported = [worker.has_reported() for worker in workers]
        if not any(reported):
            return
        for number, finding in enumerate(self._findings):
            states = [state for worker in workers if (state := worker.sighting(number)) is not None]
            if number not in self._seen and states:
                at = depth + _is_of_new_state(finding)
                self._seen[number] = Sighting(finding, at, min(states))

    def numbered(self) -> list[tuple[int, Sighting]]:
        """With the numbers of their findings."""
        return sorted(self._seen.items(), key=lambda item: item[0])

    def restore(self, seen: Sequence[tuple[int, int, Words]]) -> None:
        """Takes back what an earlier search saw: the number of a finding, the depth, the state."""
        self._seen = {number: Sighting(self._findings[number], depth, state) for number, depth, state in seen}

    def __iter__(self) -> Iterator[Sighting]:
        """In the order of the findings' numbers."""
        return iter([sighting for _, sighting in self.numbered()])


def violated_name(finding: Finding) -> str | None:
    """The property that a finding shows violated."""
    match finding:
        case Violated(name) | Deadlocked(name) | StepViolated(name):
            return name
        case StepFails(kind) | PropertyFails(_, kind) | TerminalFails(_, kind) | StepPropertyFails(_, kind):
            return kind.value
        case Reached() | Cut():
            return None
        case _:
            assert_never(finding)


def failing_name(finding: Finding) -> str | None:
    """The property whose expression a finding shows to fail."""
    match finding:
        case PropertyFails(name, _) | TerminalFails(name, _) | StepPropertyFails(name, _):
            return name
        case _:
            return None


def _is_of_new_state(finding: Finding) -> bool:
    return isinstance(finding, Violated | Reached | PropertyFails)


def needs_step(finding: Finding) -> bool:
    """Whether a finding is shown by one more step from the state that it is told of."""
    return isinstance(finding, StepViolated | StepPropertyFails | StepFails)
