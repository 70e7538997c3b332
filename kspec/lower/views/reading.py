"""Reading through a view: what it keeps of the object, else what the oldest event of it that was not seen says it was
before, else the store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kspec.language.codes import Code
from kspec.lower import build
from kspec.lower.problems import Problem
from kspec.lower.scope import Reader, Scope
from kspec.lower.views.layout import View
from kspec.system.expressions import (
    FALSE,
    TRUE,
    Contains,
    Expr,
    FailureKind,
    IsAlive,
    Let,
    MapRead,
    Moment,
    Read,
    Require,
    Use,
)
from kspec.system.sorts import BOOL, MapSort, ObjectSort, OptionSort, SetSort, Sort
from kspec.system.spans import Span

if TYPE_CHECKING:
    from kspec.lower.context import Context


class Eyes:
    """A view of one instance of a component, at a moment."""

    def __init__(self, context: Context, view: View, reader: Reader, moment: Moment = Moment.NEW) -> None:
        self.context = context
        self.view = view
        self.reader = reader
        self.moment = moment
        self.kind: ObjectSort = context.kind(view.kind).sort

    def part(self, variable: str, sort: Sort) -> Expr:
        """One variable of the view."""
        return Read(variable, self.reader.index, sort, self.moment)

    def event(self, position: int) -> Expr:
        """The object of the event at a position, or none."""
        return self.part(self.view.event(position), OptionSort(self.kind))

    def is_kept(self, item: Expr) -> Expr:
        if not self.view.keeps:
            return FALSE
        return Contains(item, self.part(self.view.kept, SetSort(self.kind)))

    def is_behind(self, item: Expr) -> Expr:
        """Whether the view has not seen the last event of an object, given as an atom."""
        waiting = (build.equal(self.event(position), item) for position in range(self.view.length))
        return build.disjunction(self.is_kept(item), *waiting)

    def shows_own_writes(self) -> Expr:
        """Whether what a body wrote shows in the view before the step ends: where the view is the store."""
        if self.view.lag != 0:
            return FALSE
        return build.equal(self.event(0), build.none(self.kind)) if self.view.length else TRUE

    def holds(self, item: Expr, alive: Expr | None = None) -> Expr:
        """Whether an object, given as an atom, exists in the view. `alive`: whether it does in the store after what the
        body wrote."""
        if not self.view.comes_and_goes:
            return TRUE
        there = [self.part(self.view.event_there(position), BOOL) for position in range(self.view.length)]
        kept = MapRead(self.part(self.view.kept_there, MapSort(self.kind, BOOL)), item, BOOL)
        return self._select(item, kept, there, self._or_written(IsAlive(item, self.moment), alive))

    def field(self, name: str, variable: str, item: Expr, written: Expr | None = None) -> Expr:
        """A field of an object, given as an atom, that the view holds. `written`: the field in the store after what the
        body wrote."""
        sort = self.context.variables[variable].sort
        before = [self.part(self.view.event_field(position, name), sort) for position in range(self.view.length)]
        kept = MapRead(self.part(self.view.kept_field(name), MapSort(self.kind, sort)), item, sort)
        return self._select(item, kept, before, self._or_written(Read(variable, (item,), sort, self.moment), written))

    def _or_written(self, before: Expr, after: Expr | None) -> Expr:
        if after is None or after == before:
            return before
        return build.conditional(self.shows_own_writes(), after, before)

    def _select(self, item: Expr, kept: Expr, before: list[Expr], stored: Expr) -> Expr:
        result = stored
        for position in reversed(range(self.view.length)):
            result = build.conditional(build.equal(self.event(position), item), before[position], result)
        return build.conditional(self.is_kept(item), kept, result)


def eyes(context: Context, scope: Scope, kind: str) -> Eyes | None:
    """How the scope's reader sees a kind; None where it sees the store."""
    if scope.reader is None:
        return None
    view = context.views.get((scope.reader.component, kind))
    return None if view is None else Eyes(context, view, scope.reader, scope.moment)


def is_held(scope: Scope, item: Expr) -> bool:
    """Whether the reader certainly sees the object."""
    return isinstance(item, Use) and item.local.id in scope.held


def read(seen: Eyes, variable: str, item: Expr, holds: Expr, written: Expr, span: Span) -> Expr:
    """A field of an object, given as an atom, as the reader sees it; fails unless the reader `holds` it."""
    value = seen.field(variable.partition(".")[2], variable, item, written)
    if holds == TRUE:
        return value
    message = f"{variable} of an object that `{seen.view.component}` does not see"
    return Require(holds, value, FailureKind.LIVE_REFERENCES, message, span, item)


def look_up(
    context: Context, seen: Eyes, variables: tuple[str, ...], keys: tuple[Expr, ...], stored: Expr, span: Span
) -> Expr:
    """The object with these keys that the reader sees: the one in the store, `stored`, or one that is gone since."""
    if seen.view.keeps:
        message = f"`{seen.view.component}` may see two objects of `{seen.view.kind}` with one key"
        hint = "find it by a condition: `choose`, `exists`, or `set(…)`"
        raise Problem(Code.KS203, message, span, hint)
    nothing = build.none(seen.kind)
    result: Expr = nothing
    for position in reversed(range(seen.view.length)):
        event = seen.event(position)
        item = build.unwrap(event)
        own = (Read(name, (item,), context.variables[name].sort, seen.moment) for name in variables)
        same = (build.equal(key, wanted) for key, wanted in zip(own, keys, strict=True))
        found = build.conjunction(build.negate(build.equal(event, nothing)), *same, seen.holds(item))
        result = build.conditional(found, event, result)
    local = context.fresh("found", stored.sort)
    is_seen = build.conjunction(build.negate(build.equal(Use(local), nothing)), seen.holds(build.unwrap(Use(local))))
    return Let(local, stored, build.conditional(is_seen, Use(local), result))
