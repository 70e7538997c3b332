"""Places that a body writes, and which assignments are one request."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from kspec.language import checked
from kspec.language.types import MapType, Type
from tests.reference.expressions import View, evaluate
from tests.reference.store import Store
from tests.reference.values import Ended, Failed, Map, Ref, Value
from tests.reference.world import World


def declared_type(world: World, place: checked.Place) -> Type:
    match place:
        case checked.FieldPlace(_, kind, name):
            declared = world.model.kinds[kind].field(name)
            assert declared is not None
            return declared.type
        case checked.GlobalPlace(name):
            return world.model.globals[name].type
        case checked.ComponentPlace(component, _, name):
            variables = world.model.components[component].variables
            return next(variable.type for variable in variables if variable.name == name)
        case checked.EntryPlace(inner):
            whole = declared_type(world, inner)
            assert isinstance(whole, MapType)
            return whole.value


def write(world: World, store: Store, place: checked.Place, value: Value, view: View) -> bool:
    """False if the place belongs to an object that is gone: then nothing is written."""
    keys: list[Value] = []
    root = place
    while isinstance(root, checked.EntryPlace):
        keys.insert(0, evaluate(root.key, view))
        root = root.map
    variables, name = _variables(store, root, view)
    if variables is None:
        return False
    stored = world.completed(value, declared_type(world, place), store)
    variables[name] = _with_entry(variables[name], keys, stored) if keys else stored
    return True


def _variables(store: Store, root: checked.Place, view: View) -> tuple[dict[str, Value] | None, str]:
    match root:
        case checked.GlobalPlace(name):
            return store.variables, name
        case checked.ComponentPlace(component, instance, name):
            owner = None if instance is None else evaluate(instance, view)
            assert owner is None or isinstance(owner, Ref)
            if owner is not None and not store.alive(owner):
                raise Failed("LiveReferences")
            return store.components[component, owner], name
        case checked.FieldPlace(expression, _, name):
            ref = evaluate(expression, view)
            assert isinstance(ref, Ref)
            return (store.things[ref].mutable if store.alive(ref) else None), name
        case checked.EntryPlace():
            raise AssertionError(root)


def _with_entry(current: Value, keys: list[Value], value: Value) -> Map:
    assert isinstance(current, Map)
    first, *others = keys
    if all(first != key for key, _ in current.entries):
        raise Failed("Ranges")
    return current.replaced(first, _with_entry(current.get(first), others, value) if others else value)


# --- requests --------------------------------------------------------------------------------------------------------


def requests(statements: tuple[checked.Statement, ...]) -> Iterator[list[checked.Statement]]:
    """The statements, consecutive assignments to fields of the same expression together.

    A create on the right side is a request of its own, in between.
    """
    group: list[checked.Statement] = []
    for statement in statements:
        owner = _owner(statement)
        if group and (owner is None or not same(owner, _owner(group[-1])) or _creates(statement)):
            yield group
            group = []
        group.append(statement)
    if group:
        yield group


def _owner(statement: checked.Statement) -> checked.Expr | None:
    """The expression of the object that an assignment writes; None for every other statement."""
    if not isinstance(statement, checked.Assign):
        return None
    place = statement.place
    while isinstance(place, checked.EntryPlace):
        place = place.map
    return place.object if isinstance(place, checked.FieldPlace) else None


def _creates(statement: checked.Statement) -> bool:
    return isinstance(statement, checked.Assign) and isinstance(statement.value, checked.Create)


def same(left: object, right: object) -> bool:
    """Whether two pieces of the tree are the same text, wherever they stand."""
    if is_dataclass(left) and type(left) is type(right):
        names = [field.name for field in fields(left) if field.name not in ("span", "type", "narrowed")]
        return all(same(getattr(left, name), getattr(right, name)) for name in names)
    if isinstance(left, tuple) and isinstance(right, tuple):
        return len(left) == len(right) and all(map(same, left, right))
    return left == right


def delete(store: Store, value: Value) -> None:
    assert isinstance(value, Ref)
    if not store.alive(value):
        raise Ended
    store.delete(value)
