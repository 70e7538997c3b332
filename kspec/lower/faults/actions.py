"""All hidden actions of a cluster, and the state that only they need."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from kspec.language import checked
from kspec.lower import names
from kspec.lower.faults.connection import DISCONNECTION, connections
from kspec.lower.faults.crashes import CRASH, crashes
from kspec.lower.faults.deliveries import LOSS, deliveries
from kspec.lower.faults.hidden import Hidden, declare_budget
from kspec.lower.processes.runs import Runs
from kspec.system.meanings import IsDisconnected
from kspec.system.sorts import BOOL, Sort
from kspec.system.system import Role, Variable

if TYPE_CHECKING:
    from kspec.lower.context import Context


def declare(context: Context, component: checked.Component) -> Iterator[Variable]:
    clauses = component.clauses
    index: tuple[Sort, ...] = ()
    if component.instance is not None:
        index = (context.sort(component.instance.type, component.span),)
    if clauses.loses is not None:
        yield declare_budget(context, component, clauses.loses, LOSS)
    if clauses.disconnects is not None:
        meaning = IsDisconnected(component.name)
        yield Variable(names.cut(component.name), index, BOOL, Role.COMPONENT, span=component.span, meaning=meaning)
        yield declare_budget(context, component, clauses.disconnects.budget, DISCONNECTION)
    if clauses.crashes is not None:
        yield declare_budget(context, component, clauses.crashes.budget, CRASH)


def hidden_actions(context: Context, runs: Sequence[Runs]) -> Iterator[Hidden]:
    """`runs`: of all processes."""
    for component in context.model.components.values():
        yield from deliveries(context, component)
        yield from connections(context, component)
        yield from crashes(context, component, [known for known in runs if known.component is component])
