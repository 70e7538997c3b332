"""What an audit does to a model."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from kspec.language import checked
from kspec.system.spans import Span


class Fault(Enum):
    LAG = "lag"
    CRASH = "crash"


@dataclass(frozen=True, slots=True)
class SplitAction:
    """An action or process that is a process now which yields between its requests."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class Change:
    """A model in which one component has a fault more. `adds`: clauses of the language that it has now. `model`: None
    where there is nothing to check, for the `reason` given."""

    component: str
    fault: Fault
    number: int
    adds: tuple[str, ...]
    split: tuple[SplitAction, ...]
    model: checked.Model | None
    reason: str = ""


def nothing(component: checked.Component, fault: Fault, number: int, reason: str) -> Change:
    return Change(component.name, fault, number, (), (), None, reason)


def with_component(model: checked.Model, component: checked.Component) -> checked.Model:
    """The model with another body for a component. What the file expects is said of the model as it was."""
    return replace(model, components={**model.components, component.name: component}, expectations=())


def budget(number: int, span: Span) -> checked.Budget:
    return checked.Budget(checked.Number(number, span), False, span)
