"""Units of fairness: what the language owes a step to, by name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from kspec.language import checked
from tests.reference.actions import GOES_ON, Item, Outcome, waiting
from tests.reference.store import Store
from tests.reference.values import Ref, Value
from tests.reference.world import World


class Strength(Enum):
    WEAK = "weak"
    STRONG = "strong"
    QUEUED = "queued"


@dataclass(frozen=True, slots=True)
class Unit:
    """`objects`: those that it ends with."""

    name: str
    values: tuple[Value, ...]
    strength: Strength
    objects: tuple[Ref, ...]


def ghosts(world: World) -> list[tuple[str | None, str]]:
    """The variables whose changes are none for fairness."""
    model = world.model
    found: list[tuple[str | None, str]] = [(None, name) for name, item in model.globals.items() if item.ghost]
    for component in model.components.values():
        found.extend((component.name, item.name) for item in component.variables if item.ghost)
    return found


def unit_of(world: World, store: Store, outcome: Outcome) -> Unit | None:
    """What a step that is taken in a state takes of its action's fairness."""
    component = world.model.components[outcome.component]
    if outcome.hidden:
        return _hidden(component, outcome)
    name = outcome.action.removesuffix(GOES_ON)
    item = next(item for item in component.items if item.name == name)
    if item.fairness is None:
        return None
    if name != outcome.action:
        strength = Strength.STRONG if item.fairness.strong else Strength.WEAK
        # A run goes on when its arguments are deleted: its unit does not end with them.
        return _unit(component, outcome.action, strength, outcome.instance, outcome.arguments, ())
    strength = Strength.QUEUED if isinstance(item, checked.Process) else Strength.WEAK
    return _declared(world, component, item, store, outcome, Strength.STRONG if item.fairness.strong else strength)


def waiting_units(world: World, store: Store) -> Iterator[Unit]:
    """The units of processes of which a run could begin, if a worker were idle."""
    for component in world.model.components.values():
        for process in component.processes:
            fairness = process.fairness
            if fairness is not None and not fairness.strong:
                for outcome in waiting(world, store, component, process):
                    if outcome.after is not None:
                        yield _declared(world, component, process, store, outcome, Strength.QUEUED)


def _declared(
    world: World, component: checked.Component, item: Item, store: Store, outcome: Outcome, strength: Strength
) -> Unit:
    fairness = item.fairness
    assert fairness is not None
    if fairness.unit is None:
        return Unit(f"{component.name}.{item.name}", (), strength, ())
    ids = [parameter.local.id for parameter in item.parameters]
    values = tuple(outcome.arguments[ids.index(local.id)] for local in fairness.unit)
    if fairness.key:
        keys = tuple(_key(world, store, value) for value in values)
        return _unit(component, item.name, strength, outcome.instance, keys, ())
    return _unit(component, item.name, strength, outcome.instance, values, values)


def _hidden(component: checked.Component, outcome: Outcome) -> Unit | None:
    """Deliveries, lists and refreshes are fair, and so is reconnecting, unless it may stay away."""
    may_stay = component.clauses.disconnects is not None and component.clauses.disconnects.may_stay
    match outcome.action.partition(" ")[0]:
        case "deliver" | "relist" | "refresh":
            pass
        case "reconnect" if not may_stay:
            pass
        case _:
            return None
    about = () if outcome.about is None else (outcome.about,)
    return _unit(component, outcome.action, Strength.WEAK, outcome.instance, about, ())


def _unit(
    component: checked.Component,
    action: str,
    strength: Strength,
    instance: Ref | None,
    values: tuple[Value, ...],
    ends_with: tuple[Value, ...],
) -> Unit:
    owner = () if instance is None else (instance,)
    objects = (*owner, *(value for value in ends_with if isinstance(value, Ref)))
    return Unit(f"{component.name}.{action}", (*owner, *values), strength, objects)


def _key(world: World, store: Store, value: Value) -> Value:
    assert isinstance(value, Ref)
    return tuple(store.things[value].fixed[name] for name in world.keys(value.kind))
