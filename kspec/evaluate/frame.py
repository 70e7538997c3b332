"""Frames: what translated expressions and transitions run on.

A frame is a flat list: the state or states looked at, then what only some expressions need, then the locals.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from kspec.system.expressions import Local, Moment

Frame: TypeAlias = list[Any]

Code: TypeAlias = Callable[[Frame], Any]
"""An expression, translated once into nested closures: from a frame to the value."""

NEW = 0
"""The state after the step; of one-state expressions and transitions, the state."""
OLD = 1
"""The state before the step."""
ACTION = 2
"""Of step properties: the position of the action taken."""
PINNED = 3
"""Of transitions: the values of some `Bind`s, by number; the others range over their domains."""
USES = 4
"""Of transitions: where the uses of the action's clauses are noted, or None."""
OUTCOMES = 5
"""Of transitions: the list of outcomes so far."""
LOCALS = 6
"""The first local."""


def at(moment: Moment) -> int:
    """The position of the state of a moment."""
    return OLD if moment is Moment.OLD else NEW


class Scope:
    """The positions of the locals of one expression or transition in its frames."""

    def __init__(self) -> None:
        self.size = LOCALS
        self._positions: dict[int, int] = {}

    def position(self, local: Local) -> int:
        """The position of a local, given at its first mention."""
        if local.id not in self._positions:
            self._positions[local.id] = self.unnamed()
        return self._positions[local.id]

    def unnamed(self) -> int:
        """A position of its own, for a value without a name."""
        self.size += 1
        return self.size - 1

    def frame(self) -> Frame:
        return [None] * self.size
