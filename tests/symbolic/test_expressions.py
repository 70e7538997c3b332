"""Every expression means to the solver what it means to `evaluate`."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from kspec.evaluate.evaluator import Evaluator
from kspec.evaluate.run import State
from kspec.symbolic import bindings, quantifiers
from kspec.system.expressions import Expr
from kspec.system.sorts import IntSort
from kspec.system.system import Role, System, Variable
from tests.symbolic.comparing import value_by_evaluate, values_by_solver
from tests.symbolic.expressions import SYSTEM, expressions, states

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]

UNBOUNDED = replace(
    SYSTEM,
    variables=(*SYSTEM.variables, Variable("unbounded", (), IntSort(None, None), Role.GLOBAL)),
    initial=SYSTEM.initial | {"unbounded": (0,)},
)
"""Its numbers are encoded as integers."""


def assert_agree(system: System, expr: Expr, state: State) -> None:
    expected = value_by_evaluate(Evaluator(system), expr, state)
    assert values_by_solver(system, expr, state) == (expected, expected)


@settings(max_examples=200, deadline=None, derandomize=True, suppress_health_check=SLOW)
@given(expr=expressions(), state=states())
def test_with_words(expr: Expr, state: State) -> None:
    assert_agree(SYSTEM, expr, state)


@settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=SLOW)
@given(expr=expressions(depth=2), state=states())
def test_with_integers(expr: Expr, state: State) -> None:
    assert_agree(UNBOUNDED, expr, (*state, 0))


@settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=SLOW)
@given(expr=expressions(depth=2), state=states())
def test_as_if_ranges_were_large(expr: Expr, state: State) -> None:
    """Quantifiers over numbers by the solver's own, members of sequences by sorting."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(quantifiers, "MOST_VALUES", 0)
        patch.setattr(bindings, "FEW_VALUES", 0)
        assert_agree(SYSTEM, expr, state)
