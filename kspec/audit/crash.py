"""Audits of crashes: a component may lose what it remembers between any two of its requests."""

from __future__ import annotations

from dataclasses import replace

from kspec.audit.change import Change, Fault, SplitAction, budget, nothing, with_component
from kspec.audit.splitting import split, split_further
from kspec.language import checked


def crashing(model: checked.Model, component: checked.Component, number: int) -> Change:
    """The component crashes, unless it says itself how often; what it does is split between its requests."""
    actions = [(action, split(action)) for action in component.actions]
    processes = [(process, split_further(process)) for process in component.processes]
    torn = [process for _, process in (*actions, *processes) if process is not None]
    if not torn and component.clauses.crashes is not None:
        return nothing(component, Fault.CRASH, number, "it crashes already, and makes no two requests in one step")
    if not torn and not _remembers(component):
        return nothing(component, Fault.CRASH, number, "it has nothing to lose, and makes no two requests in one step")
    clauses, adds = component.clauses, []
    if clauses.crashes is None:
        clauses = replace(clauses, crashes=checked.Crashes(budget(number, component.span), None))
        adds.append(f"crashes at most {number}")
    changed = replace(
        component,
        actions=tuple(action for action, process in actions if process is None),
        processes=(*(process for process, further in processes if further is None), *torn),
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
