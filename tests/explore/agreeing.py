"""Whether two explorations of one system say the same."""

from __future__ import annotations

from dataclasses import fields

import pytest

from kspec.evaluate.errors import EvaluationError
from kspec.evaluate.evaluator import Evaluator
from kspec.evaluate.outcome import Blocked
from kspec.evaluate.replay import replay
from kspec.evaluate.run import Run
from kspec.explore.machine.compile import Effort
from kspec.explore.result import Exploration
from kspec.system.properties import Property, PropertyKind
from kspec.system.system import System

RUNS = {"violations", "witnesses", "failing_property", "cut"}
TIERS = ((1, Effort.QUICK), (2, Effort.THOROUGH))
"""Numbers of workers, and the code that they search with."""
OF_ONE_SEARCH = {"seconds", "state_bytes", "fingerprint_bits", "compilation"}


def assert_same(system: System, expected: Exploration, found: Exploration) -> None:
    """Everything but the time and the memory; of several shortest runs, each may have another one."""
    for field in fields(Exploration):
        if field.name not in RUNS | OF_ONE_SEARCH:
            assert getattr(found, field.name) == getattr(expected, field.name), field.name
    assert _lengths(found.violations) == _lengths(expected.violations)
    assert _lengths(found.witnesses) == _lengths(expected.witnesses)
    assert (found.cut is None) == (expected.cut is None)
    assert_runs_show_it(system, found)
    if found.cut is not None and expected.cut is not None:
        assert len(found.cut.run.moves) == len(expected.cut.run.moves)


def _lengths(runs: dict[str, Run]) -> dict[str, int]:
    return {name: len(run.moves) for name, run in runs.items()}


def assert_runs_show_it(system: System, found: Exploration) -> None:
    """Each run is one of the system's, and its end shows what it is said to show."""
    evaluator = Evaluator(system)
    properties = {property.name: property for property in system.properties}
    for run in (*found.violations.values(), *found.witnesses.values()):
        replay(evaluator, run)
    for name, run in found.violations.items():
        if name in found.failing_property:
            _assert_fails(evaluator, run, found.failing_property[name], properties, name)
        elif properties[name].kind is PropertyKind.IMPLICIT:
            assert run.moves[-1].failure is not None
        else:
            assert _value_at_end(evaluator, run, properties[name]) is False
    for name, run in found.witnesses.items():
        assert _value_at_end(evaluator, run, properties[name]) is True
    if found.cut is not None:
        replay(evaluator, found.cut.run)
        blocked = next(o for o in evaluator.outcomes(found.cut.run.last) if isinstance(o, Blocked))
        action = system.transitions[blocked.taken.transition].action
        assert (blocked.kind, action) == (found.cut.kind, found.cut.action)


def _value_at_end(evaluator: Evaluator, run: Run, property: Property) -> object:
    """Of the last state or, for a property of steps, the last step."""
    assert property.expression is not None
    if property.kind is not PropertyKind.STEP:
        return evaluator.state_value(property.expression, run.last)
    last = run.moves[-1]
    assert last.state is not None
    before = run.moves[-2].state if len(run.moves) > 1 else run.initial
    assert before is not None
    action = evaluator.system.transitions[last.taken.transition].action
    return evaluator.step_value(property.expression, before, last.state, action)


def _assert_fails(evaluator: Evaluator, run: Run, failing: str, properties: dict[str, Property], implicit: str) -> None:
    def evaluate() -> object:
        if failing == "initially":
            return evaluator.initial.admits(run.initial)
        return _value_at_end(evaluator, run, properties[failing])

    with pytest.raises(EvaluationError) as error:
        evaluate()
    assert error.value.failure.kind.value == implicit
