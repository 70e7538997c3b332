"""What is asked of all states, or all steps, of a graph; and what stands where in the row that the code of it is called
with."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from kspec.evaluate.walk import nodes
from kspec.system.expressions import ExistingInBoth, Expr, Local, Moment, Writes

NOTHING_FAILED: Final = (1 << 64) - 1


class Argument(IntEnum):
    """The cells of what `ask` is called with; pointers stand there as numbers."""

    STATES = 0
    FIRST = 1
    END = 2
    """The states that are asked about."""
    VALUES = 3
    """A pointer to the values of the locals."""
    MASKS = 4
    """A pointer to the masks of all states, or of all steps."""
    FAILED = 5
    """Where nothing failed, NOTHING_FAILED; else the state, or step, that ends it."""
    OFFSETS = 6
    TARGETS = 7
    ACTIONS = 8
    """Of steps: pointers to what `StateGraph` has of these."""
    SIZE = 9


@dataclass(frozen=True, slots=True)
class Asked:
    """At most 64 expressions, with scalar locals whose values come with each call. `alive`: those whose objects must
    exist. `of_steps`: whether they are about two states."""

    expressions: tuple[Expr, ...]
    locals: tuple[Local, ...]
    alive: tuple[Local, ...]
    of_steps: bool

    @property
    def looks_at_new(self) -> bool:
        """Whether the state after a step matters, and not only the one before and whose step it is."""
        return any(_looks_at_new(node) for node in nodes(self.expressions))


def _looks_at_new(node: object) -> bool:
    return isinstance(node, Writes | ExistingInBoth) or getattr(node, "moment", None) is Moment.NEW
