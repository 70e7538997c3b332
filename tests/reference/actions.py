"""Actions: every way to take one in a state, tried by running its body again with other choices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kspec.language import checked
from tests.reference.bodies import Body, Choices
from tests.reference.expressions import holds
from tests.reference.store import Store
from tests.reference.values import Blocked, Disabled, Failed, Ref, Value
from tests.reference.world import World


@dataclass(frozen=True, slots=True)
class Outcome:
    """Taken (`after`), failed (`failure` names the implicit property), or, with neither, without room."""

    component: str
    action: str
    after: Store | None = None
    refused: bool = False
    failure: str | None = None


def outcomes(world: World, store: Store) -> Iterator[Outcome]:
    """Every transition of a state: one for each binding and each branch of `choose` and `either`."""
    for component in world.model.components.values():
        for action in component.actions:
            yield from outcomes_of(world, store, component, action)


def outcomes_of(
    world: World, store: Store, component: checked.Component, action: checked.Action, instance: Ref | None = None
) -> Iterator[Outcome]:
    """Of one action, and, if given, of one instance of its component."""
    if f"{component.name}.{action.name}" in world.disabled:
        return
    choices = Choices()
    going = True
    while going:
        outcome = _attempt(Body(world, store.copy(), choices), component, action, instance)
        if outcome is not None:
            yield outcome
        going = choices.advance()


def _attempt(body: Body, component: checked.Component, action: checked.Action, instance: Ref | None) -> Outcome | None:
    try:
        key = _bind(body, component, action, instance)
        refused = body.run_to_end(action.body)
    except Disabled:
        return None
    except Blocked:
        return Outcome(component.name, action.name)
    except Failed as failed:
        return Outcome(component.name, action.name, failure=failed.implicit)
    if key is not None:
        body.store.spent[key] = body.store.spent.get(key, 0) + 1
    body.store.settle()
    return Outcome(component.name, action.name, after=body.store, refused=refused)


def _bind(
    body: Body, component: checked.Component, action: checked.Action, instance: Ref | None
) -> tuple[Value, ...] | None:
    """Choose instance and parameters, and test the `when` clauses; the key of the budget that is spent, if any."""
    given: list[Value] = []
    if component.instance is not None:
        existing = checked.AllOf(component.instance.type, component.span)
        given.append(body.choose(checked.Variable(component.instance, existing)))
        if instance is not None and given != [instance]:
            raise Disabled
    given.extend(body.choose(parameter) for parameter in action.parameters)
    for guard in action.guards:
        if not holds(guard.condition, body.view()):
            raise Disabled
    if action.budget is None:
        return None
    label = f"{component.name}.{action.name}"
    key = (label, *given) if action.budget.each else (label,)
    if body.store.spent.get(key, 0) >= body.world.number(action.budget.limit):
        raise Disabled
    return key
