"""Judging states and steps by the properties of a system."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

from kspec.evaluate.errors import EvaluationError
from kspec.evaluate.evaluator import Evaluator
from kspec.evaluate.run import State
from kspec.evaluate.walk import may_fail
from kspec.explore.findings import Findings
from kspec.explore.graph import Path
from kspec.system.expressions import Expr
from kspec.system.properties import PropertyKind
from kspec.system.sorts import Value
from kspec.system.system import System

OfState: TypeAlias = Callable[[State], Value]
OfStep: TypeAlias = Callable[[State, State, int], Value]
Code = TypeVar("Code", OfState, OfStep)


@dataclass(frozen=True, slots=True)
class Test(Generic[Code]):
    """The expression of a property. One that may fail is evaluated to the end of the search, since its failure violates
    an implicit property; the others until they are decided."""

    name: str
    value: Code
    may_fail: bool


class Judge:
    """Evaluates properties, settled ones included, and tells the findings."""

    def __init__(self, evaluator: Evaluator, findings: Findings) -> None:
        self._findings = findings
        system, code = evaluator.system, evaluator.state_code
        self._invariants = _tests(system, PropertyKind.INVARIANT, code)
        self._reachables = _tests(system, PropertyKind.REACHABLE, code)
        self._terminals = _tests(system, PropertyKind.DEADLOCK, code)
        self._steps = _tests(system, PropertyKind.STEP, evaluator.step_code)

    @property
    def looks_at_steps(self) -> bool:
        return bool(self._steps)

    def state(self, state: State, path: Path) -> None:
        """Judges a state that was never seen before."""
        self._invariants = self._invariant_in(self._invariants, state, path)
        for test in self._reachables:
            if self._value(test, state, path) is True:
                self._findings.reached(test.name, path)
                self._reachables = _without(self._reachables, test)

    def end(self, state: State, path: Path) -> None:
        """Judges a state in which nothing can happen."""
        self._terminals = self._invariant_in(self._terminals, state, path)

    def step(self, old: State, new: State, action: int, path: Path) -> None:
        """Judges a step by an action. Properties of steps say nothing about those that change no state."""
        if old == new:
            return
        for test in self._steps:
            try:
                holds = test.value(old, new, action)
            except EvaluationError as error:
                self._findings.expression_failed(error.failure, test.name, path)
                continue
            if not holds:
                self._findings.violated(test.name, path)
                self._steps = _without(self._steps, test)

    def _invariant_in(self, tests: list[Test[OfState]], state: State, path: Path) -> list[Test[OfState]]:
        """Tells which of the tests are false in a state, and leaves those to go on with."""
        for test in tests:
            if self._value(test, state, path) is False:
                self._findings.violated(test.name, path)
                tests = _without(tests, test)
        return tests

    def _value(self, test: Test[OfState], state: State, path: Path) -> Value:
        """None where the expression fails, which is told."""
        try:
            return test.value(state)
        except EvaluationError as error:
            self._findings.expression_failed(error.failure, test.name, path)
            return None


def _tests(system: System, kind: PropertyKind, code: Callable[[Expr], Code]) -> list[Test[Code]]:
    return [
        Test(property.name, code(property.expression), may_fail(property.expression))
        for property in system.properties
        if property.kind is kind and property.expression is not None
    ]


def _without(tests: list[Test[Code]], decided: Test[Code]) -> list[Test[Code]]:
    """The tests without a decided one, unless it may still fail."""
    return [test for test in tests if test is not decided or test.may_fail]
