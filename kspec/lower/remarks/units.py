"""Properties about each object, where fairness is about some object."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kspec.language import checked
from kspec.language.types import KindType, TemporalType
from kspec.system.remarks import Remark

if TYPE_CHECKING:
    from kspec.lower.context import Context


def weak_units(context: Context) -> Iterator[Remark]:
    """Actions that are `fair overall` on objects of a kind, where a property promises something to each of them."""
    promises = {
        item.name: _kinds(item.body)
        for item in context.model.properties.values()
        if item.kind == "property" and context.applies(item.only_in)
    }
    for component in context.model.components.values():
        for action in component.items:
            if action.fairness is None or action.fairness.unit is not None:
                continue
            types = (variable.local.type for variable in action.parameters)
            for kind in dict.fromkeys(type.name for type in types if isinstance(type, KindType)):
                names = [name for name, kinds in promises.items() if kind in kinds]
                if names:
                    what = f"{component.name}.{action.name} is `fair overall`, which owes nothing to a single {kind}"
                    verb = "is" if len(names) == 1 else "are"
                    message = f"{what}; {' and '.join(names)} {verb} about each"
                    yield Remark("weak-unit", message, action.span)


def _kinds(body: checked.Expr) -> frozenset[str]:
    """The kinds of the objects, each of which a formula about time is about."""
    found: set[str] = set()
    while isinstance(body, checked.Quantified) and body.quantifier == "forall" and isinstance(body.type, TemporalType):
        found |= {variable.local.type.name for variable in body.variables if isinstance(variable.local.type, KindType)}
        body = body.body
    return frozenset(found)
