"""Initial states: every combination of the initial choices that the cluster's conditions allow."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import TypeAlias

from kspec.language import checked
from kspec.language.types import NumberType, Type
from tests.reference.expressions import View, evaluate, holds
from tests.reference.objects import begin_components
from tests.reference.store import Store, Thing
from tests.reference.values import Ref, Value
from tests.reference.watching import open_eyes
from tests.reference.world import World

Spot: TypeAlias = tuple[Ref | None, str]
"""Where an initial choice is made: a field of an object, or a const or global variable."""


def initial_stores(world: World) -> Iterator[Store]:
    choices = dict(_choices(world))
    for values in product(*choices.values()):
        store = _initial_store(world, dict(zip(choices, values, strict=True)))
        if all(holds(condition, View(world, store)) for condition in world.cluster.initially):
            yield store


def _choices(world: World) -> Iterator[tuple[Spot, list[Value]]]:
    for name, value in world.cluster.values:
        declared = world.model.consts[name].type if name in world.model.consts else world.model.globals[name].type
        yield from _choice(world, (None, name), value, declared)
    for item in world.cluster.objects:
        for name, value in item.fields:
            field = world.model.kinds[item.kind].field(name)
            assert field is not None
            yield from _choice(world, (world.named[item.name], name), value, field.type)


def _choice(
    world: World, spot: Spot, value: checked.ClusterValue, declared: Type
) -> Iterator[tuple[Spot, list[Value]]]:
    match value:
        case checked.AnyOf(chosen):
            wanted = declared if isinstance(chosen, NumberType) and chosen.bounds is None else chosen
            yield spot, world.values(wanted, _present(world).existing)
        case checked.AnyIn(values):
            yield spot, [evaluate(item, View(world, _present(world))) for item in values]
        case _:
            pass


def _present(world: World) -> Store:
    """The objects of the start, without contents."""
    refs = [Ref(kind, slot) for kind, count in world.present.items() for slot in range(count)]
    return Store({ref: Thing(True, {}, {}) for ref in refs})


def _initial_store(world: World, chosen: dict[Spot, Value]) -> Store:
    """Const and key fields first, then the others, then variables: each may read what comes before it."""
    store = _present(world)
    for (ref, name), value in chosen.items():
        if ref is None and name in world.model.consts:
            store.variables[name] = value
    for fixed in (True, False):
        for ref, thing in store.things.items():
            for field in world.model.kinds[ref.kind].fields:
                if (field.modifier is not None) == fixed:
                    place = thing.fixed if fixed else thing.mutable
                    value = _field_value(world, store, chosen, ref, field)
                    place[field.name] = world.completed(value, field.type, store)
    given = dict(world.cluster.values)
    for name, variable in world.model.globals.items():
        if (None, name) in chosen:
            value = chosen[None, name]
        else:
            expression = given.get(name, variable.initial)
            assert not isinstance(expression, checked.AnyOf | checked.AnyIn)
            value = evaluate(expression, View(world, store))
        store.variables[name] = world.completed(value, variable.type, store)
    for component in world.model.components.values():
        if component.instance is None:
            store.components[component.name, None] = {
                variable.name: world.completed(evaluate(variable.initial, View(world, store)), variable.type, store)
                for variable in component.variables
            }
    for ref in store.things:
        begin_components(world, store, ref)
    open_eyes(world, store)
    return store


def _field_value(world: World, store: Store, chosen: dict[Spot, Value], ref: Ref, field: checked.Field) -> Value:
    if (ref, field.name) in chosen:
        return chosen[ref, field.name]
    given = next((item for item in world.cluster.objects if world.named[item.name] == ref), None)
    value = field.default if given is None else dict(given.fields).get(field.name, field.default)
    assert value is not None
    assert not isinstance(value, checked.AnyOf | checked.AnyIn)
    return evaluate(value, View(world, store))
