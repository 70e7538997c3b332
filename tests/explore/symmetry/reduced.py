"""A breadth-first search that stores one state for each orbit, and what it finds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from kspec.evaluate.errors import EvaluationError
from kspec.evaluate.evaluator import Evaluator
from kspec.evaluate.outcome import Blocked, Failing, Stepped
from kspec.evaluate.run import State
from kspec.system.properties import PropertyKind
from kspec.system.system import System


class TooManyStates(Exception):
    pass


@dataclass
class Found:
    """`facts`: everything that some state or step shows, said without naming objects. `levels`: the distances of
    states."""

    levels: dict[State, int] = field(default_factory=dict)
    transitions: int = 0
    facts: dict[object, int] = field(default_factory=dict)
    """With the least distance."""


def search(system: System, form: Callable[[State], State], most: int = 100_000) -> Found:
    """Every state, in the form that stands for it."""
    evaluator, found = Evaluator(system), Found()
    forms: dict[State, State] = {}

    def store(state: State, level: int) -> None:
        if state not in forms:
            forms[state] = form(state)
        if forms[state] not in found.levels:
            found.levels[forms[state]] = level
            waiting.append(forms[state])
            _judge_state(evaluator, forms[state], found, level)

    waiting: list[State] = []
    for state in evaluator.initial_states():
        store(state, 0)
    for state in waiting:
        if len(waiting) > most:
            raise TooManyStates
        _expand(evaluator, state, found, store)
    return found


def _expand(evaluator: Evaluator, state: State, found: Found, store: Callable[[State, int], None]) -> None:
    level, ends = found.levels[state], True
    for outcome in evaluator.outcomes(state):
        ends = False
        action = evaluator.system.transitions[outcome.taken.transition].action
        match outcome:
            case Stepped(_, after, refused):
                found.transitions += 1
                found.facts.setdefault((action, refused), level)
                if after != state:
                    _judge_step(evaluator, state, after, action, found, level)
                store(after, level + 1)
            case Failing(_, failure):
                found.facts.setdefault((action, failure.kind), level)
            case Blocked(_, kind):
                found.facts.setdefault((action, kind), level)
    if ends:
        found.facts.setdefault("end", level)


def _judge_state(evaluator: Evaluator, state: State, found: Found, level: int) -> None:
    for property in evaluator.system.properties:
        if property.kind in (PropertyKind.INVARIANT, PropertyKind.REACHABLE) and property.expression is not None:
            try:
                found.facts.setdefault((property.name, evaluator.state_value(property.expression, state)), level)
            except EvaluationError as error:
                found.facts.setdefault((property.name, error.failure.kind), level)


def _judge_step(evaluator: Evaluator, old: State, new: State, action: int, found: Found, level: int) -> None:
    for property in evaluator.system.properties:
        if property.kind is PropertyKind.STEP and property.expression is not None:
            try:
                found.facts.setdefault(
                    (property.name, evaluator.step_value(property.expression, old, new, action)), level
                )
            except EvaluationError as error:
                found.facts.setdefault((property.name, error.failure.kind), level)
