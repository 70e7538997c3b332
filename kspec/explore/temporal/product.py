"""The product of a complete graph with an observer: what a run does, and what is still awaited of it.

A node is a state of the graph, the flags of the tracked objects that are gone, and a state of the observer. Nodes are
numbered plane by plane: a plane has the nodes of all states that agree in the rest, so that planes which no run comes
to are never touched and take no memory.

A search takes, for each node that it touches, 4 bytes for its mark and up to 20 for the stacks of a search in depth; a
search for a path takes 8. What belongs to the graph is 8 bytes a state for the letters, 1 where objects are tracked,
and 8 bytes a step where the formula has atoms about steps.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from kspec.explore.result import Limit
from kspec.explore.temporal.graph import Flags, StateGraph
from kspec.explore.temporal.letters import Letters
from kspec.explore.temporal.marks import MOST_NODES
from kspec.explore.temporal.observer import Observer
from kspec.explore.watch import SearchStopped


class Node(NamedTuple):
    state: int
    flags: int
    observed: int


@dataclass(frozen=True)
class Product:
    graph: StateGraph
    observer: Observer
    letters: Letters

    def __post_init__(self) -> None:
        if self.nodes > MOST_NODES:
            raise SearchStopped(Limit.MEMORY, f"more than {MOST_NODES:,} states of the graph and the formula together")

    @property
    def planes(self) -> int:
        return (1 << self.letters.tracked) * self.observer.states

    @property
    def nodes(self) -> int:
        return self.planes * self.graph.states

    @property
    def everything_alive(self) -> int:
        """The flags of `letters.alive` where all tracked objects exist."""
        return (1 << self.letters.tracked) - 1

    def number(self, state: int, flags: int, observed: int) -> int:
        return (flags * self.observer.states + observed) * self.graph.states + state

    def node(self, number: int) -> Node:
        plane, state = divmod(number, self.graph.states)
        return Node(state, *divmod(plane, self.observer.states))

    def plane(self, flags: int, observed: int) -> slice:
        """The numbers of the nodes of a plane, by state."""
        first = self.number(0, flags, observed)
        return slice(first, first + self.graph.states)

    @property
    def starts(self) -> list[int]:
        """Where runs begin."""
        observer, initial = self.observer, sorted(set(self.graph.initial.tolist()))
        found = {self.number(state, 0, observer.initial) for state in initial}
        found |= {self.number(state, 0, observer.born) for state in initial if self.all_alive(state)}
        return sorted(found)

    def all_alive(self, state: int) -> bool:
        alive = self.letters.alive
        return alive is None or int(alive[state]) == self.everything_alive

    @cached_property
    def skippable(self) -> int | None:
        """The state in which the observer waits, if every state of the graph in which all tracked objects exist can be
        come to in it, without a flag, and nothing begins to count there once an object is gone. A search need not go
        through its nodes then."""
        waiting = self.observer.waiting
        if waiting is None:
            return None
        leaving = [rule for rule in self.observer.rules[waiting] if rule.target != waiting]
        for flags in range(1, 1 << self.letters.tracked):
            for rule in leaving:
                possible = self.letters.keep[flags] | self.letters.gone[flags]
                asked = rule.positive | rule.step_positive
                excluded = rule.negative | rule.step_negative
                if not (asked & ~possible or excluded & self.letters.gone[flags]):
                    return None
        return waiting

    @cached_property
    def may_stop(self) -> Flags:
        """By state: no unit of fairness is owed anything."""
        owed = np.zeros(self.graph.states, dtype=np.bool_)
        for column in range(self.graph.served.shape[1]):
            owed |= (self.graph.waiting[:, column] & ~self.graph.served[:, column]) != 0
        return ~owed

    def letter(self, node: Node) -> int:
        """The atoms about the state that are true at a node."""
        letters = self.letters
        return int(letters.states[node.state]) & letters.keep[node.flags] | letters.gone[node.flags]

    def flags_after(self, flags: int, target: int) -> int:
        """The flags of the tracked objects, and of those that are gone in the state that a step leads to."""
        alive = self.letters.alive
        return 0 if alive is None else flags | self.everything_alive & ~int(alive[target])
