"""Graphs that can be asked, made of tables instead of a system."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kspec.evaluate.errors import EvaluationError
from kspec.evaluate.run import Failure, State
from kspec.explore.temporal.graph import Masks, StateGraph
from kspec.system.expressions import TRUE, Binding, Existing, Expr, FailureKind, Literal, Local
from kspec.system.properties import Property, PropertyKind
from kspec.system.sorts import IntSort, ObjectSort, Value
from kspec.system.spans import NOWHERE
from kspec.system.system import Kind, System
from kspec.system.temporal import Temporal
from tests.explore.temporal.graphs import random_graph

POD = ObjectSort("Pod", 2)


def condition(number: int) -> Expr:
    """An expression whose value is in the tables of a toy."""
    return Literal(number, IntSort(0, 99))


def pod(number: int) -> Local:
    return Local(number, f"p{number}", POD)


@dataclass(frozen=True)
class Toy:
    """`of_states`, `of_steps`: by the number of a condition, and the first value among those of the locals. `alive`:
    by slot, in which states there is an object. A condition that is in none of the tables fails."""

    graph: StateGraph
    of_states: Mapping[tuple[int, Value], Sequence[bool]]
    of_steps: Mapping[tuple[int, Value], Sequence[bool]]
    alive: Sequence[Sequence[bool]]

    def state(self, number: int) -> State:
        return (number,)

    def state_atoms(self, expressions: Sequence[Expr], values: Mapping[Local, Value], alive: Sequence[Local]) -> Masks:
        return self._atoms(self.of_states, range(self.graph.states), expressions, values, alive)

    def step_atoms(self, expressions: Sequence[Expr], values: Mapping[Local, Value], alive: Sequence[Local]) -> Masks:
        return self._atoms(self.of_steps, sources(self.graph), expressions, values, alive)

    def _atoms(
        self,
        table: Mapping[tuple[int, Value], Sequence[bool]],
        states: Sequence[int],
        expressions: Sequence[Expr],
        values: Mapping[Local, Value],
        alive: Sequence[Local],
    ) -> Masks:
        first = next(iter(values.values()), None)
        masks = np.zeros(len(states), dtype=np.uint64)
        for place, state in enumerate(states):
            if not all(self.alive[self._slot(values[local])][state] for local in alive):
                continue
            for bit, expression in enumerate(expressions):
                if self._holds(table, expression, first, place):
                    masks[place] |= np.uint64(1 << bit)
        return masks

    def _holds(
        self, table: Mapping[tuple[int, Value], Sequence[bool]], expression: Expr, first: Value, place: int
    ) -> bool:
        if expression == TRUE:
            return True
        assert isinstance(expression, Literal)
        assert isinstance(expression.value, int)
        if (expression.value, first) not in table:
            raise EvaluationError(Failure(FailureKind.RANGES, "no such condition", NOWHERE))
        return table[expression.value, first][place]

    def _slot(self, value: Value) -> int:
        assert isinstance(value, int)
        return value


def sources(graph: StateGraph) -> list[int]:
    """By step: the state that it is taken in."""
    return [
        state for state in range(graph.states) for _ in range(int(graph.offsets[state]), int(graph.offsets[state + 1]))
    ]


def random_toy(dice: random.Random, states: int, conditions: int) -> Toy:
    graph = reachable_part(random_graph(dice, states, units=dice.randrange(3)))
    alive = [[dice.random() < 0.7 for _ in range(graph.states)] for _ in range(POD.slots)]
    values: tuple[Value, ...] = (None, 0, 1)
    return Toy(
        graph,
        {(n, v): [dice.random() < 0.5 for _ in range(graph.states)] for n in range(conditions) for v in values},
        {(n, v): [dice.random() < 0.5 for _ in range(graph.steps)] for n in range(conditions) for v in values},
        alive,
    )


def reachable_part(graph: StateGraph) -> StateGraph:
    """Every state of a complete graph can be reached from the first one."""
    order = [0]
    for state in order:
        for target in _targets(graph, state):
            if target not in order:
                order.append(target)
    steps = [range(int(graph.offsets[state]), int(graph.offsets[state + 1])) for state in order]
    kept = [step for of_state in steps for step in of_state]
    return StateGraph(
        initial=np.zeros(1, dtype=np.uint32),
        offsets=np.cumsum([0, *(len(of_state) for of_state in steps)]).astype(np.uint64),
        targets=np.array([order.index(int(graph.targets[step])) for step in kept], dtype=np.uint32),
        actions=graph.actions[kept],
        units=graph.units[kept],
        served=np.ascontiguousarray(graph.served[order]),
        waiting=np.ascontiguousarray(graph.waiting[order]),
        cut=graph.cut[order],
        unit_count=graph.unit_count,
    )


def _targets(graph: StateGraph, state: int) -> list[int]:
    targets: list[int] = graph.targets[int(graph.offsets[state]) : int(graph.offsets[state + 1])].tolist()
    return targets


def system_of(*properties: Property) -> System:
    """Of a toy: two slots for pods that come and go, and nothing else."""
    return System(
        model="toy",
        cluster="toy",
        kinds=(Kind("Pod", ("pod1", "pod2"), permanent=False, single=False),),
        variables=(),
        initial={},
        choices=(),
        initially=(),
        actions=(),
        disabled=(),
        transitions=(),
        properties=properties,
        expectations=(),
    )


def about_runs(name: str, temporal: Temporal, kind: PropertyKind = PropertyKind.TEMPORAL) -> Property:
    return Property(kind, name, None, NOWHERE, temporal)


def every_pod(number: int) -> Binding:
    return Binding(pod(number), Existing(POD))
