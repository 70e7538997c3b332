"""Events on their way: delivered, lost, or made up for by a new list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kspec.language import checked
from kspec.lower import build
from kspec.lower.faults.hidden import Hidden, begin, describe, spend, unit_of_instance, unless_cut
from kspec.lower.path import Path
from kspec.lower.views import keeping, queues
from kspec.lower.views.layout import View
from kspec.lower.views.versions import happened
from kspec.lower.views.watcher import Watcher
from kspec.system.expressions import (
    TRUE,
    Equal,
    Expr,
    Literal,
    Members,
    Use,
)
from kspec.system.meanings import Fault, Happens
from kspec.system.sorts import SetSort, zero
from kspec.system.spans import NOWHERE
from kspec.system.transitions import Role, UnitPart

if TYPE_CHECKING:
    from kspec.lower.context import Context

LOSS = "lose"
"""The name of the budget of lost events."""


def deliveries(context: Context, component: checked.Component) -> Iterator[Hidden]:
    """The hidden actions of a component's views."""
    for view in context.views.values():
        if view.component == component.name:
            yield from _of_view(context, component, view)


def _of_view(context: Context, component: checked.Component, view: View) -> Iterator[Hidden]:
    clauses = component.clauses
    if view.length:
        yield _hidden(component, "deliver", Fault.DELIVERY, _deliver(context, component, view), view, fair=True)
    if view.lag and clauses.loses is not None:
        lost = _lose(context, component, view, clauses.loses)
        yield _hidden(component, "lose", Fault.LOSS, lost, view, fair=False)
    if view.lag is None:
        yield _refreshing(context, component, view)
    elif clauses.relists is not None and view.keeps:
        yield _hidden(component, "relist", Fault.RELIST, _relist(context, component, view), view, fair=True)


def _hidden(component: checked.Component, verb: str, fault: Fault, path: Path, view: View, *, fair: bool) -> Hidden:
    meaning = Happens(fault, view.kind)
    return Hidden(describe(component, f"{verb} {view.kind}", meaning, fair=fair, span=view.span), (path,))


def _refreshing(context: Context, component: checked.Component, view: View) -> Hidden:
    """Fair for each object, also for one that is deleted: else the view might keep it for ever."""
    each = (UnitPart(len(unit_of_instance(component)), outlives=True),)
    meaning = Happens(Fault.REFRESH, view.kind)
    action = describe(component, f"refresh {view.kind}", meaning, fair=True, span=view.span, each=each)
    return Hidden(action, (_refresh(context, component, view),))


def _deliver(context: Context, component: checked.Component, view: View) -> Path:
    """The oldest event is seen; what the view kept of its object is old."""
    path, watcher = _begin(context, component, view)
    oldest = watcher.eyes.event(0)
    path.guard(happened(oldest), None, NOWHERE)
    path.writes += queues.without_oldest(watcher)
    if view.keeps:
        path.writes += keeping.changed(watcher, [(oldest, TRUE)], (), keeping.is_kept(watcher, oldest))
    return path


def _lose(context: Context, component: checked.Component, view: View, budget: checked.Budget) -> Path:
    """The oldest event is dropped: the view keeps what it last saw of its object."""
    path, watcher = _begin(context, component, view)
    oldest = watcher.eyes.event(0)
    path.guard(happened(oldest), None, NOWHERE)
    spend(path, budget, LOSS)
    path.writes += queues.without_oldest(watcher)
    path.writes += keeping.lost(watcher, oldest)
    return path


def _relist(context: Context, component: checked.Component, view: View) -> Path:
    """The view becomes the store. Without a lost event, deliveries lead there too."""
    path, watcher = _begin(context, component, view)
    path.guard(_keeps_something(watcher), None, NOWHERE)
    path.writes += (*queues.emptied(watcher), *keeping.nothing_kept(watcher))
    return path


def _refresh(context: Context, component: checked.Component, view: View) -> Path:
    """Of one object, the view becomes what the store has."""
    path, watcher = _begin(context, component, view)
    local = context.fresh(view.kind.lower(), watcher.kind)
    kept = watcher.eyes.part(view.kept, SetSort(watcher.kind))
    path.bind(local, Members(kept), Role.PARAMETER)
    path.writes += keeping.changed(watcher, [(Use(local), TRUE)], (), TRUE)
    return path


def _begin(context: Context, component: checked.Component, view: View) -> tuple[Path, Watcher]:
    path = begin(context, component)
    unless_cut(path)
    return path, Watcher(context, view, path.actor.instance)


def _keeps_something(watcher: Watcher) -> Expr:
    objects = SetSort(watcher.kind)
    kept = watcher.eyes.part(watcher.view.kept, objects)
    return build.negate(Equal(kept, Literal(zero(objects), objects)))
