"""The places that assignments write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kspec.language import checked
from kspec.lower import names
from kspec.system.sorts import MapSort, Sort

if TYPE_CHECKING:
    from kspec.lower.expressions import ExpressionLowering

Root = checked.FieldPlace | checked.GlobalPlace | checked.ComponentPlace | checked.LocalPlace


def root_and_keys(place: checked.Place) -> tuple[Root, tuple[checked.Expr, ...]]:
    """The variable or field that a place is part of, and the keys on the way, outermost first."""
    keys: list[checked.Expr] = []
    while isinstance(place, checked.EntryPlace):
        keys.append(place.key)
        place = place.map
    return place, tuple(reversed(keys))


def root_variable(root: Root) -> str:
    """The state variable that a place is part of."""
    match root:
        case checked.FieldPlace(_, kind, field):
            return names.field(kind, field)
        case checked.GlobalPlace(name):
            return name
        case checked.ComponentPlace(component, _, name):
            return names.component_variable(component, name)
        case checked.LocalPlace(local):
            return local.name


def describe_place(place: checked.Place) -> str:
    root, keys = root_and_keys(place)
    return f"an entry of {root_variable(root)}" if keys else root_variable(root)


def place_sort(lowering: ExpressionLowering, place: checked.Place) -> Sort:
    """The sort of what a place holds."""
    root, keys = root_and_keys(place)
    if isinstance(root, checked.LocalPlace):
        sort = lowering.context.sort(root.type, root.span)
    else:
        sort = lowering.context.variables[root_variable(root)].sort
    for _ in keys:
        assert isinstance(sort, MapSort)
        sort = sort.value
    return sort
