"""Audits of lag: a component sees what it reads some events late."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kspec.audit.change import Change, Fault, nothing, with_component
from kspec.language import checked
from kspec.language.reading import fields_seen, kinds_got, kinds_read
from kspec.language.types import KindType
from kspec.language.walk import statements
from kspec.lower.context import Context
from kspec.lower.expressions import ExpressionLowering
from kspec.lower.problems import Problem
from kspec.lower.requests.places import root_and_keys


def behind(model: checked.Model, cluster: str, component: checked.Component, lag: int) -> Change:
    """The component watches every kind that it reads, that changes, and that it does not watch yet.

    A watch whose lag is 0 in this cluster reads the store: it is replaced."""
    context = Context(model, model.clusters[cluster], ExpressionLowering)
    late = tuple(watch for watch in component.clauses.watches if _is_late(context, watch))
    watched = {watch.kind for watch in late}
    changing = _changes(model)
    read = [kind for kind in kinds_read(model, component) if _may_surprise(model, component, kind, changing)]
    if not read:
        return nothing(
            component, Fault.LAG, lag, "it reads no kind whose objects change, and variables are not watched"
        )
    kinds = [kind for kind in read if kind not in watched]
    if not kinds:
        return nothing(component, Fault.LAG, lag, "it watches everything that it reads")
    span = component.span
    watches = tuple(checked.Watch(kind, checked.Number(lag, span), span) for kind in kinds)
    clauses = replace(component.clauses, watches=(*late, *watches))
    changed = replace(component, clauses=clauses)
    adds = f"watches {', '.join(kinds)} lag {lag}"
    return Change(component.name, Fault.LAG, lag, (adds,), (), with_component(model, changed))


def _is_late(context: Context, watch: checked.Watch) -> bool:
    try:
        return watch.lag is None or context.number(watch.lag) > 0
    except Problem:
        return True  # the lowering of the audited model tells what is wrong with it


Changes = frozenset[tuple[str, str | None]]
"""Kinds and fields of them that some body writes; with None, kinds whose objects come or go."""


def _may_surprise(model: checked.Model, component: checked.Component, kind: str, changing: Changes) -> bool:
    """Whether what the component reads of a kind ever changes."""
    if (kind, None) in changing:
        return True
    if kind in kinds_got(component):
        return any(of == kind for of, _ in changing)
    return any((kind, field) in changing for field in fields_seen(model, component, kind))


def _changes(model: checked.Model) -> Changes:
    items: list[checked.Action | checked.Process | checked.Request] = [*model.requests.values()]
    for component in model.components.values():
        items += component.items
    return frozenset(change for item in items for found in statements(item.body) for change in _of(found))


def _of(statement: checked.Statement) -> Iterator[tuple[str, str | None]]:
    match statement:
        case checked.Assign(place, value):
            root, _ = root_and_keys(place)
            if isinstance(root, checked.FieldPlace):
                yield root.kind, root.field
            if isinstance(value, checked.Create):
                yield value.kind, None
        case checked.Update(_, kind, fields):
            for field, _ in fields:
                yield kind, field
        case checked.CreateStatement(create) | checked.Let(_, checked.Create() as create):
            yield create.kind, None
        case checked.Delete(target) if isinstance(target.type, KindType):
            yield target.type.name, None
        case _:
            pass
