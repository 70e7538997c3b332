"""The order in which the steps of a transition are evaluated.

A guard that uses only the first few parameters is evaluated before the others are enumerated: the result is the same,
and most bindings are never made. A guard moves only over `Bind`s whose domains cannot fail, so that it stays behind
everything that can fail or stop before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kspec.evaluate.walk import may_fail, used_locals
from kspec.system.transitions import Bind, ForEachCheck, Guard, Step


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A step. `bound`: how many `Bind`s stand before it in the transition; `crossed`: those of them that are evaluated
    after it, in order."""

    step: Step | ForEachCheck
    bound: int
    crossed: tuple[Bind, ...]


def schedule(steps: Sequence[Step | ForEachCheck]) -> tuple[Scheduled, ...]:
    """The steps in the order of evaluation."""
    scheduled: list[Scheduled] = []
    bound = 0
    for step in steps:
        crossed = _crossed(step, scheduled) if isinstance(step, Guard) else ()
        scheduled.insert(len(scheduled) - len(crossed), Scheduled(step, bound, crossed))
        bound += isinstance(step, Bind)
    return tuple(scheduled)


def _crossed(guard: Guard, before: Sequence[Scheduled]) -> tuple[Bind, ...]:
    """The `Bind`s at the end of the steps before a guard that it may move over."""
    used = used_locals(guard.condition)
    crossed: list[Bind] = []
    for scheduled in reversed(before):
        step = scheduled.step
        if not isinstance(step, Bind) or step.local.id in used or may_fail(step.domain):
            break
        crossed.append(step)
    return tuple(reversed(crossed))
