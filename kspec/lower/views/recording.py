"""What a step does to views: every version it makes is an event for those who watch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kspec.lower.path import Path
from kspec.lower.views.keeping import kept_writes
from kspec.lower.views.layout import View
from kspec.lower.views.queues import queue_writes
from kspec.lower.views.versions import Versions
from kspec.lower.views.watcher import everyone
from kspec.system.transitions import Write

if TYPE_CHECKING:
    from kspec.lower.expressions import ExpressionLowering


def record(lowering: ExpressionLowering, path: Path) -> None:
    """Adds to a path that is complete what its writes do to views."""
    by_kind: dict[str, list[View]] = {}
    for view in (*lowering.context.views.values(), *lowering.context.logs.values()):
        by_kind.setdefault(view.kind, []).append(view)
    added: list[Write] = []
    for kind, views in by_kind.items():
        versions = Versions(lowering, path, kind)
        if versions.is_none:
            continue
        most = versions.most()
        length = most if any(view.keeps for view in views) else min(most, max(view.length for view in views))
        events = versions.recent(length)
        for view in views:
            watcher = everyone(lowering.context, path, view, events)
            added += (*queue_writes(watcher), *kept_writes(watcher))
    path.writes += added
