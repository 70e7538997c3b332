"""The entry: every remark on a model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kspec.lower.actor import ENVIRONMENT
from kspec.lower.remarks.permissions import always_denied, unused_permissions
from kspec.lower.remarks.units import weak_units
from kspec.lower.remarks.watches import unread_watches
from kspec.lower.remarks.writers import two_writers
from kspec.system.remarks import Remark

if TYPE_CHECKING:
    from kspec.lower.context import Context


def remarks(context: Context) -> tuple[Remark, ...]:
    """In the order of the text, as far as one kind of remark goes."""
    model = context.model
    components = [component for component in model.components.values() if component.name != ENVIRONMENT]
    found = list(two_writers(model, components))
    for component in components:
        found += [*unused_permissions(model, component), *always_denied(component), *unread_watches(model, component)]
    return (*found, *weak_units(context))
