"""How an object begins: its fields, its components' variables, and its entries in every map."""

from __future__ import annotations

from kspec.language import checked
from kspec.language.types import KindType, MapType, Type
from tests.reference.expressions import View, evaluate
from tests.reference.store import Store, Thing
from tests.reference.values import Failed, Map, Ref, Value
from tests.reference.world import World


def in_range(world: World, value: Value, stored: Type) -> Value:
    """The value itself; fails if it does not keep the bounds of the type it is to be stored in."""
    if not world.fits(value, stored):
        raise Failed("Ranges")
    return value


def begin(world: World, store: Store, ref: Ref, values: dict[str, Value]) -> None:
    """Put an object with these fields into a free slot."""
    store.things[ref] = thing = Thing(True, {}, {})
    for declared in world.model.kinds[ref.kind].fields:
        value = world.completed(values[declared.name], declared.type, store)
        (thing.mutable if declared.modifier is None else thing.fixed)[declared.name] = value


def begin_components(world: World, store: Store, ref: Ref) -> None:
    """The variables of the components that run for the object."""
    for component in world.model.components.values():
        if component.instance is None or component.instance.type != KindType(ref.kind):
            continue
        variables = store.components[component.name, ref] = {}
        for variable in component.variables:
            view = View(world, store, {component.instance.id: ref})
            value = in_range(world, evaluate(variable.initial, view), variable.type)
            variables[variable.name] = world.completed(value, variable.type, store)


def begin_entries(world: World, store: Store, ref: Ref) -> None:
    """In every map with an entry for each object of the kind, the new object's is what the declaration says."""
    for name, variable in world.model.globals.items():
        _begin_entry(store.variables, name, (variable.type, variable.initial), View(world, store), ref)
    for (name, instance), variables in store.components.items():
        component = world.model.components[name]
        bound = {} if component.instance is None else {component.instance.id: instance}
        for variable in component.variables:
            _begin_entry(
                variables, variable.name, (variable.type, variable.initial), View(world, store, {**bound}), ref
            )
    for other, thing in store.things.items():
        for declared in world.model.kinds[other.kind].fields:
            place = thing.mutable if declared.modifier is None else thing.fixed
            if declared.name in place and declared.default is not None:
                _begin_entry(place, declared.name, (declared.type, declared.default), View(world, store), ref)


def _begin_entry(place: dict[str, Value], name: str, declared: tuple[Type, checked.Expr], view: View, ref: Ref) -> None:
    match declared:
        case MapType(KindType(kind), value_type), checked.MapOf(key, body) if kind == ref.kind:
            value = in_range(view.world, evaluate(body, view.bound({key.id: ref})), value_type)
            current = place[name]
            assert isinstance(current, Map)
            entries = Map(tuple({**dict(current.entries), ref: value}.items()))
            place[name] = view.world.completed(entries, declared[0], view.now)
        case _:
            pass
