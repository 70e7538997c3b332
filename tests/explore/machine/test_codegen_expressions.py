"""Every expression means to the machine code what it means to `evaluate`: values of any sort, and failures."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kspec.evaluate.run import State
from kspec.system.expressions import Expr
from kspec.system.sorts import zero
from tests.explore.machine.agreeing import Oracle
from tests.explore.machine.storing import storing
from tests.explore.machine.told import Teller
from tests.symbolic.expressions import SYSTEM, expressions, states

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]


@settings(max_examples=40, deadline=None, derandomize=True, database=None, suppress_health_check=SLOW)
@given(chosen=st.lists(expressions(), min_size=4, max_size=6), seen=st.lists(states(), min_size=4, max_size=8))
def test_expressions_have_the_value_that_evaluate_says(chosen: list[Expr], seen: list[State]) -> None:
    system = storing(SYSTEM, chosen)
    teller, oracle = Teller(system), Oracle(system)
    empty = tuple(zero(expr.sort) for expr in chosen)
    for state in seen:
        assert teller.expand((*state, *empty)) == oracle.expand((*state, *empty))
