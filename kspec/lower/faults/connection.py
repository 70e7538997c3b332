"""Disconnection: a component that the API server cannot be reached from. Its views freeze, and what it does goes on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kspec.language import checked
from kspec.lower import names
from kspec.lower.faults.hidden import Hidden, begin, describe, is_cut, spend, unless_cut
from kspec.lower.path import Path
from kspec.lower.views import keeping, queues
from kspec.lower.views.watcher import Watcher
from kspec.system.expressions import FALSE, TRUE
from kspec.system.meanings import Fault, Happens
from kspec.system.spans import NOWHERE
from kspec.system.transitions import Write

if TYPE_CHECKING:
    from kspec.lower.context import Context

DISCONNECTION = "disconnect"
"""The name of the action and of its budget."""


def connections(context: Context, component: checked.Component) -> Iterator[Hidden]:
    disconnects = component.clauses.disconnects
    if disconnects is None:
        return
    span = disconnects.budget.span
    cut = describe(component, DISCONNECTION, Happens(Fault.DISCONNECTION), fair=False, span=span)
    yield Hidden(cut, (_disconnect(context, component),))
    again = describe(component, "reconnect", Happens(Fault.RECONNECTION), fair=not disconnects.may_stay, span=span)
    yield Hidden(again, (_reconnect(context, component),))


def _disconnect(context: Context, component: checked.Component) -> Path:
    assert component.clauses.disconnects is not None
    path = begin(context, component)
    unless_cut(path)
    spend(path, component.clauses.disconnects.budget, DISCONNECTION)
    path.write(names.cut(component.name), path.actor.index, TRUE)
    return path


def _reconnect(context: Context, component: checked.Component) -> Path:
    """Lists everything anew."""
    path = begin(context, component)
    path.guard(is_cut(path), None, NOWHERE)
    path.write(names.cut(component.name), path.actor.index, FALSE)
    path.writes += list_anew(context, path)
    return path


def list_anew(context: Context, path: Path) -> Iterator[Write]:
    """Every view of the instance becomes the store."""
    for view in context.views.values():
        if view.component == path.actor.component.name:
            watcher = Watcher(context, view, path.actor.instance)
            yield from (*queues.emptied(watcher), *keeping.nothing_kept(watcher))
