"""The entry: for each component and fault, the model in which the component has it."""

from __future__ import annotations

from collections.abc import Iterator

from kspec.audit.change import Change
from kspec.audit.crash import crashing
from kspec.audit.lag import behind
from kspec.language import checked
from kspec.language.checker.names import ENVIRONMENT


def changes(model: checked.Model, cluster: str, lag: int | None, crash: int | None) -> Iterator[Change]:
    """One fault in one component at a time, so that what no longer holds has a culprit: lags first, then crashes. The
    models are for this cluster."""
    components = [component for component in model.components.values() if component.name != ENVIRONMENT]
    if lag is not None:
        yield from (behind(model, cluster, component, lag) for component in components)
    if crash is not None:
        yield from (crashing(model, component, crash) for component in components)
