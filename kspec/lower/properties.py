"""Properties and expectations of a cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kspec.language import checked
from kspec.lower.scope import Scope
from kspec.lower.temporal.head import lower_temporal
from kspec.system.expressions import FailureKind
from kspec.system.properties import (
    Expectation,
    ExpectCounts,
    ExpectViolation,
    Property,
    PropertyKind,
)
from kspec.system.spans import NOWHERE

if TYPE_CHECKING:
    from kspec.lower.context import Context


def lower_property(context: Context, declared: checked.Property) -> Property:
    kind = PropertyKind(declared.kind)
    if kind in (PropertyKind.TEMPORAL, PropertyKind.ASSUMPTION):
        with context.lowering.noting(about_runs=True) as notes:
            temporal = lower_temporal(context, declared)
            return Property(kind, declared.name, None, declared.span, temporal, notes.wording)
    scope = Scope(in_step=kind is PropertyKind.STEP)
    expression, wording = context.lowering.lower_with_wording(declared.body, scope)
    return Property(kind, declared.name, expression, declared.span, wording=wording)


def lower_terminal(context: Context) -> tuple[Property, ...]:
    """`terminal when`: states without successors must satisfy it."""
    terminal, span = context.model.terminal, context.model.terminal_span
    if terminal is None:
        return ()
    expression, wording = context.lowering.lower_with_wording(terminal, Scope())
    place = span or terminal.span
    return (Property(PropertyKind.DEADLOCK, "Deadlock", expression, place, wording=wording),)


def implicit_properties() -> tuple[Property, ...]:
    return tuple(Property(PropertyKind.IMPLICIT, kind.value, None, NOWHERE) for kind in FailureKind)


def lower_expectations(context: Context, properties: tuple[Property, ...]) -> tuple[Expectation, ...]:
    """The expectations about the cluster; one about a property that is only for other clusters is not."""
    names = {property.name for property in properties}
    expectations: list[Expectation] = []
    for expected in context.model.expectations:
        if not context.applies(expected.only_in):
            continue
        match expected:
            case checked.ExpectViolation(name, _, span):
                if name in names:
                    expectations.append(ExpectViolation(name, span))
            case checked.ExpectCounts():
                counts = (expected.states, expected.transitions, expected.depth)
                expectations.append(ExpectCounts(expected.reduced, *counts, expected.span))
    return tuple(expectations)
