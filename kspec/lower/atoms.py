"""Atoms about the step itself, and about who may do what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kspec.language import checked
from kspec.lower import build, names
from kspec.lower.requests import authority
from kspec.lower.scope import Scope
from kspec.system.expressions import FALSE, TRUE, By, Enabled, Expr, Read, Writes
from kspec.system.sorts import BOOL

if TYPE_CHECKING:
    from kspec.lower.expressions import ExpressionLowering


def lower_atom(
    lowering: ExpressionLowering, expr: checked.ByAtom | checked.WritesAtom | checked.EnabledAtom, scope: Scope
) -> Expr:
    """A disabled action takes no step and is never enabled."""
    context = lowering.context
    match expr:
        case checked.ByAtom(component, action):
            wanted = f"{component}." if action is None else f"{component}.{action}"
            taken = {
                position
                for label, position in context.actions.items()
                if label == wanted or (action is None and label.rpartition(".")[0] == component)
            }
            return By(frozenset(taken)) if taken else FALSE
        case checked.WritesAtom(kind):
            fields = context.model.kinds[kind].fields
            mutable = tuple(names.field(kind, field.name) for field in fields if field.modifier is None)
            return Writes(context.kind(kind).sort, mutable)
        case checked.EnabledAtom(component, instance, action):
            position = context.actions.get(f"{component}.{action}")
            if position is None:
                return FALSE
            at = None if instance is None else lowering.lower(instance, scope)
            return Enabled(position, at, scope.moment)


def lower_authority(
    lowering: ExpressionLowering, expr: checked.Connected | checked.Allowed | checked.CallerIs, scope: Scope
) -> Expr:
    context = lowering.context
    match expr:
        case checked.Connected(component, instance):
            index = () if instance is None else (lowering.lower(instance, scope),)
            return build.negate(Read(names.cut(component), index, BOOL, scope.moment))
        case checked.Allowed(component, verb, kind, field):
            return authority.granted(context, context.model.components[component], verb, kind, field)
        case checked.CallerIs(component):
            return TRUE if scope.caller == component else FALSE
