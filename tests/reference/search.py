"""Breadth-first search of every reachable state, and what it shows of the properties."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from kspec.language import checked
from tests.reference.actions import GOES_ON, Outcome, outcomes, outcomes_of
from tests.reference.expressions import StepTaken, View, evaluate_closed, holds
from tests.reference.fairness import ghosts
from tests.reference.hidden import hidden_outcomes
from tests.reference.initial import initial_stores
from tests.reference.store import Frozen, Store
from tests.reference.values import Failed, Ref
from tests.reference.world import World

HIDDEN = ""
"""The component of what no text spells out: `by` means none of it."""


class TooManyStates(Exception):
    """There are more states than were asked for."""


@dataclass(slots=True)
class Findings:
    """`violations`, `witnesses`: how many steps the shortest run to each has, the failing step included."""

    initial_states: int = 0
    states: int = 0
    transitions: int = 0
    depth: int = 0
    cut_states: int = 0
    refused: int = 0
    taken: Counter[str] = field(default_factory=Counter)
    violations: dict[str, int] = field(default_factory=dict)
    witnesses: dict[str, int] = field(default_factory=dict)


def check(model: checked.Model, cluster: str, max_states: int = 100_000) -> Findings:
    """Raises TooManyStates where the cluster has more."""
    world = World(model, cluster, evaluate_closed)
    return _Search(world, max_states).run()


def every_outcome(world: World, store: Store) -> Iterator[Outcome]:
    """Every transition of a state."""
    yield from outcomes(world, store)
    yield from hidden_outcomes(world, store)


def enabled_test(world: World) -> Callable[[Store, str, Ref | None, str], bool]:
    """Whether an action can change a state; ghosts are not looked at."""
    hidden = ghosts(world)

    def enabled(store: Store, component: str, instance: Ref | None, action: str) -> bool:
        declared = world.model.components[component]
        wanted = next(item for item in declared.items if item.name == action)
        before = store.freeze(hidden)
        return any(
            outcome.after is not None and outcome.after.freeze(hidden) != before
            for outcome in outcomes_of(world, store, declared, wanted, instance)
        )

    return enabled


class _Search:
    def __init__(self, world: World, max_states: int) -> None:
        self.world = world
        self._enabled = enabled_test(world)
        self.max_states = max_states
        self.found = Findings()
        self.seen: set[Frozen] = set()

    def run(self) -> Findings:
        frontier = self._new(initial_stores(self.world), 0)
        self.found.initial_states = len(frontier)
        depth = 0
        while frontier:
            self.found.depth = depth
            reached = [store for state in frontier for store in self._expand(state, depth)]
            frontier = self._new(reached, depth + 1)
            depth += 1
        self.found.states = len(self.seen)
        return self.found

    def _new(self, stores: Iterable[Store], distance: int) -> list[Store]:
        """Those that were never seen, each once and looked at."""
        fresh = []
        for store in stores:
            frozen = store.freeze()
            if frozen in self.seen:
                continue
            self.seen.add(frozen)
            if len(self.seen) > self.max_states:
                raise TooManyStates
            fresh.append(store)
            self._look_at_state(store, distance)
        return fresh

    def _expand(self, store: Store, depth: int) -> list[Store]:
        before = store.freeze()
        successors = []
        failing = cut = False
        for outcome in every_outcome(self.world, store):
            if outcome.failure is not None:
                failing = True
                self.found.violations.setdefault(outcome.failure, depth + 1)
            elif outcome.after is None:
                cut = True
            else:
                successors.append(outcome.after)
                self.found.transitions += 1
                self.found.refused += outcome.refused
                self.found.taken[f"{outcome.component}.{outcome.action}"] += 1
                if outcome.after.freeze() != before:
                    component = HIDDEN if outcome.hidden else outcome.component
                    step = StepTaken(component, outcome.action.removesuffix(GOES_ON), self._enabled)
                    self._look_at_step(store, outcome.after, step, depth + 1)
        self.found.cut_states += cut
        if not (successors or failing or cut):
            self._look_at_end(store, depth)
        return successors

    # --- properties ----------------------------------------------------------------------------------------------

    def _look_at_state(self, store: Store, distance: int) -> None:
        for item in self.world.properties("invariant", "reachable"):
            value = self._value(item.body, View(self.world, store), distance)
            if item.kind == "invariant" and value is False:
                self.found.violations.setdefault(item.name, distance)
            if item.kind == "reachable" and value is True:
                self.found.witnesses.setdefault(item.name, distance)

    def _look_at_step(self, before: Store, after: Store, step: StepTaken, distance: int) -> None:
        for item in self.world.properties("step"):
            view = View(self.world, after, before=before, step=step)
            if self._value(item.body, view, distance) is False:
                self.found.violations.setdefault(item.name, distance)

    def _look_at_end(self, store: Store, distance: int) -> None:
        terminal = self.world.model.terminal
        if terminal is not None and self._value(terminal, View(self.world, store), distance) is False:
            self.found.violations.setdefault("Deadlock", distance)

    def _value(self, expression: checked.Expr, view: View, distance: int) -> bool | None:
        """None where the expression fails, which violates an implicit property."""
        try:
            return holds(expression, view)
        except Failed as failed:
            self.found.violations.setdefault(failed.implicit, distance)
            return None
