"""Atoms about the step itself, and about who may do what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kspec.language import checked
from kspec.lower import build, names
from kspec.lower.names import GOES_ON
from kspec.lower.requests import authority
from kspec.lower.scope import Scope
from kspec.system.expressions import FALSE, TRUE, By, Enabled, Expr, Read, Writes
from kspec.system.sorts import BOOL

if TYPE_CHECKING:
    from kspec.lower.context import Context
    from kspec.lower.expressions import ExpressionLowering


def lower_atom(
    lowering: ExpressionLowering, expr: checked.ByAtom | checked.WritesAtom | checked.EnabledAtom, scope: Scope
) -> Expr:
    """A disabled action takes no step and is never enabled."""
    context = lowering.context
    match expr:
        case checked.ByAtom(component, action):
            if action is None:
                taken = [at for label, at in context.actions.items() if label.rpartition(".")[0] == component]
            else:
                taken = _positions(context, component, action)
            return By(frozenset(taken)) if taken else FALSE
        case checked.WritesAtom(kind):
            fields = context.model.kinds[kind].fields
            mutable = tuple(names.field(kind, field.name) for field in fields if field.modifier is None)
            return Writes(context.kind(kind).sort, mutable)
        case checked.EnabledAtom(component, instance, action):
            at = None if instance is None else lowering.lower(instance, scope)
            enabled = (Enabled(position, at, scope.moment) for position in _positions(context, component, action))
            return build.disjunction(*enabled)


def _positions(context: Context, component: str, action: str) -> list[int]:
    """The actions of the system that an action of the text is: a process is two."""
    labels = (f"{component}.{action}", f"{component}.{action}{GOES_ON}")
    return [context.actions[label] for label in labels if label in context.actions]


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
