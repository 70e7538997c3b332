"""Which `when` clauses ever held, and which ever excluded a binding."""

from __future__ import annotations

from kspec.system.system import System

HELD = 1
EXCLUDED = 2


class ClauseUses:
    """For each action and each of its clauses: HELD, EXCLUDED, both or neither, over all bindings that came to it."""

    def __init__(self, system: System) -> None:
        self.rows: list[list[int]] = [[0] * len(action.clauses) for action in system.actions]

    def held(self, action: int, clause: int) -> bool:
        return bool(self.rows[action][clause] & HELD)

    def excluded(self, action: int, clause: int) -> bool:
        return bool(self.rows[action][clause] & EXCLUDED)
