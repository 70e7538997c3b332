"""Where the views of a component that starts again begin: at the store, or at one of its last versions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kspec.lower import build
from kspec.lower.faults.connection import list_anew
from kspec.lower.path import Path
from kspec.lower.views import keeping, queues
from kspec.lower.views.layout import View, stale_versions
from kspec.lower.views.watcher import Watcher
from kspec.system.expressions import FALSE, TRUE, AllValues, Expr, Literal, Order, Use
from kspec.system.sorts import IntSort, zero
from kspec.system.spans import NOWHERE
from kspec.system.transitions import Role, Write

if TYPE_CHECKING:
    from kspec.lower.context import Context


def start_again(context: Context, path: Path) -> Iterator[Write]:
    """The views of the instance after a crash. Each kind that the store has a log of may be seen as it was some events
    ago, independently: the view then has these events still before it."""
    stale = stale_versions(context, path.actor.component)
    if not stale:
        yield from list_anew(context, path)
        return
    for view in context.views.values():
        if view.component == path.actor.component.name:
            watcher = Watcher(context, view, path.actor.instance)
            yield from keeping.nothing_kept(watcher)
            if view.lag is not None:
                yield from _from_log(context, path, watcher, stale)


def _from_log(context: Context, path: Path, watcher: Watcher, stale: int) -> Iterator[Write]:
    log = Watcher(context, context.logs[watcher.view.kind], None)
    behind = context.fresh(f"events of {watcher.view.kind} behind", IntSort(0, stale))
    path.bind(behind, AllValues(behind.sort), Role.STALENESS, watcher.view.kind)
    path.guard(_has(log, Use(behind)), None, NOWHERE)
    for part, logged in zip(queues.parts(watcher), _parts_of(log, watcher.view), strict=True):
        for position, variable in enumerate(part.variables):
            yield watcher.write(variable, _logged(log, logged, Use(behind), position, stale), TRUE)


def _parts_of(log: Watcher, view: View) -> Iterator[queues.Part | None]:
    """The parts of the log, in the order of those of the view; None for what the log has not."""
    known = {part.name: part for part in queues.parts(log)}
    for part in queues.parts(Watcher(log.context, view, None)):
        yield known.get(part.name)


def _has(log: Watcher, behind: Expr) -> Expr:
    """Whether the log has as many events."""
    return log.by_length(lambda length: build.compare(Order.AT_MOST, behind, build.number(length)))


def _logged(log: Watcher, part: queues.Part | None, behind: Expr, position: int, stale: int) -> Expr:
    """What stands at a position of the view's queue: the last events of the log, as many as the view is behind."""
    if part is None:
        return FALSE
    nothing = Literal(zero(part.sort), part.sort)
    sort = part.sort
    variables = part.variables

    def case(length: int) -> Expr:
        result: Expr = nothing
        for events in range(position + 1, min(length, stale) + 1):
            stored = log.eyes.part(variables[length - events + position], sort)
            result = build.conditional(build.equal(behind, build.number(events)), stored, result)
        return result

    return log.by_length(case)
