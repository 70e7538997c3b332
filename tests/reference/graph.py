"""The graph of all states, each step with the unit of fairness that it takes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.reference.actions import GOES_ON, Outcome
from tests.reference.expressions import StepTaken
from tests.reference.fairness import Strength, Unit, ghosts, unit_of, waiting_units
from tests.reference.initial import initial_stores
from tests.reference.search import HIDDEN, TooManyStates, enabled_test, every_outcome
from tests.reference.store import Frozen, Store
from tests.reference.world import World


@dataclass(frozen=True, slots=True)
class Edge:
    """A step from one state to another. `unit`: the one that it takes; `step` is None where a run stops instead."""

    source: int
    target: int
    step: StepTaken | None
    unit: Unit | None


@dataclass(slots=True)
class Node:
    """A state. `enabled`: the units that can be taken. `waiting`: those that a worker would begin, if one were idle.
    `cut`: a step is missing, for want of room or because it fails."""

    store: Store
    edges: list[Edge] = field(default_factory=list)
    enabled: set[Unit] = field(default_factory=set)
    waiting: set[Unit] = field(default_factory=set)
    cut: bool = False

    def owes_nothing(self, unit: Unit) -> bool:
        """Whether a run that comes here again and again need not take the unit for that."""
        if not all(self.store.alive(ref) for ref in unit.objects):
            return True
        match unit.strength:
            case Strength.WEAK:
                return unit not in self.enabled
            case Strength.STRONG:
                return False
            case Strength.QUEUED:
                return unit not in self.waiting


class Graph:
    """Raises TooManyStates where there are more than `most`."""

    def __init__(self, world: World, most: int) -> None:
        self.world = world
        self.nodes: list[Node] = []
        self._most = most
        self._ghosts = ghosts(world)
        self._enabled = enabled_test(world)
        self._numbers: dict[Frozen, int] = {}
        self.initial = sorted({self._number(store) for store in initial_stores(world)})
        done = 0
        while done < len(self.nodes):
            self._expand(done)
            done += 1
        self.units = sorted(set[Unit]().union(*(node.enabled for node in self.nodes)), key=repr)

    def _number(self, store: Store) -> int:
        frozen = store.freeze()
        if frozen not in self._numbers:
            if len(self.nodes) >= self._most:
                raise TooManyStates
            self._numbers[frozen] = len(self.nodes)
            self.nodes.append(Node(store))
        return self._numbers[frozen]

    def _expand(self, number: int) -> None:
        node = self.nodes[number]
        node.waiting = set(waiting_units(self.world, node.store))
        before = node.store.freeze(self._ghosts)
        for outcome in every_outcome(self.world, node.store):
            if outcome.after is None:
                node.cut = True
                continue
            unit = None
            if outcome.after.freeze(self._ghosts) != before:
                unit = unit_of(self.world, node.store, outcome)
            if unit is not None:
                node.enabled.add(unit)
            node.edges.append(Edge(number, self._number(outcome.after), self._step(outcome), unit))

    def _step(self, outcome: Outcome) -> StepTaken:
        component = HIDDEN if outcome.hidden else outcome.component
        return StepTaken(component, outcome.action.removesuffix(GOES_ON), self._enabled)

    def steps_and_stop(self, number: int) -> Iterator[Edge]:
        """How a run may go on from a state: by a step, or by stopping there."""
        yield from self.nodes[number].edges
        yield Edge(number, number, None, None)

    def trap(self, number: int) -> set[int]:
        """The states that can be reached from one, that one included."""
        found, frontier = {number}, [number]
        while frontier:
            for edge in self.nodes[frontier.pop()].edges:
                if edge.target not in found:
                    found.add(edge.target)
                    frontier.append(edge.target)
        return found
