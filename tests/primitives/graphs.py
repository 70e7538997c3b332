"""Whether two graphs of states are bisimilar.

The two may store different things. What a state *shows* must be the same, and for each step of one there must be a step
of the other, of the same name, to a state that is the same in this sense. A step that no text spells out and that leads
to such a state is not looked at.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

Label: TypeAlias = tuple[str, ...]
"""The name of the action, and what came of it: refused, or that there is no next state."""


@dataclass
class Graph:
    """States are numbers. `shown`: what can be seen of each. `steps`: of each, the labels and the next states."""

    initial: set[int] = field(default_factory=set)
    shown: list[Hashable] = field(default_factory=list)
    steps: list[set[tuple[Label, int]]] = field(default_factory=list)
    hidden: set[str] = field(default_factory=set)
    """The actions that no text spells out."""


Classes: TypeAlias = list[int]


def difference(one: Graph, other: Graph) -> str | None:
    """A run to where the graphs differ, as text; None where they are bisimilar."""
    union = _union(one, other)
    rounds = _refined(union)
    classes, size = rounds[-1], len(one.shown)
    ours, theirs = one.initial, {state + size for state in other.initial}
    for states, others in ((ours, theirs), (theirs, ours)):
        for state in sorted(states):
            if classes[state] not in {classes[found] for found in others}:
                near = max(others, key=lambda found: _equal_rounds(rounds, state, found))
                return _tell(union, rounds, state, near, size)
    return None


def _union(one: Graph, other: Graph) -> Graph:
    size = len(one.shown)
    moved = [{(label, target + size) for label, target in steps} for steps in other.steps]
    return Graph(set(), one.shown + other.shown, one.steps + moved, one.hidden | other.hidden)


def _refined(graph: Graph) -> list[Classes]:
    """States by what they show, then, again and again, by what their steps lead to, until nothing changes."""
    rounds = [_numbered(graph.shown)]
    while True:
        last = rounds[-1]
        signatures = [(last[state], _signature(graph, last, state)) for state in range(len(graph.shown))]
        classes = _numbered(signatures)
        if max(classes, default=0) == max(last, default=0):
            return rounds
        rounds.append(classes)


def _signature(graph: Graph, classes: Classes, state: int) -> frozenset[tuple[Label, int]]:
    return frozenset(
        (label, classes[target])
        for label, target in graph.steps[state]
        if not (label[0] in graph.hidden and classes[target] == classes[state])
    )


def _numbered(items: Iterable[Hashable]) -> Classes:
    numbers: dict[Hashable, int] = {}
    return [numbers.setdefault(item, len(numbers)) for item in items]


# --- telling what differs --------------------------------------------------------------------------------------------


def _equal_rounds(rounds: list[Classes], state: int, other: int) -> int:
    return sum(classes[state] == classes[other] for classes in rounds)


def _tell(graph: Graph, rounds: list[Classes], state: int, other: int, size: int) -> str:
    lines: list[str] = []
    while True:
        equal = _equal_rounds(rounds, state, other)
        if equal == 0:
            shown = "\n".join(f"{_side(found, size)} shows {graph.shown[found]}" for found in (state, other))
            return "\n".join([*lines, shown])
        before = rounds[equal - 1]
        for here, there in ((state, other), (other, state)):
            missing = _signature(graph, before, here) - _signature(graph, before, there)
            if missing:
                break
        label, wanted = min(missing)
        after = next(end for step, end in graph.steps[here] if step == label and before[end] == wanted)
        options = [end for step, end in graph.steps[there] if step == label]
        lines.append(f"{_side(here, size)} takes {' '.join(label)}")
        if not options:
            return "\n".join([*lines, f"the other cannot, from {graph.shown[here]} to {graph.shown[after]}"])
        state, other = after, max(options, key=lambda end: _equal_rounds(rounds, after, end))


def _side(state: int, size: int) -> str:
    return "the first" if state < size else "the second"
