"""The steps of a transition as code.

A step's code runs on a frame of the transition's scope, and tells whether its binding goes on. Where a binding comes to
the end, and where it stops with something to tell, an outcome is added to the frame's list.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from kspec.evaluate.clauses import EXCLUDED, HELD
from kspec.evaluate.errors import EnumerationTooLarge, EvaluationError
from kspec.evaluate.frame import NEW, OUTCOMES, PINNED, USES, Code, Frame
from kspec.evaluate.outcome import Blocked, Failing
from kspec.evaluate.run import Failure, Taken
from kspec.evaluate.translate import logic, quantifiers
from kspec.evaluate.translate.domains import DomainCode
from kspec.evaluate.translate.quantifiers import Loop
from kspec.system.expressions import Quantified
from kspec.system.system import FREE

Stage: TypeAlias = Callable[[Frame], bool]
"""A step other than `Bind`: whether the binding goes on."""

Rest: TypeAlias = Callable[[Frame], None]
"""Everything from some step to the end, for every binding."""

TakenCode: TypeAlias = Callable[[Frame], Taken]
"""The transition with the values of the locals bound so far."""


def in_turn(stages: Sequence[Stage], rest: Rest) -> Rest:
    """One stage after the other, then the rest."""

    def run(frame: Frame) -> None:
        for stage in stages:
            if not stage(frame):
                return
        rest(frame)

    return run if stages else rest


def pinnable(number: int, domain: DomainCode) -> DomainCode:
    """The domain of a `Bind` (its number in the transition), or the value it is pinned to, if the domain has that."""
    values, contains = domain.values, domain.contains

    def run(frame: Frame) -> Any:
        pinned = frame[PINNED]
        if number in pinned:
            value = pinned[number]
            return (value,) if contains(frame, value) else ()
        return values(frame)

    return DomainCode(run, contains)


def bind(loop: Loop, taken: TakenCode, rest: Rest) -> Rest:
    """The rest for each value of the domain."""
    position, domain = loop
    values = domain.values

    def run(frame: Frame) -> None:
        try:
            found = values(frame)
        except EvaluationError as error:
            frame[OUTCOMES].append(Failing(taken(frame), error.failure))
            return
        for value in found:
            frame[position] = value
            rest(frame)

    return run


def guard(condition: Code, clause: int | None, crossed: Sequence[Loop], taken: TakenCode) -> Stage:
    """`crossed`: the `Bind`s that stand before the guard and are evaluated after it. Whatever the guard tells, it tells
    for each of their bindings, and nothing if there is none."""
    fail = _failing_for_each(crossed, taken)
    completes = _completes(crossed)

    def run(frame: Frame) -> bool:
        try:
            holds: bool = condition(frame)
        except EvaluationError as error:
            fail(frame, error.failure)
            return False
        uses = frame[USES]
        if uses is not None and clause is not None:
            use = HELD if holds else EXCLUDED
            if not uses[clause] & use and completes(frame):
                uses[clause] |= use
        return holds

    return run


def _failing_for_each(crossed: Sequence[Loop], taken: TakenCode) -> Callable[[Frame, Failure], None]:
    def run(frame: Frame, failure: Failure) -> None:
        def fail(complete: Frame) -> None:
            complete[OUTCOMES].append(Failing(taken(complete), failure))

        for_each: Rest = fail
        for loop in reversed(crossed):
            for_each = bind(loop, taken, for_each)
        for_each(frame)

    return run


def _completes(crossed: Sequence[Loop]) -> Callable[[Frame], bool]:
    """Whether there is a binding of these `Bind`s. Too many values to enumerate are taken for some: what is noted of a
    clause must not end a search."""
    some = quantifiers.quantifier(Quantified.EXISTS, crossed, None, logic.literal(True), fails=False)

    def run(frame: Frame) -> bool:
        try:
            found: bool = some(frame)
        except EnumerationTooLarge:
            return True
        return found

    return run


def define(position: int, value: Code, taken: TakenCode) -> Stage:
    def run(frame: Frame) -> bool:
        try:
            frame[position] = value(frame)
        except EvaluationError as error:
            frame[OUTCOMES].append(Failing(taken(frame), error.failure))
            return False
        return True

    return run


def check(condition: Code, failure: Failure, taken: TakenCode) -> Stage:
    """Fails where the condition is false, or fails itself."""

    def run(frame: Frame) -> bool:
        try:
            holds: bool = condition(frame)
        except EvaluationError as error:
            frame[OUTCOMES].append(Failing(taken(frame), error.failure))
            return False
        if not holds:
            frame[OUTCOMES].append(Failing(taken(frame), failure))
        return holds

    return run


@dataclass(frozen=True, slots=True)
class Slots:
    """The slots of a kind: `base` is the position of the status of the first; None where none can ever be free."""

    kind: str
    base: int | None
    count: int


def allocate(
    position: int, slots: Slots, condition: Code, taken_slot: int, earlier: Sequence[int], taken: TakenCode
) -> Stage:
    """`taken_slot`: the position that keeps the slot that this takes; `earlier`: those of earlier steps of the kind."""
    base, end = slots.base or 0, (slots.base or 0) + (slots.count if slots.base is not None else 0)

    def run(frame: Frame) -> bool:
        try:
            wanted = condition(frame)
        except EvaluationError as error:
            frame[OUTCOMES].append(Failing(taken(frame), error.failure))
            return False
        frame[position], frame[taken_slot] = 0, None
        if wanted:
            gone = [frame[other] for other in earlier]
            free = (slot for slot, status in enumerate(frame[NEW][base:end]) if status == FREE and slot not in gone)
            slot = next(free, None)
            if slot is None:
                frame[OUTCOMES].append(Blocked(taken(frame), slots.kind))
                return False
            frame[position] = frame[taken_slot] = slot
        return True

    return run
