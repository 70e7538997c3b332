"""The entry: from a checked model and one of its clusters to a system."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from kspec.language import checked
from kspec.language.codes import Code
from kspec.language.diagnostics import Diagnostic, did_you_mean
from kspec.lower.behaviour import lower_behaviour
from kspec.lower.context import Context
from kspec.lower.expressions import ExpressionLowering
from kspec.lower.initial import Initial, InitialValues, blank, require_distinct_keys
from kspec.lower.problems import Problem
from kspec.lower.properties import (
    implicit_properties,
    lower_expectations,
    lower_property,
    lower_terminal,
)
from kspec.lower.remarks.remarks import remarks
from kspec.lower.scope import Scope
from kspec.lower.variables import declare_variables, has_growing_keys
from kspec.system.sorts import ObjectSort
from kspec.system.spans import NOWHERE
from kspec.system.system import Role, System, Variable

S = TypeVar("S")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Lowered:
    """The system, or what is wrong with the cluster."""

    system: System | None
    diagnostics: tuple[Diagnostic, ...]


def lower(model: checked.Model, cluster: str) -> Lowered:
    if cluster not in model.clusters:
        hint = did_you_mean(cluster, model.clusters)
        diagnostic = Diagnostic(Code.KS501, f"there is no cluster `{cluster}`", NOWHERE, hint)
        return Lowered(None, (diagnostic,))
    context = Context(model, model.clusters[cluster], ExpressionLowering)
    problems = _Problems()
    system = problems.attempt(lambda: _system(context, problems))
    return Lowered(None if problems.found else system, tuple(problems.found))


class _Problems:
    """Collects what is wrong, so that one run shows all of it that does not follow from the rest."""

    def __init__(self) -> None:
        self.found: list[Diagnostic] = []

    def attempt(self, work: Callable[[], T]) -> T | None:
        try:
            return work()
        except Problem as problem:
            if problem.diagnostic not in self.found:
                self.found.append(problem.diagnostic)
            return None

    def each(self, work: Callable[[S], T], items: Iterable[S]) -> tuple[T, ...]:
        results = [self.attempt(partial(work, item)) for item in items]
        return tuple(result for result in results if result is not None)


def _system(context: Context, problems: _Problems) -> System:
    model, cluster = context.model, context.cluster
    context.variables = declare_variables(context)
    initial = InitialValues(context).compute()
    require_distinct_keys(context, initial)
    context.variables = _with_constants(context, initial)
    behaviour = lower_behaviour(context, problems.each)
    declared = [item for item in model.properties.values() if context.applies(item.only_in)]
    properties = (
        *problems.each(partial(lower_property, context), declared),
        *(problems.attempt(partial(lower_terminal, context)) or ()),
        *implicit_properties(),
    )
    initially = problems.each(lambda item: context.lowering.lower(item, Scope()), cluster.initially)
    values = {name: initial.values[name] for name, item in context.variables.items() if item.constant is None}
    kinds = tuple(context.kind(name) for name in model.kinds)
    return System(
        model=model.file,
        cluster=cluster.name,
        kinds=(*kinds, *behaviour.workers),
        variables=(*context.variables.values(), *behaviour.variables),
        initial=values | {variable.name: blank(variable) for variable in behaviour.variables},
        choices=initial.choices,
        initially=(*initially, *initial.initially),
        actions=behaviour.actions,
        disabled=cluster.disabled,
        transitions=behaviour.transitions,
        properties=properties,
        expectations=lower_expectations(context, properties),
        remarks=remarks(context),
    )


def _with_constants(context: Context, initial: Initial) -> dict[str, Variable]:
    """The variables; those that never change with their values."""
    chosen = {choice.place.variable for choice in initial.choices}
    return {
        name: replace(variable, constant=initial.values[name])
        if name not in chosen and _never_changes(context, variable)
        else variable
        for name, variable in context.variables.items()
    }


def _never_changes(context: Context, variable: Variable) -> bool:
    if has_growing_keys(context, variable.sort):
        return False
    match variable.role:
        case Role.CONSTANT:
            return True
        case Role.CONST_FIELD:
            (kind,) = variable.index
            return isinstance(kind, ObjectSort) and context.kind(kind.kind).permanent
        case _:
            return False
