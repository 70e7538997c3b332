"""Every expression means to the machine code what it means to `evaluate`: values of any sort, and failures."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from kspec.evaluate.run import State
from kspec.explore.machine.program import NotCompilable
from kspec.system.expressions import TRUE, Expr, Literal, Use
from kspec.system.expressions import Local
from kspec.system.sorts import BOOL, zero
from kspec.system.spans import NOWHERE
from kspec.system.system import Role, System, Variable
from kspec.system.transitions import Action, Define, Transition, Write
from tests.explore.machine.agreeing import Oracle
from tests.explore.machine.told import Teller
from tests.symbolic.expressions import SYSTEM, expressions, states

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]


def storing(chosen: list[Expr]) -> System:
    """A system with an action for each expression, which stores its value."""
    stores = [Variable(f"out {number}", (), expr.sort, Role.GLOBAL) for number, expr in enumerate(chosen)]
    transitions = []
    for number, (expr, variable) in enumerate(zip(chosen, stores, strict=True)):
        local = Local(-1 - number, "x", expr.sort)
        write = Write(variable.name, (), Use(local), TRUE)
        transitions.append(Transition(number, (Define(local, expr),), (write,), Literal(False, BOOL)))
    return replace(
        SYSTEM,
        variables=(*SYSTEM.variables, *stores),
        initial=SYSTEM.initial | {variable.name: (zero(variable.sort),) for variable in stores},
        actions=tuple(Action("environment", f"store{n}", None, None, (), NOWHERE) for n in range(len(chosen))),
        transitions=tuple(transitions),
    )


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=SLOW)
@given(chosen=st.lists(expressions(), min_size=4, max_size=6), seen=st.lists(states(), min_size=4, max_size=8))
def test_expressions_have_the_value_that_evaluate_says(chosen: list[Expr], seen: list[State]) -> None:
    system = storing(chosen)
    try:
        teller = Teller(system)
    except NotCompilable:
        assume(False)
    oracle, empty = Oracle(system), tuple(zero(expr.sort) for expr in chosen)
    for state in seen:
        assert teller.expand((*state, *empty)) == oracle.expand((*state, *empty))
