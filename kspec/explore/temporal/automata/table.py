"""An automaton as the product with a graph of states reads it."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from kspec.explore.temporal.automata.automaton import Automaton, outgoing
from kspec.explore.temporal.automata.guards import allows


class Move(NamedTuple):
    positive: int
    negative: int
    target: int
    acceptance: int

    def allows(self, letter: int) -> bool:
        return allows((self.positive, self.negative), letter)


Table: TypeAlias = tuple[tuple[Move, ...], ...]
"""The moves of each state."""


def table(automaton: Automaton) -> Table:
    return tuple(
        tuple(Move(*edge.guard, edge.target, edge.acceptance) for edge in edges) for edges in outgoing(automaton)
    )
