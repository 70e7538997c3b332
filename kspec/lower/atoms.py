"""Atoms about the step itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kspec.language import checked
from kspec.lower import names
from kspec.lower.scope import Scope
from kspec.system.expressions import FALSE, By, Enabled, Expr, Writes

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
