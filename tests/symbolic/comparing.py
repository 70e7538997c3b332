"""Comparing the encoding with `evaluate`, state by state."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from kspec.evaluate.errors import EvaluationError
from kspec.evaluate.evaluator import Evaluator
from kspec.evaluate.outcome import Blocked, Failing, Stepped
from kspec.evaluate.run import State
from kspec.symbolic import solver
from kspec.symbolic.expressions import Encoder
from kspec.symbolic.relation import Relation
from kspec.symbolic.solver import Answer, Bit, Solver
from kspec.symbolic.states import Layout, SymbolicState
from kspec.symbolic.values import SymbolicValue, decode, literal
from kspec.system.expressions import Equal, Expr, FailureKind, If, Literal, Unwrap
from kspec.system.sorts import IntSort, Value, zero
from kspec.system.system import System
from kspec.system.transitions import Bind

T = TypeVar("T")


def bounded(part: T, lo: int = -16, hi: int = 64) -> T:
    """A part of a system as lowering would give it.

    Numbers have bounds, and options are looked into only where they have a value.
    """
    return _bounded(part, lo, hi)


def _bounded(part: Any, lo: int, hi: int) -> Any:
    match part:
        case IntSort():
            return IntSort(lo if part.lo is None else part.lo, hi if part.hi is None else part.hi)
        case tuple():
            return tuple(_bounded(item, lo, hi) for item in part)
        case dict():
            return {name: _bounded(item, lo, hi) for name, item in part.items()}
        case Unwrap():
            operand = _bounded(part.operand, lo, hi)
            missing = Equal(operand, Literal(None, operand.sort))
            return If(missing, Literal(zero(part.sort), part.sort), Unwrap(operand, part.sort), part.sort)
        case _ if is_dataclass(part) and not isinstance(part, type):
            return replace(part, **{f.name: _bounded(getattr(part, f.name), lo, hi) for f in fields(part) if f.init})
        case _:
            return part


def known_state(layout: Layout, state: State) -> SymbolicState:
    """A state with known values."""
    places: dict[str, list[SymbolicValue]] = {variable.name: [] for variable in layout.stored}
    for place, value in zip(layout.stored_places, state, strict=True):
        places[place.variable].append(literal(value, layout.sort(place)))
    return SymbolicState(layout.constants() | {name: tuple(values) for name, values in places.items()})


def values_by_solver(system: System, expr: Expr, state: State) -> tuple[Value | FailureKind, Value | FailureKind]:
    """What the encoding says an expression is in a state: of variables that the solver is told to be that state, and of
    known values."""
    layout = Layout(system)
    unknown, known = layout.fresh("s"), known_state(layout, state)
    return _value(layout, expr, unknown, layout.equal(unknown, known)), _value(layout, expr, known, True)


def _value(layout: Layout, expr: Expr, state: SymbolicState, given: Bit) -> Value | FailureKind:
    encoder = Encoder(layout, state)
    value = encoder.encode(expr)
    query = Solver(finite=layout.finite)
    query.add(given)
    assert query.check() is Answer.SAT
    assignment = query.assignment()
    failing = [kind for kind in FailureKind if assignment.bit(encoder.failures.first(kind))]
    assert len(failing) <= 1
    return failing[0] if failing else decode(value, assignment)


def value_by_evaluate(evaluator: Evaluator, expr: Expr, state: State) -> Value | FailureKind:
    try:
        return evaluator.state_value(expr, state)
    except EvaluationError as error:
        return error.failure.kind


def outcomes_by_evaluate(evaluator: Evaluator, state: State) -> set[object]:
    """What can happen: a transition with its binding and the state after it, a failing one, one without room."""
    found: set[object] = set()
    for outcome in evaluator.outcomes(state):
        match outcome:
            case Stepped(taken, after):
                found.add((taken.transition, taken.values, after))
            case Failing(taken, failure):
                found.add((taken.transition, failure.kind))
            case Blocked(taken):
                found.add((taken.transition, "no room"))
    return found


class SolverOutcomes:
    """The same by the encoding: the solver is asked for one more until there is none."""

    def __init__(self, system: System) -> None:
        self._relation = Relation(system)
        self._binds = [[s for s in t.steps if isinstance(s, Bind)] for t in system.transitions]

    def __call__(self, state: State) -> set[object]:
        relation = self._relation
        given = relation.layout.equal(relation.now, known_state(relation.layout, state))
        found: set[object] = set(self._steps(given))
        causes: list[tuple[object, Bit]] = [*relation.fails.items(), ("no room", relation.blocked)]
        for number in range(len(relation.courses)):
            for cause, condition in causes:
                query = Solver(finite=relation.layout.finite)
                query.add(solver.conjunction((given, relation.chosen(number), condition)))
                if query.check() is Answer.SAT:
                    found.add((number, cause))
        return found

    def _steps(self, given: Bit) -> Iterator[object]:
        relation, layout = self._relation, self._relation.layout
        query = Solver(finite=layout.finite)
        query.add(solver.both(given, relation.step))
        while query.check() is Answer.SAT:
            assignment = query.assignment()
            taken = relation.taken(assignment, relation.choice, [tuple(course.values) for course in relation.courses])
            after = layout.decode(relation.next, assignment)
            yield taken.transition, taken.values, after
            same = [
                layout.values.equal(variable, literal(value, bind.local.sort))
                for variable, value, bind in zip(
                    relation.courses[taken.transition].values, taken.values, self._binds[taken.transition], strict=True
                )
            ]
            arrives = layout.equal(relation.next, known_state(layout, after))
            query.add(solver.negate(solver.conjunction([relation.chosen(taken.transition), arrives, *same])))
