"""Atoms about the step itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from kspec.evaluate.frame import ACTION, NEW, OLD, Code, Frame, at
from kspec.evaluate.layout import Layout
from kspec.evaluate.run import State
from kspec.system.expressions import Enabled, Writes
from kspec.system.sorts import Value

EnabledTest: TypeAlias = Callable[[State, int, Value], bool]
"""Whether an action (by position) can change a state, of one component instance or, where that is None, of any."""


def by(actions: frozenset[int]) -> Code:
    return lambda frame: frame[ACTION] in actions


def writes(layout: Layout, expr: Writes) -> Code:
    """Whether the kind's status or one of the variables differs between the two states."""
    stretches: list[tuple[int, int]] = []
    status = layout.status_base(expr.kind.kind)
    if status is not None:
        stretches.append((status, status + expr.kind.slots))
    for variable in expr.variables:
        base = layout.base(variable)
        if base is not None:
            stretches.append((base, base + layout.count(variable)))

    def run(frame: Frame) -> bool:
        old, new = frame[OLD], frame[NEW]
        return any(old[start:end] != new[start:end] for start, end in stretches)

    return run


def enabled(test: EnabledTest, expr: Enabled, instance: Code | None) -> Code:
    moment, action = at(expr.moment), expr.action
    if instance is None:
        return lambda frame: test(frame[moment], action, None)
    return lambda frame: test(frame[moment], action, instance(frame))
