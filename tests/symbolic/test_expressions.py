"""Every expression means to the solver what it means to `evaluate`."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings

from kspec.evaluate.evaluator import Evaluator
from kspec.evaluate.run import State
from kspec.system.expressions import Expr
from tests.symbolic.comparing import value_by_evaluate, values_by_solver
from tests.symbolic.expressions import SYSTEM, expressions, states

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]


@settings(max_examples=250, deadline=None, derandomize=True, suppress_health_check=SLOW)
@given(expr=expressions(), state=states())
def test_random_expressions_agree_with_evaluate(expr: Expr, state: State) -> None:
    expected = value_by_evaluate(Evaluator(SYSTEM), expr, state)
    assert values_by_solver(SYSTEM, expr, state) == (expected, expected)
