"""`reads own writes`: a component does nothing until its views hold what it wrote last."""

from __future__ import annotations

from kspec.lower import build
from kspec.lower.path import Path
from kspec.lower.views.watcher import Watcher
from kspec.system.expressions import Equal, Expr, Literal
from kspec.system.sorts import BOOL, SetSort
from kspec.system.spans import NOWHERE


def wait_for_own_writes(path: Path) -> None:
    """The path goes on only where the instance has seen all its own writes."""
    for view in path.context.views.values():
        if view.component == path.actor.component.name and view.tracks_own:
            watcher = Watcher(path.context, view, path.actor.instance)
            path.guard(build.negate(_is_waiting(watcher)), None, NOWHERE)


def _is_waiting(watcher: Watcher) -> Expr:
    view = watcher.view
    waiting = [watcher.eyes.part(view.event_own(position), BOOL) for position in range(view.length)]
    if view.keeps:
        objects = SetSort(watcher.kind)
        lost = watcher.eyes.part(view.kept_own, objects)
        waiting.append(build.negate(Equal(lost, Literal(frozenset(), objects))))
    return build.disjunction(*waiting)
