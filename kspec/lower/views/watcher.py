"""Whoever has a view, in a step that makes events."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from kspec.lower import build, names
from kspec.lower.path import Path
from kspec.lower.scope import Reader
from kspec.lower.views.layout import View
from kspec.lower.views.reading import Eyes
from kspec.lower.views.versions import happened
from kspec.system.expressions import FALSE, TRUE, Binding, Existing, Expr, Read, Use
from kspec.system.sorts import BOOL, ObjectSort, OptionSort, Sort
from kspec.system.transitions import Write

if TYPE_CHECKING:
    from kspec.lower.context import Context


class Watcher:
    """One instance of a component with a view of a kind, or each of them: then `each` binds the instance in writes.

    `events`: the last ones of the step, newest first, as atoms; none where there are fewer. `is_own`: whether the
    component makes them itself.
    """

    def __init__(
        self,
        context: Context,
        view: View,
        instance: Expr | None,
        each: tuple[Binding, ...] = (),
        events: Sequence[Expr] = (),
        is_own: Expr = FALSE,
    ) -> None:
        self.context = context
        self.view = view
        self.each = each
        self.events = events
        self.is_own = is_own
        self.kind: ObjectSort = context.kind(view.kind).sort
        self.eyes = Eyes(context, view, Reader(view.component, instance))
        self.some = happened(events[0]) if events else FALSE
        self.is_cut: Expr = FALSE
        if view.freezes:
            self.is_cut = Read(names.cut(view.component), self.eyes.reader.index, BOOL)

    def write(self, variable: str, value: Expr, condition: Expr) -> Write:
        return Write(variable, self.eyes.reader.index, value, condition, self.each)

    def is_filled(self, position: int) -> Expr:
        return build.negate(build.equal(self.eyes.event(position), build.none(OptionSort(self.kind))))

    def by_length(self, case: Callable[[int], Expr]) -> Expr:
        """What stands for each number of events in the queue."""
        result = case(0)
        for length in range(1, self.view.length + 1):
            result = build.conditional(self.is_filled(length - 1), case(length), result)
        return result

    def by_count(self, case: Callable[[int], Expr]) -> Expr:
        """What stands for each number of events of the step, at least one; as many as the queue is long, or more, are
        one case."""
        result = case(1)
        for count in range(2, min(self.view.length, len(self.events)) + 1):
            result = build.conditional(happened(self.events[count - 1]), case(count), result)
        return result

    def limit(self, length: int) -> int:
        """How many events the queue has at most after the step, where there were `length` before."""
        assert self.view.lag is not None
        return max(self.view.lag, length)

    def field_before(self, field: str, item: Expr, sort: Sort) -> Expr:
        """What a field of an object, given as an atom, was before the step."""
        return Read(names.field(self.view.kind, field), (item,), sort)


def everyone(context: Context, path: Path, view: View, events: Sequence[Expr]) -> Watcher:
    """All that watch, when a path makes events."""
    component = context.model.components.get(view.component)
    if component is None or component.instance is None:
        return Watcher(context, view, None, (), events, _is_own(path, view, None))
    sort = context.sort(component.instance.type, component.span)
    assert isinstance(sort, ObjectSort)
    local = context.fresh(component.instance.name, sort)
    each = (Binding(local, Existing(sort)),)
    return Watcher(context, view, Use(local), each, events, _is_own(path, view, Use(local)))


def _is_own(path: Path, view: View, instance: Expr | None) -> Expr:
    actor = path.actor
    if actor.component.name != view.component:
        return FALSE
    if instance is None or actor.instance is None:
        return TRUE
    return build.equal(instance, actor.instance)
