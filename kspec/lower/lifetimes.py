"""Which kinds have objects that come and go in a cluster."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kspec.language import checked
from kspec.language.types import KindType
from kspec.language.walk import statements


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """The kinds whose objects some enabled action creates, or deletes."""

    created: frozenset[str]
    deleted: frozenset[str]


def enabled_actions(
    model: checked.Model, cluster: checked.Cluster
) -> Iterator[tuple[checked.Component, checked.Action]]:
    """The actions that the cluster does not disable, in the order of the text."""
    for component in model.components.values():
        for action in component.actions:
            if f"{component.name}.{action.name}" not in cluster.disabled:
                yield component, action


def enabled_processes(
    model: checked.Model, cluster: checked.Cluster
) -> Iterator[tuple[checked.Component, checked.Process]]:
    """The same, of processes."""
    for component in model.components.values():
        for process in component.processes:
            if f"{component.name}.{process.name}" not in cluster.disabled:
                yield component, process


def lifetimes(model: checked.Model, cluster: checked.Cluster) -> Lifetimes:
    bodies = [action.body for _, action in enabled_actions(model, cluster)]
    bodies += [process.body for _, process in enabled_processes(model, cluster)]
    bodies += [request.body for request in model.requests.values()]
    found = [statement for body in bodies for statement in statements(body)]
    created = {create.kind for create in map(_create, found) if create is not None}
    deleted = {
        statement.object.type.name
        for statement in found
        if isinstance(statement, checked.Delete) and isinstance(statement.object.type, KindType)
    }
    return Lifetimes(frozenset(created), frozenset(deleted))


def _create(statement: checked.Statement) -> checked.Create | None:
    match statement:
        case checked.CreateStatement(create):
            return create
        case checked.Assign(_, checked.Create() as create) | checked.Let(_, checked.Create() as create):
            return create
        case _:
            return None
