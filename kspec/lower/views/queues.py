"""The queue of events that a view has not seen: events of a step come in at the end, and what is too much is
delivered, the oldest first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from kspec.lower import build
from kspec.lower.views.versions import happened
from kspec.lower.views.watcher import Watcher
from kspec.system.expressions import FALSE, TRUE, Expr, IsAlive, Literal
from kspec.system.sorts import BOOL, OptionSort, Sort, zero
from kspec.system.transitions import Write


@dataclass(frozen=True, slots=True)
class Part:
    """One of the variables of every position: what it says of an event, the names, and its value for an event of the
    step, given as an atom that is an object."""

    name: str
    variables: tuple[str, ...]
    sort: Sort
    of_event: Callable[[Expr], Expr]


def parts(watcher: Watcher) -> Iterator[Part]:
    """What a position of the queue is made of."""
    view, positions = watcher.view, range(watcher.view.length)
    yield Part("object", tuple(map(view.event, positions)), OptionSort(watcher.kind), lambda item: item)
    if view.comes_and_goes:
        yield Part("there", tuple(map(view.event_there, positions)), BOOL, IsAlive)
    for field in view.fields:
        variables = tuple(view.event_field(position, field) for position in positions)
        sort = watcher.context.variables[variables[0]].sort if variables else BOOL
        yield Part(f".{field}", variables, sort, _field_part(watcher, field, sort))
    if view.tracks_own:
        yield Part("own", tuple(map(view.event_own, positions)), BOOL, lambda _: watcher.is_own)


def queue_writes(watcher: Watcher) -> Iterator[Write]:
    """What the events of the step do to the queue, unless the component is disconnected."""
    condition = build.conjunction(watcher.some, build.negate(watcher.is_cut))
    if condition == FALSE or not watcher.view.length:
        return
    for part in parts(watcher):
        for position, variable in enumerate(part.variables):
            yield watcher.write(variable, _after_events(watcher, part, position), condition)


def without_oldest(watcher: Watcher) -> Iterator[Write]:
    """The queue without its oldest event."""
    for part in parts(watcher):
        for position, variable in enumerate(part.variables):
            value: Expr = Literal(zero(part.sort), part.sort)
            if position + 1 < len(part.variables):
                value = watcher.eyes.part(part.variables[position + 1], part.sort)
            yield watcher.write(variable, value, TRUE)


def emptied(watcher: Watcher) -> Iterator[Write]:
    """The queue without an event."""
    for part in parts(watcher):
        for variable in part.variables:
            yield watcher.write(variable, Literal(zero(part.sort), part.sort), TRUE)


def is_dropped(watcher: Watcher, position: int) -> Expr:
    """Whether the events of the step push the event at a position out of the queue."""

    def case(length: int, count: int) -> Expr:
        stays = max(0, min(watcher.limit(length), length + count) - count)
        return TRUE if position < length - stays else FALSE

    return watcher.by_length(lambda length: watcher.by_count(lambda count: case(length, count)))


def is_overtaken(watcher: Watcher, number: int) -> Expr:
    """Whether an event of the step, the newest is number 1, is pushed out of the queue by later ones of the step."""
    too_old = watcher.by_length(lambda length: TRUE if number > watcher.limit(length) else FALSE)
    return build.conjunction(happened(watcher.events[number - 1]), too_old)


def _after_events(watcher: Watcher, part: Part, position: int) -> Expr:
    def case(length: int, count: int) -> Expr:
        total = min(watcher.limit(length), length + count)
        if position >= total:
            return Literal(zero(part.sort), part.sort)
        newer = total - position  # the newest event is number 1
        if newer <= count:
            return part.of_event(build.unwrap(watcher.events[newer - 1]))
        return watcher.eyes.part(part.variables[position + length + count - total], part.sort)

    return watcher.by_length(lambda length: watcher.by_count(lambda count: case(length, count)))


def _field_part(watcher: Watcher, field: str, sort: Sort) -> Callable[[Expr], Expr]:
    return lambda item: watcher.field_before(field, item, sort)
