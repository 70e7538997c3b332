"""Audits of crashes: a component may lose what it remembers between any two of its requests."""

from __future__ import annotations

from dataclasses import replace

from kspec.audit.change import Change, Fault, SplitAction, budget, nothing, with_component
from kspec.audit.splitting import split
from kspec.language import checked


def crashing(model: checked.Model, component: checked.Component, number: int) -> Change:
    """The component crashes, unless it says itself how often; its actions are split between their requests."""
    processes = [(action, split(action)) for action in component.actions]
    torn = [process for _, process in processes if process is not None]
    if not torn and component.clauses.crashes is not None:
        return nothing(component, Fault.CRASH, number, "it crashes already, and no action makes two requests")
    if not torn and not _remembers(component):
        return nothing(component, Fault.CRASH, number, "it has nothing to lose, and no action makes two requests")
    clauses, adds = component.clauses, []
    if clauses.crashes is None:
        clauses = replace(clauses, crashes=checked.Crashes(budget(number, component.span), None))
        adds.append(f"crashes at most {number}")
    changed = replace(
        component,
        actions=tuple(action for action, process in processes if process is None),
        processes=(*component.processes, *torn),
        clauses=clauses,
    )
    told = tuple(SplitAction(f"{component.name}.{process.name}", process.span) for process in torn)
    return Change(component.name, Fault.CRASH, number, tuple(adds), told, with_component(model, changed))


def _remembers(component: checked.Component) -> bool:
    """Whether a crash changes anything: variables that are neither durable nor ghost, runs, or views."""
    clauses = component.clauses
    if component.processes or clauses.watches or clauses.disconnects is not None:
        return True
    return any(not (variable.durable or variable.ghost) for variable in component.variables)
