"""Atoms of formulas in all states and steps of a graph, on `evaluate`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kspec.evaluate.errors import EvaluationError
from kspec.evaluate.evaluator import Evaluator
from kspec.evaluate.run import State
from kspec.explore.temporal.graph import AtomFails, Masks, StateGraph
from kspec.explore.watch import Watch
from kspec.system.expressions import Expr, Let, Literal, Local
from kspec.system.sorts import ObjectSort, Value
from kspec.system.system import ALIVE


def closed(expressions: Sequence[Expr], values: Mapping[Local, Value]) -> tuple[Expr, ...]:
    """The expressions with the values of these locals in them."""
    return tuple(_closed(expression, values) for expression in expressions)


def _closed(expression: Expr, values: Mapping[Local, Value]) -> Expr:
    for local, value in values.items():
        expression = Let(local, Literal(value, local.sort), expression)
    return expression


@dataclass(frozen=True, slots=True)
class Asking:
    """Asks one state or step after the other; see `Labelled`."""

    evaluator: Evaluator
    graph: StateGraph
    state: Callable[[int], State]
    watch: Watch

    def of_states(self, expressions: Sequence[Expr], values: Mapping[Local, Value], alive: Sequence[Local]) -> Masks:
        codes = [self.evaluator.state_code(expression) for expression in closed(expressions, values)]
        masks = np.zeros(self.graph.states, dtype=np.uint64)
        for number, state in self._states(values, alive):
            masks[number] = _mask(number, (code(state) for code in codes))
        return masks

    def of_steps(self, expressions: Sequence[Expr], values: Mapping[Local, Value], alive: Sequence[Local]) -> Masks:
        codes = [self.evaluator.step_code(expression) for expression in closed(expressions, values)]
        masks, graph = np.zeros(self.graph.steps, dtype=np.uint64), self.graph
        for number, old in self._states(values, alive):
            for step in range(int(graph.offsets[number]), int(graph.offsets[number + 1])):
                new, action = self.state(int(graph.targets[step])), int(graph.actions[step])
                masks[step] = _mask(number, (code(old, new, action) for code in codes))
        return masks

    def fail_in_state(self, expressions: Sequence[Expr], values: Mapping[Local, Value], number: int) -> None:
        """Raises AtomFails where one of these expressions fails in a state."""
        state = self.state(number)
        _mask(number, (self.evaluator.state_value(expression, state) for expression in closed(expressions, values)))

    def fail_on_step(self, expressions: Sequence[Expr], values: Mapping[Local, Value], step: int) -> None:
        """Raises AtomFails where one of these expressions fails on a step."""
        graph = self.graph
        before = int(np.searchsorted(graph.offsets, step, side="right")) - 1
        old, new, action = self.state(before), self.state(int(graph.targets[step])), int(graph.actions[step])
        asked = closed(expressions, values)
        _mask(before, (self.evaluator.step_value(expression, old, new, action) for expression in asked))

    def _states(self, values: Mapping[Local, Value], alive: Sequence[Local]) -> Iterator[tuple[int, State]]:
        """Those in which the objects exist that are the values of `alive`."""
        for number in range(self.graph.states):
            self.watch.check()
            state = self.state(number)
            if all(self._exists(state, local, values[local]) for local in alive):
                yield number, state

    def _exists(self, state: State, local: Local, slot: Value) -> bool:
        if not isinstance(local.sort, ObjectSort) or not isinstance(slot, int):
            return True
        status = self.evaluator.layout.status_base(local.sort.kind)
        return status is None or state[status + slot] == ALIVE


def _mask(state: int, values: Iterator[Value]) -> int:
    """Raises AtomFails for the first that fails."""
    try:
        return sum(1 << bit for bit, value in enumerate(values) if value is True)
    except EvaluationError as error:
        raise AtomFails(error.failure, state) from None
