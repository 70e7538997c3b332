"""Whether a property is true for a trivial reason: probes that the explorer answers on the way.

A property `forall x where W: L implies R` says nothing in a state where no x has W and L. Its probe is the reachable
property `exists x where W: L`: if a complete graph never reaches it, nothing ever put the property to the test. For a
step property the probe is a step property that says the condition never comes; its violation is the good news.

Beside its property a probe fails nowhere: it evaluates a part of what the property does, in the same order.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace

from kspec.explore.result import Exploration
from kspec.system.expressions import TRUE, And, Expr, Implies, Let, Not, Quantified, Quantifier
from kspec.system.properties import Property, PropertyKind
from kspec.system.system import System

_MARK = " is put to the test"
"""No property of a model has a name with spaces."""


def with_probes(system: System) -> System:
    """The system with a probe behind its properties for each one that has a condition."""
    probes = tuple(probe for property in system.properties if (probe := _probe(property)) is not None)
    return replace(system, properties=(*system.properties, *probes))


def without_probes(system: System, exploration: Exploration) -> tuple[Exploration, tuple[Property, ...]]:
    """The exploration of the system itself, and the properties that nothing put to the test."""
    answered = exploration.witnesses.keys() | exploration.violations.keys()
    trivial = tuple(
        property
        for property in system.properties
        if _probe(property) is not None and property.name + _MARK not in answered and property.name not in answered
    )
    plain = replace(
        exploration,
        violations={name: run for name, run in exploration.violations.items() if not name.endswith(_MARK)},
        witnesses={name: run for name, run in exploration.witnesses.items() if not name.endswith(_MARK)},
    )
    return plain, trivial if exploration.complete else ()


def probe_names(settled: Set[str]) -> frozenset[str]:
    """The names of the probes of properties that are settled: none of them keeps a search going."""
    return frozenset(name + _MARK for name in settled)


def _probe(property: Property) -> Property | None:
    if property.expression is None:
        return None
    condition = _condition(property.expression)
    if condition == TRUE:
        return None
    name = property.name + _MARK
    match property.kind:
        case PropertyKind.INVARIANT:
            return Property(PropertyKind.REACHABLE, name, condition, property.span)
        case PropertyKind.STEP:
            return Property(PropertyKind.STEP, name, Not(condition), property.span)
        case _:
            return None


def _condition(expr: Expr) -> Expr:
    """When a property says something at all; TRUE where it always does."""
    match expr:
        case Quantifier(Quantified.FORALL, bindings, where, body, _):
            return Quantifier(Quantified.EXISTS, bindings, where, _condition(body))
        case Implies(left, right):
            rest = _condition(right)
            return left if rest == TRUE else And((left, rest))
        case Let(local, value, body):
            rest = _condition(body)
            return TRUE if rest == TRUE else Let(local, value, rest)
        case _:
            return TRUE
