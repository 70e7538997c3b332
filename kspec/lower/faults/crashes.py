"""Crashes: a component loses its variables, its runs and what it has seen, and starts again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from kspec.language import checked
from kspec.lower import build, names
from kspec.lower.faults.hidden import Hidden, begin, describe, spend
from kspec.lower.faults.restart import start_again
from kspec.lower.path import Path
from kspec.lower.processes.runs import Runs, declare_runs
from kspec.lower.stored import store
from kspec.system.expressions import TRUE, Binding, Existing, Expr, Literal, Quantified, Quantifier, Read, Use
from kspec.system.meanings import Fault, Happens
from kspec.system.sorts import zero
from kspec.system.spans import NOWHERE
from kspec.system.transitions import Write

if TYPE_CHECKING:
    from kspec.lower.context import Context

CRASH = "crash"
"""The name of the action and of its budget."""

NO_BINDINGS: tuple[Binding, ...] = ()


def crashes(context: Context, component: checked.Component, runs: Sequence[Runs]) -> Iterator[Hidden]:
    declared = component.clauses.crashes
    if declared is None:
        return
    path = begin(context, component)
    writes = [*_variables(context, path), *_runs(context, path, runs), *start_again(context, path)]
    path.guard(build.disjunction(*(_changes(write) for write in writes)), None, NOWHERE)
    spend(path, declared.budget, CRASH)
    path.writes += writes
    crash = describe(component, CRASH, Happens(Fault.CRASH), fair=False, span=declared.budget.span)
    yield Hidden(crash, (path,))


def _variables(context: Context, path: Path) -> Iterator[Write]:
    """What is not durable is what it was at the beginning; what properties only look at stays."""
    component = path.actor.component
    for declared in component.variables:
        if declared.durable or declared.ghost:
            continue
        name = names.component_variable(component.name, declared.name)
        value = context.lowering.lower(declared.initial, path.scope().in_store())
        stored = store(context.lowering, path, value, context.variables[name].sort, name, declared.span)
        yield Write(name, path.actor.index, stored, TRUE)


def _runs(context: Context, path: Path, runs: Sequence[Runs]) -> Iterator[Write]:
    for known in runs:
        index, each = path.actor.index, NO_BINDINGS
        if known.workers is not None:
            local = context.fresh("worker", known.workers.sort)
            index, each = (*index, Use(local)), (Binding(local, Existing(known.workers.sort)),)
        for variable in declare_runs(context, known):
            if known.is_needed(variable.name):
                yield Write(variable.name, index, Literal(zero(variable.sort), variable.sort), TRUE, each)


def _changes(write: Write) -> Expr:
    """Whether a write changes anything."""
    value = write.value
    same: Expr = build.equal(Read(write.variable, write.index, value.sort), value)
    changes = build.conjunction(write.condition, build.negate(same))
    return Quantifier(Quantified.EXISTS, write.each, TRUE, changes) if write.each else changes
