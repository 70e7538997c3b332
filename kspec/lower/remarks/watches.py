"""Watches that nothing looks at."""

from __future__ import annotations

from collections.abc import Iterator

from kspec.language import checked
from kspec.language.reading import kinds_read, kinds_seen_by
from kspec.system.remarks import Remark


def unread_watches(model: checked.Model, component: checked.Component) -> Iterator[Remark]:
    """Kinds that a component watches, and neither it nor a property in its eyes reads."""
    read = {*kinds_read(model, component), *kinds_seen_by(model, component)}
    for watch in component.clauses.watches:
        if watch.kind not in read:
            message = f"`{component.name}` watches `{watch.kind}` and never reads it"
            yield Remark("unread-watch", message, watch.span)
