"""The searches over a product, in plain Python."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from kspec.explore.temporal.edges import Hop, ways
from kspec.explore.temporal.graph import NO_UNIT
from kspec.explore.temporal.marks import CURRENT, DONE, FIRST_INDEX, HIGHEST_FAIR, MOST_NODES, ROOT, UNSEEN, is_wanted
from kspec.explore.temporal.observer import Rule
from kspec.explore.temporal.product import Product
from kspec.explore.temporal.searches import Marks, Wanted
from kspec.explore.watch import Watch

_INTERVAL: Final = 4096
"""Nodes between two looks at the limits."""


@dataclass(slots=True)
class _Frame:
    """A node that a search in depth has not left yet. `low`: the least index that is known to be reachable from it."""

    node: int
    ways: Iterator[tuple[Rule, Hop]]
    index: int
    low: int
    loops: bool = False


class PlainSearch:
    """Everything is looked at step by step; see `Search`."""

    def __init__(self, product: Product, watch: Watch) -> None:
        self.product = product
        self._watch = watch
        graph = product.graph
        self._units: list[int] = graph.units.tolist()
        self._served = _bits(graph.served)
        self._waiting = _bits(graph.waiting)
        self._looks = 0

    def no_marks(self) -> Marks:
        return np.zeros(self.product.nodes, dtype=np.uint32)

    def begin_behind(self, marks: Marks, waiting: int) -> None:
        alive, everything = self.product.letters.alive, self.product.everything_alive
        for state in range(self.product.graph.states):
            if alive is None or alive[state] == everything:
                for rule, hop in self._ways(self.product.number(state, 0, waiting)):
                    if rule.target != waiting:
                        marks[hop.node] = ROOT

    def reach(self, marks: Marks) -> None:
        waiting: list[int] = np.flatnonzero(marks == ROOT).tolist()
        while waiting:
            for _, hop in self._ways(waiting.pop()):
                if marks[hop.node] == UNSEEN:
                    marks[hop.node] = ROOT
                    waiting.append(hop.node)

    # --- components ---------------------------------------------------------------------------------------------------

    def components(self, marks: Marks, *, first: bool) -> int:
        """After Tarjan 1972. A component that is not fair, but may have a fair part, is gone through again without the
        nodes that no such part has, after Emerson and Lei 1987."""
        found = 0
        roots: list[int] = np.flatnonzero(marks == ROOT).tolist()
        while roots:
            root = roots.pop()
            if marks[root] == ROOT:
                for component in self._components_from(root, marks):
                    found += self._judge(component, marks, HIGHEST_FAIR - found, roots)
                    if first and found:
                        return found
        return found

    def _components_from(self, root: int, marks: Marks) -> Iterator[list[int]]:
        """The components that can be reached from a node, and that have a cycle; what they lead to comes first."""
        stack: list[int] = []
        frames: list[_Frame] = []
        child: _Frame | None = self._enter(root, marks, FIRST_INDEX)
        count = FIRST_INDEX
        while child is not None or frames:
            if child is not None:
                frames.append(child)
                stack.append(child.node)
                count, child = count + 1, None
            frame = frames[-1]
            for _, hop in frame.ways:
                seen = int(marks[hop.node])
                frame.loops |= hop.node == frame.node
                if seen in (UNSEEN, ROOT):
                    child = self._enter(hop.node, marks, count)
                    break
                if seen <= MOST_NODES:
                    frame.low = min(frame.low, seen)
            if child is None:
                frames.pop()
                if frames:
                    frames[-1].low = min(frames[-1].low, frame.low)
                if frame.low == frame.index:
                    component = _popped(stack, frame.node)
                    marks[component] = DONE
                    if len(component) > 1 or frame.loops:
                        yield component

    def _enter(self, node: int, marks: Marks, index: int) -> _Frame:
        marks[node] = index
        return _Frame(node, self._ways(node), index, index)

    def _judge(self, component: list[int], marks: Marks, fair: int, roots: list[int]) -> int:
        """Marks its nodes; 1 if it is fair and accepted."""
        marks[component] = CURRENT
        waiting = served = accepted = 0
        for node in component:
            state = node % self.product.graph.states
            waiting |= self._waiting[state]
            served |= self._served[state]
            for rule, hop in self._ways(node):
                if marks[hop.node] == CURRENT:
                    accepted |= rule.acceptance
                    served |= self._unit(hop.step)
        marks[component] = DONE
        if accepted != self.product.observer.all_sets:
            return 0
        owed = waiting & ~served
        if not owed:
            marks[component] = fair
            return 1
        rest = [node for node in component if not self._waiting[node % self.product.graph.states] & owed]
        marks[rest] = ROOT
        roots += rest
        return 0

    def _unit(self, step: int) -> int:
        unit = self._units[step]
        return 0 if unit == NO_UNIT else 1 << unit

    # --- paths --------------------------------------------------------------------------------------------------------

    def to_wanted(self, marks: Marks, roots: Sequence[int]) -> tuple[int, list[Hop]] | None:
        for root in roots:
            if is_wanted(int(marks[root])):
                return root, []
        return self._nearest(roots, lambda _: True, lambda _, hop: is_wanted(int(marks[hop.node])))

    def within(self, marks: Marks, start: int, wanted: Wanted) -> list[Hop]:
        region = int(marks[start])

        def is_found(rule: Rule, hop: Hop) -> bool:
            if wanted.is_home:
                return hop.node == wanted.home
            served = self._unit(hop.step) | self._served[hop.node % self.product.graph.states]
            return bool(rule.acceptance & wanted.acceptance or served & wanted.units)

        found = self._nearest([start], lambda node: int(marks[node]) == region, is_found)
        assert found is not None, "what is wanted is in the component"
        return found[1]

    def _nearest(
        self, roots: Sequence[int], allowed: Callable[[int], bool], is_found: Callable[[Rule, Hop], bool]
    ) -> tuple[int, list[Hop]] | None:
        """The path from a root by the first edge, breadth first, that is what is looked for."""
        before: dict[int, tuple[int, Hop] | None] = dict.fromkeys(roots)
        queue = deque(roots)
        while queue:
            node = queue.popleft()
            for rule, hop in self._ways(node):
                if not allowed(hop.node):
                    continue
                if is_found(rule, hop):
                    return _way(before, node, hop)
                if hop.node not in before:
                    before[hop.node] = node, hop
                    queue.append(hop.node)
        return None

    def _ways(self, number: int) -> Iterator[tuple[Rule, Hop]]:
        self._looks += 1
        if self._looks % _INTERVAL == 0:
            self._watch.check()
        return ways(self.product, number)


def _bits(masks: np.ndarray[tuple[int, ...], np.dtype[np.uint64]]) -> list[int]:
    """The columns of each row as one number."""
    rows: list[list[int]] = masks.tolist()
    return [sum(word << 64 * column for column, word in enumerate(row)) for row in rows]


def _popped(stack: list[int], last: int) -> list[int]:
    """What lies on the stack down to a node."""
    found = []
    while True:
        node = stack.pop()
        found.append(node)
        if node == last:
            return found


def _way(before: dict[int, tuple[int, Hop] | None], node: int, last: Hop) -> tuple[int, list[Hop]]:
    hops = [last]
    while (came := before[node]) is not None:
        node, hop = came
        hops.append(hop)
    return node, hops[::-1]
