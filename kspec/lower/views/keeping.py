"""What a view keeps of single objects, where the queue is not enough: `lag any`, events that were lost, and everything
that happens while the component is disconnected."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kspec.lower import build
from kspec.lower.views.queues import is_dropped, is_overtaken
from kspec.lower.views.versions import happened
from kspec.lower.views.watcher import Watcher
from kspec.system.expressions import (
    FALSE,
    TRUE,
    Contains,
    Expr,
    IsAlive,
    Literal,
    MapWith,
    SetLiteral,
    SetOperation,
    SetOperator,
)
from kspec.system.sorts import BOOL, MapSort, SetSort, Sort, zero
from kspec.system.transitions import Write

Changes = Sequence[tuple[Expr, Expr]]
"""Objects, each an option, and where it is one of those that are meant."""


def kept_writes(watcher: Watcher) -> Iterator[Write]:
    """What the events of the step do to what the view keeps."""
    view = watcher.view
    if not view.keeps or watcher.some == FALSE:
        return
    keeps = watcher.is_cut if view.lag is not None else TRUE
    added = [
        (event, build.conjunction(keeps, happened(event), build.negate(watcher.eyes.is_behind(build.unwrap(event)))))
        for event in watcher.events
    ]
    yield from changed(watcher, (), added, watcher.some)
    if view.tracks_own and not view.length and watcher.is_own != FALSE:
        own = watcher.eyes.part(view.kept_own, SetSort(watcher.kind))
        mine = [(event, watcher.is_own) for event in watcher.events]
        yield watcher.write(view.kept_own, _members(own, (), mine, SetSort(watcher.kind)), watcher.some)
    if view.length:
        delivered = build.conjunction(watcher.some, build.negate(watcher.is_cut))
        dropped = [(watcher.eyes.event(at), is_dropped(watcher, at)) for at in range(view.length)]
        overtaken = [(event, is_overtaken(watcher, number)) for number, event in enumerate(watcher.events, start=1)]
        yield from changed(watcher, [*dropped, *overtaken], (), delivered)


def changed(watcher: Watcher, removed: Changes, added: Changes, condition: Expr) -> Iterator[Write]:
    """Writes that no longer keep some objects, and keep others as they are before the step."""
    view, objects = watcher.view, SetSort(watcher.kind)
    kept = watcher.eyes.part(view.kept, objects)
    yield watcher.write(view.kept, _members(kept, removed, added, objects), condition)
    if view.comes_and_goes:
        there = watcher.eyes.part(view.kept_there, MapSort(watcher.kind, BOOL))
        news: list[tuple[Expr, Expr, Expr]] = [(item, where, IsAlive(build.unwrap(item))) for item, where in added]
        yield watcher.write(view.kept_there, _entries(there, removed, news), condition)
    for field in view.fields:
        variable = view.kept_field(field)
        sort = watcher.context.variables[variable].sort
        assert isinstance(sort, MapSort)
        values = [(item, where, watcher.field_before(field, build.unwrap(item), sort.value)) for item, where in added]
        yield watcher.write(variable, _entries(watcher.eyes.part(variable, sort), removed, values), condition)
    if view.tracks_own and removed:
        own = watcher.eyes.part(view.kept_own, objects)
        yield watcher.write(view.kept_own, _members(own, removed, (), objects), condition)


def lost(watcher: Watcher, event: Expr) -> Iterator[Write]:
    """Keeps what the oldest event, which is dropped, says that its object was before; what is kept of it already is
    older still."""
    view, objects = watcher.view, SetSort(watcher.kind)
    item = build.unwrap(event)
    new = build.negate(is_kept(watcher, event))
    parts: list[tuple[str, Expr]] = []
    if view.comes_and_goes:
        parts.append((view.kept_there, watcher.eyes.part(view.event_there(0), BOOL)))
    for field in view.fields:
        sort = watcher.context.variables[view.event_field(0, field)].sort
        parts.append((view.kept_field(field), watcher.eyes.part(view.event_field(0, field), sort)))
    kept = watcher.eyes.part(view.kept, objects)
    added = SetOperation(SetOperator.UNION, kept, _only(event, objects), objects)
    yield watcher.write(view.kept, added, new)
    for variable, value in parts:
        sort = watcher.context.variables[variable].sort
        assert isinstance(sort, MapSort)
        yield watcher.write(variable, MapWith(watcher.eyes.part(variable, sort), item, value, sort), new)
    if view.tracks_own:
        own = watcher.eyes.part(view.kept_own, objects)
        also = SetOperation(SetOperator.UNION, own, _only(event, objects), objects)
        yield watcher.write(view.kept_own, also, watcher.eyes.part(view.event_own(0), BOOL))


def nothing_kept(watcher: Watcher) -> Iterator[Write]:
    """The view keeps nothing: it is the store, but for the events in its queue."""
    view = watcher.view
    if view.keeps:
        variables = [view.kept, *map(view.kept_field, view.fields)]
        variables += [view.kept_there] if view.comes_and_goes else []
        for variable in (*variables, *([view.kept_own] if view.tracks_own else [])):
            sort = watcher.context.variables[variable].sort
            yield watcher.write(variable, Literal(zero(sort), sort), TRUE)


def is_kept(watcher: Watcher, item: Expr) -> Expr:
    """Whether an option is an object of which the view keeps something."""
    kept = watcher.eyes.part(watcher.view.kept, SetSort(watcher.kind))
    return build.conjunction(happened(item), Contains(build.unwrap(item), kept))


def _members(kept: Expr, removed: Changes, added: Changes, sort: SetSort) -> Expr:
    for item, where in removed:
        kept = _where_there(item, where, SetOperation(SetOperator.MINUS, kept, _only(item, sort), sort), kept)
    for item, where in added:
        kept = _where_there(item, where, SetOperation(SetOperator.UNION, kept, _only(item, sort), sort), kept)
    return kept


def _entries(entries: Expr, removed: Changes, added: Sequence[tuple[Expr, Expr, Expr]]) -> Expr:
    assert isinstance(entries.sort, MapSort)
    sort: MapSort = entries.sort
    nothing = Literal(zero(sort.value), sort.value)
    for item, where in removed:
        entries = _where_there(item, where, MapWith(entries, build.unwrap(item), nothing, sort), entries)
    for item, where, value in added:
        entries = _where_there(item, where, MapWith(entries, build.unwrap(item), value, sort), entries)
    return entries


def _where_there(item: Expr, where: Expr, then: Expr, otherwise: Expr) -> Expr:
    return build.conditional(build.conjunction(happened(item), where), then, otherwise)


def _only(item: Expr, sort: Sort) -> Expr:
    assert isinstance(sort, SetSort)
    return SetLiteral((build.unwrap(item),), sort)
