"""Admission: the API server's own conditions on what components ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from kspec.lower import build
from kspec.lower.actor import Actor
from kspec.lower.scope import Scope
from kspec.system.expressions import FALSE, Expr
from kspec.system.sorts import ObjectSort, OptionSort

if TYPE_CHECKING:
    from kspec.lower.expressions import ExpressionLowering


def refused(
    lowering: ExpressionLowering,
    actor: Actor,
    verb: str,
    kind: ObjectSort,
    item: Expr | None,
    fields: Mapping[str, Expr],
    scope: Scope,
) -> Expr:
    """Whether some `admit` is against it. `fields`: those that the request gives values to. `scope` sees the store as
    it was before the request; an object that is to be created (`item` None) is none there."""
    if actor.is_environment:
        return FALSE
    conditions = []
    for admission in lowering.context.model.admissions:
        if (admission.verb, admission.kind) != (verb, kind.kind):
            continue
        there = item if item is not None else build.none(OptionSort(kind))
        inside = scope.bind(admission.variable, there)
        inside = replace(inside, caller=actor.component.name, proposed={admission.variable.id: fields})
        conditions.append(lowering.lower(admission.condition, inside))
    return build.negate(build.conjunction(*conditions))


def is_guarded(lowering: ExpressionLowering, verb: str, kind: str) -> bool:
    admissions = lowering.context.model.admissions
    return any((admission.verb, admission.kind) == (verb, kind) for admission in admissions)
