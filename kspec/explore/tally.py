"""What a search counts."""

from __future__ import annotations

from collections.abc import Set

from kspec.evaluate.clauses import ClauseUses
from kspec.evaluate.layout import Layout
from kspec.evaluate.run import State
from kspec.explore.result import ClauseUse, RefusedRequest
from kspec.system.system import FREE, System


class Tally:
    """Counts of transitions, actions, ends, clauses and room."""

    def __init__(self, system: System, layout: Layout) -> None:
        self.transitions = 0
        self.by_action = [0] * len(system.actions)
        self.refused = [0] * len(system.actions)
        self.failing = [False] * len(system.actions)
        self._refusals: set[tuple[int, RefusedRequest]] = set()
        self._system = system
        self.cut_states = 0
        self.quiet_states = 0
        self.clauses = ClauseUses(system)
        self.room_used: dict[str, int] = {}
        self._rooms: list[tuple[str, int, int]] = []
        for kind in system.kinds:
            base = layout.status_base(kind.name)
            if base is not None:
                self.room_used[kind.name] = 0
                self._rooms.append((kind.name, base, base + len(kind.slots)))

    def count_state(self, state: State) -> None:
        """A state that was never seen before."""
        for kind, start, end in self._rooms:
            used = end - start - state[start:end].count(FREE)
            self.room_used[kind] = max(self.room_used[kind], used)

    def count_step(self, number: int, refusals: tuple[int, ...], *, refused: bool) -> None:
        """A step of a transition, with those of its refusals that happen."""
        transition = self._system.transitions[number]
        self.transitions += 1
        self.by_action[transition.action] += 1
        self.refused[transition.action] += refused
        for position in refusals:
            refusal = transition.refusals[position]
            self._refusals.add((transition.action, RefusedRequest.of(refusal)))

    def count_failure(self, number: int) -> None:
        """A step of a transition that fails."""
        self.failing[self._system.transitions[number].action] = True

    def refused_requests(self) -> tuple[tuple[RefusedRequest, ...], ...]:
        """By action, in the order of the system."""
        return refused_among(self._system, self._refusals)

    def clause_uses(self) -> tuple[tuple[ClauseUse, ...], ...]:
        return tuple(
            tuple(
                ClauseUse(self.clauses.held(action, clause), self.clauses.excluded(action, clause))
                for clause in range(len(row))
            )
            for action, row in enumerate(self.clauses.rows)
        )


def refused_among(system: System, seen: Set[tuple[int, RefusedRequest]]) -> tuple[tuple[RefusedRequest, ...], ...]:
    """By action, in the order of the system: of its requests and their results, those that were seen."""
    found: list[dict[RefusedRequest, None]] = [{} for _ in system.actions]
    for transition in system.transitions:
        for refusal in transition.refusals:
            request = RefusedRequest.of(refusal)
            if (transition.action, request) in seen:
                found[transition.action][request] = None
    return tuple(map(tuple, found))
