"""Guards that are evaluated early change nothing that can be seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from kspec.evaluate import transition
from kspec.evaluate.hoist import Scheduled, schedule
from kspec.explore.plain import explore
from kspec.explore.result import Exploration, Limits
from kspec.system.expressions import Arithmetic, Members, NumberRange, Operator
from kspec.system.sorts import BOOL, IntSort, SetSort
from kspec.system.system import System
from kspec.system.transitions import Bind
from tests.building import (
    AnyStep,
    SystemBuilder,
    assign,
    at_most,
    differ,
    kind,
    less,
    local,
    number,
    parameter,
    plus,
    read,
    use,
    value,
    variable,
    when,
)
from tests.systems import pods

DIGIT = IntSort(0, 9)


def in_text_order(steps: Sequence[AnyStep]) -> tuple[Scheduled, ...]:
    """No step is moved."""
    return tuple(
        Scheduled(step, sum(isinstance(other, Bind) for other in steps[:place]), ()) for place, step in enumerate(steps)
    )


def failing() -> System:
    """Guards and domains that fail here and there, and a kind with objects or without."""
    builder = SystemBuilder()
    pod = builder.kind(kind("Pod", 2, permanent=False), present=0)
    total = builder.variable(variable("total", DIGIT), 0)
    x, y, p = local("x", IntSort(0, 2)), local("y", IntSort(0, 2)), local("p", pod.sort)
    gap = Arithmetic(Operator.SUBTRACT, use(x), read(total), IntSort(-9, 2))
    quotient = Arithmetic(Operator.DIVIDE, number(2), gap, IntSort(-9, 9))
    up_to_quotient = Members(NumberRange(number(0), quotient, SetSort(DIGIT)))
    to_sum = [assign(total, plus(x, y))]
    builder.action("a", [parameter(x), parameter(y), when(less(quotient, number(2)), 0), when(less(x, y), 1)], to_sum)
    builder.action("b", [parameter(x), parameter(y, up_to_quotient), when(differ(x, number(1)), 0)], to_sum)
    builder.action("c", [parameter(x), parameter(p), when(less(number(5), quotient), 0)])
    builder.invariant("Small", at_most(read(total), number(3)))
    return builder.build()


def explored(system: System) -> Exploration:
    return replace(explore(system, Limits()), seconds=0)


@pytest.mark.parametrize("system", [pods(2, 1, 2, 1), failing()], ids=["pods", "failing"])
def test_nothing_that_can_be_seen_changes(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    hoisted = explored(system)
    monkeypatch.setattr(transition, "schedule", in_text_order)
    assert explored(system) == hoisted


def test_guards_move_to_the_last_parameter_they_use() -> None:
    x, y, z = local("x", BOOL), local("y", BOOL), local("z", BOOL)
    binds = [parameter(it) for it in (x, y, z)]
    first, second, third = when(use(x)), when(use(y)), when(value(True))
    scheduled = schedule([*binds, first, second, third])
    assert [item.step for item in scheduled] == [binds[0], first, binds[1], second, third, binds[2]]
    assert [item.crossed for item in scheduled[1::2]] == [(binds[1], binds[2]), (binds[2],), ()]
    assert [item.bound for item in scheduled] == [0, 3, 1, 3, 3, 2]
