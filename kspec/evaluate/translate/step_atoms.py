"""Atoms about the step itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from kspec.evaluate.frame import ACTION, NEW, OLD, Code, Frame, at
from kspec.evaluate.layout import Layout
from kspec.evaluate.run import State
from kspec.system.expressions import Enabled, Writes
from kspec.system.sorts import Value
from kspec.system.system import ALIVE

EnabledTest: TypeAlias = Callable[[State, int, Value], bool]
"""Whether an action (by position) can change a state, of one component instance or, where that is None, of any."""


def by(actions: frozenset[int]) -> Code:
    return lambda frame: frame[ACTION] in actions


def writes(layout: Layout, expr: Writes) -> Code:
    """Whether some slot is alive in one of the two states only, or in both with a variable that differs."""
    status = layout.status_base(expr.kind.kind)
    bases = [base for base in map(layout.base, expr.variables) if base is not None]

    def changed(old: State, new: State, slot: int) -> bool:
        alive_before = status is None or old[status + slot] == ALIVE
        alive_after = status is None or new[status + slot] == ALIVE
        if alive_before and alive_after:
            return any(old[base + slot] != new[base + slot] for base in bases)
        return alive_before or alive_after

    def run(frame: Frame) -> bool:
        old, new = frame[OLD], frame[NEW]
        return any(changed(old, new, slot) for slot in range(expr.kind.slots))

    return run


def enabled(test: EnabledTest, expr: Enabled, instance: Code | None) -> Code:
    moment, action = at(expr.moment), expr.action
    if instance is None:
        return lambda frame: test(frame[moment], action, None)
    return lambda frame: test(frame[moment], action, instance(frame))
