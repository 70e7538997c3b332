"""Places that a body writes, and which assignments are one request."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from kspec.language import checked
from kspec.language.types import MapType, Type
from tests.reference.expressions import View, evaluate
from tests.reference.store import Store
from tests.reference.values import Failed, Map, Ref, Value
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
        case checked.LocalPlace(local):
            return local.type


def object_of(place: checked.Place) -> checked.FieldPlace | None:
    """The field that a place is part of, if it is one of an object."""
    while isinstance(place, checked.EntryPlace):
        place = place.map
    return place if isinstance(place, checked.FieldPlace) else None


def write(world: World, store: Store, place: checked.Place, value: Value, view: View, *, refused: bool = False) -> bool:
    """False if the place belongs to an object that is gone, or the request is refused: then nothing is written."""
    keys = keys_of(place, view)
    root = place
    while isinstance(root, checked.EntryPlace):
        root = root.map
    variables, name = (None, "") if refused else _variables(store, root, view)
    if variables is None:
        return False
    stored = world.completed(value, declared_type(world, place), store)
    variables[name] = _with_entry(variables[name], keys, stored) if keys else stored
    return True


def keys_of(place: checked.Place, view: View) -> list[Value]:
    """The keys on the way to an entry of a map, in the order of the text."""
    if not isinstance(place, checked.EntryPlace):
        return []
    return [*keys_of(place.map, view), evaluate(place.key, view)]


def _variables(
    store: Store, root: checked.Place, view: View
) -> tuple[dict[str, Value] | dict[int, Value] | None, str | int]:
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
        case checked.LocalPlace(local):
            return view.locals, local.id
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

    A create on the right side is a request of its own, in between. So that one request is about one object, it ends
    with an assignment to a field that the expression itself reads.
    """
    group: list[checked.Statement] = []
    for statement in statements:
        if group and not _goes_on(group[-1], statement):
            yield group
            group = []
        group.append(statement)
    if group:
        yield group


def _goes_on(last: checked.Statement, statement: checked.Statement) -> bool:
    owner = _owner(statement)
    if isinstance(last, checked.Handled) or owner is None or not same(owner, _owner(last)):
        return False
    statement = statement.statement if isinstance(statement, checked.Handled) else statement
    assert isinstance(last, checked.Assign)
    assert isinstance(statement, checked.Assign)
    return not isinstance(statement.value, checked.Create) and _written(last) not in _fields_read(owner)


def _written(assignment: checked.Assign) -> tuple[str, str]:
    place = assignment.place
    while isinstance(place, checked.EntryPlace):
        place = place.map
    assert isinstance(place, checked.FieldPlace)
    return place.kind, place.field


def _fields_read(part: object) -> set[tuple[str, str]]:
    """The fields, each with its kind, that an expression reads."""
    found = {(part.kind, part.field)} if isinstance(part, checked.FieldRead) else set()
    if is_dataclass(part):
        found |= {read for item in fields(part) for read in _fields_read(getattr(part, item.name))}
    if isinstance(part, tuple):
        found |= {read for item in part for read in _fields_read(item)}
    return found


def _owner(statement: checked.Statement) -> checked.Expr | None:
    """The expression of the object that an assignment writes; None for every other statement."""
    statement = statement.statement if isinstance(statement, checked.Handled) else statement
    field = object_of(statement.place) if isinstance(statement, checked.Assign) else None
    return None if field is None else field.object


def same(left: object, right: object) -> bool:
    """Whether two pieces of the tree are the same text, wherever they stand."""
    if is_dataclass(left) and type(left) is type(right):
        names = [field.name for field in fields(left) if field.name not in ("span", "type", "narrowed")]
        return all(same(getattr(left, name), getattr(right, name)) for name in names)
    if isinstance(left, tuple) and isinstance(right, tuple):
        return len(left) == len(right) and all(map(same, left, right))
    return left == right
