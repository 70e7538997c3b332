"""What a search counts."""

from __future__ import annotations

from kspec.evaluate.clauses import ClauseUses
from kspec.evaluate.layout import Layout
from kspec.evaluate.run import State
from kspec.explore.result import ClauseUse
from kspec.system.system import ALIVE, System


class Tally:
    """Counts of transitions, actions, ends, clauses and room."""

    def __init__(self, system: System, layout: Layout) -> None:
        self.transitions = 0
        self.by_action = [0] * len(system.actions)
        self.refused = [0] * len(system.actions)
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
            alive = state[start:end].count(ALIVE)
            self.room_used[kind] = max(self.room_used[kind], alive)

    def count_step(self, action: int, *, refused: bool) -> None:
        self.transitions += 1
        self.by_action[action] += 1
        self.refused[action] += refused

    def clause_uses(self) -> tuple[tuple[ClauseUse, ...], ...]:
        return tuple(
            tuple(
                ClauseUse(self.clauses.held(action, clause), self.clauses.excluded(action, clause))
                for clause in range(len(row))
            )
            for action, row in enumerate(self.clauses.rows)
        )
