"""How an object begins: its fields, its components' variables, and its entries in every map."""

from __future__ import annotations

from collections.abc import Sequence

from kspec.language import checked
from kspec.language.types import KindType, MapType, Type
from tests.reference.expressions import View, evaluate
from tests.reference.store import Store, Thing
from tests.reference.values import Failed, Map, Ref, Value, for_all_of
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
    """In every map with an entry for each object of the kind, the new object's is what the declaration says: fields
    first, then global variables, then those of components."""
    view = View(world, store)
    for kind in world.model.kinds.values():
        for declared in kind.fields:
            if declared.default is not None:
                things = [thing for other, thing in store.things.items() if other.kind == kind.name]
                places = [thing.mutable if declared.modifier is None else thing.fixed for thing in things]
                held = [(place, view) for place in places if declared.name in place]
                _begin_entry(held, declared.name, declared.type, declared.default, ref)
    for name, variable in world.model.globals.items():
        _begin_entry([(store.variables, view)], name, variable.type, variable.initial, ref)
    for component in world.model.components.values():
        instances = [(instance, held) for (name, instance), held in store.components.items() if name == component.name]
        own = component.instance
        views = [(held, view if own is None else view.bound({own.id: instance})) for instance, held in instances]
        for variable in component.variables:
            _begin_entry(views, variable.name, variable.type, variable.initial, ref)


def _begin_entry(
    places: Sequence[tuple[dict[str, Value], View]], name: str, declared: Type, initial: checked.Expr, ref: Ref
) -> None:
    """One variable, wherever there is one of its own: each place comes with what its initial value looks at."""
    match declared, initial:
        case MapType(KindType(kind), value_type), checked.MapOf(key, body) if kind == ref.kind:
            bodies = [view.bound({key.id: ref}) for _, view in places]
            values = for_all_of(bodies, lambda view: in_range(view.world, evaluate(body, view), value_type))
            for (place, view), value in zip(places, values, strict=True):
                current = place[name]
                assert isinstance(current, Map)
                entries = Map(tuple({**dict(current.entries), ref: value}.items()))
                place[name] = view.world.completed(entries, declared, view.now)
        case _:
            pass
