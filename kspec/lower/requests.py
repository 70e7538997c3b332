"""Assignments and deletes.

What goes to one object through one expression, one assignment after the other, is one request. It is judged at its end:
if the object is not alive then, nothing of it is written, and the body ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import TYPE_CHECKING, Any, TypeGuard

from kspec.language import checked
from kspec.lower import build, names, staging
from kspec.lower.path import Path
from kspec.lower.stored import keys_of, store, with_entry
from kspec.lower.walk import variables_read
from kspec.system.expressions import Expr, FailureKind, Literal, Read
from kspec.system.sorts import MapSort, ObjectSort, Sort, zero
from kspec.system.spans import Span
from kspec.system.system import DELETED, STATUS

if TYPE_CHECKING:
    from kspec.lower.expressions import ExpressionLowering

Root = checked.FieldPlace | checked.GlobalPlace | checked.ComponentPlace


@dataclass(frozen=True, slots=True)
class Opened:
    """A request not judged yet. `there`: the body gets here, and the object lives. `reads`: what tells which it is."""

    item: Expr
    there: Expr
    reads: frozenset[str]


def in_requests(statements: tuple[checked.Statement, ...]) -> Iterator[checked.Statement | tuple[checked.Assign, ...]]:
    """The statements, with assignments through one expression put together; a `create` on the way comes in between."""
    together: list[checked.Assign] = []
    for statement in statements:
        if together and not (_goes_on(statement) and _same_object(together[-1], statement)):
            yield tuple(together)
            together = []
        if _is_field_assignment(statement):
            together.append(statement)
        else:
            yield statement
    if together:
        yield tuple(together)


def lower_request(lowering: ExpressionLowering, path: Path, assignments: tuple[checked.Assign, ...]) -> None:
    """A request; another one begins where an assignment changed what tells which object the expression means."""
    opened: Opened | None = None
    for assignment in assignments:
        root, keys = root_and_keys(assignment.place)
        assert isinstance(root, checked.FieldPlace) and not isinstance(assignment.value, checked.Create)
        value = _value(lowering, path, assignment.value, assignment)
        if opened is None:
            opened = _open(lowering, path, root)
        variable = names.field(root.kind, root.field)
        _write(lowering, path, variable, (opened.item,), keys, value, opened.there)
        if variable in opened.reads:
            _judge(path, opened)
            opened = None
    if opened is not None:
        _judge(path, opened)


def lower_assignment(lowering: ExpressionLowering, path: Path, place: checked.Place, value: Expr, span: Span) -> None:
    """One assignment of a value; to a global or component variable it is no request."""
    root, keys = root_and_keys(place)
    stored = _store(lowering, path, value, place, span)
    match root:
        case checked.FieldPlace(_, kind, field):
            opened = _open(lowering, path, root)
            _write(lowering, path, names.field(kind, field), (opened.item,), keys, stored, opened.there)
            _judge(path, opened)
        case checked.GlobalPlace(name):
            _write(lowering, path, name, (), keys, stored, path.condition)
        case checked.ComponentPlace():
            variable = names.component_variable(root.component, root.variable)
            index = _instance(lowering, path, root, variable)
            _write(lowering, path, variable, index, keys, stored, path.condition)


def lower_delete(lowering: ExpressionLowering, path: Path, statement: checked.Delete) -> None:
    item = path.evaluate("object", lowering.lower(statement.object, path.scope()))
    opened = Opened(item, _there(lowering, path, item), frozenset())
    _judge(path, opened)
    assert isinstance(item.sort, ObjectSort)
    path.write(names.status(item.sort.kind), (item,), Literal(DELETED, STATUS), opened.there)
    path.forget_lives(item.sort.kind)


def root_and_keys(place: checked.Place) -> tuple[Root, tuple[checked.Expr, ...]]:
    """The variable or field that a place is part of, and the keys on the way, outermost first."""
    keys: list[checked.Expr] = []
    while isinstance(place, checked.EntryPlace):
        keys.append(place.key)
        place = place.map
    return place, tuple(reversed(keys))


def describe_place(place: checked.Place) -> str:
    root, keys = root_and_keys(place)
    match root:
        case checked.FieldPlace(_, kind, field):
            what = f"{kind}.{field}"
        case checked.GlobalPlace(name):
            what = name
        case checked.ComponentPlace(component, _, variable):
            what = f"{component}.{variable}"
    return f"an entry of {what}" if keys else what


def place_sort(lowering: ExpressionLowering, place: checked.Place) -> Sort:
    """The sort of what a place holds."""
    root, keys = root_and_keys(place)
    match root:
        case checked.FieldPlace(_, kind, field):
            variable = names.field(kind, field)
        case checked.GlobalPlace(name):
            variable = name
        case checked.ComponentPlace(component, _, name):
            variable = names.component_variable(component, name)
    sort = lowering.context.variables[variable].sort
    for _ in keys:
        assert isinstance(sort, MapSort)
        sort = sort.value
    return sort


def _value(lowering: ExpressionLowering, path: Path, value: checked.Expr, assignment: checked.Assign) -> Expr:
    return _store(lowering, path, lowering.lower(value, path.scope()), assignment.place, assignment.span)


def _store(lowering: ExpressionLowering, path: Path, value: Expr, place: checked.Place, span: Span) -> Expr:
    return store(lowering, path, value, place_sort(lowering, place), describe_place(place), span)


def _open(lowering: ExpressionLowering, path: Path, root: checked.FieldPlace) -> Opened:
    expr = lowering.lower(root.object, path.scope())
    item = path.evaluate("object", expr)
    return Opened(item, _there(lowering, path, item), variables_read(expr))


def _there(lowering: ExpressionLowering, path: Path, item: Expr) -> Expr:
    """An atom for: the body gets here, and the object is alive."""
    return path.holds("alive", staging.is_alive(lowering.context, path.scope(), item))


def _judge(path: Path, opened: Opened) -> None:
    """The body goes on only where the object was alive: else the result is `missing`."""
    if opened.there != path.condition:
        missing = path.holds("missing", build.negate(opened.there))
        path.endings.append(missing)
        path.refusals.append(missing)
        path.go_on_if(opened.there)
    path.remember_alive(opened.item)


def _write(
    lowering: ExpressionLowering,
    path: Path,
    variable: str,
    index: tuple[Expr, ...],
    keys: tuple[checked.Expr, ...],
    value: Expr,
    condition: Expr,
) -> None:
    if keys:
        value = _changed_map(lowering, path, variable, index, keys, value, condition)
    path.write(variable, index, value, condition)


def _changed_map(
    lowering: ExpressionLowering,
    path: Path,
    variable: str,
    index: tuple[Expr, ...],
    keys: tuple[checked.Expr, ...],
    value: Expr,
    condition: Expr,
) -> Expr:
    context = lowering.context
    sort = context.variables[variable].sort
    atoms = keys_of(lowering, path, variable, keys)
    before = Read(variable, index, sort)
    held = path.evaluate(variable, staging.value_over(context, path.scope(), variable, index, before))
    changed = build.conditional(condition, with_entry(held, atoms, value), Literal(zero(sort), sort))
    return path.define(variable, changed)


def _instance(
    lowering: ExpressionLowering, path: Path, root: checked.ComponentPlace, variable: str
) -> tuple[Expr, ...]:
    """The component's instance, which must be alive: its variables are no API objects, and no request writes them."""
    if root.instance is None:
        return ()
    item = path.evaluate("instance", lowering.lower(root.instance, path.scope()))
    alive = staging.is_alive(lowering.context, path.scope(), item)
    path.check(alive, FailureKind.LIVE_REFERENCES, f"{variable} of an object that no longer exists", root.span)
    return (item,)


def _is_field_assignment(statement: checked.Statement) -> TypeGuard[checked.Assign]:
    return isinstance(statement, checked.Assign) and isinstance(root_and_keys(statement.place)[0], checked.FieldPlace)


def _goes_on(statement: checked.Statement) -> TypeGuard[checked.Assign]:
    return _is_field_assignment(statement) and not isinstance(statement.value, checked.Create)


def _same_object(one: checked.Assign, other: checked.Assign) -> bool:
    first, second = root_and_keys(one.place)[0], root_and_keys(other.place)[0]
    assert isinstance(first, checked.FieldPlace) and isinstance(second, checked.FieldPlace)
    return _same_text(first.object, second.object)


def _same_text(one: Any, other: Any) -> bool:
    """Whether two parts of the checked tree say the same, wherever they stand."""
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(_same_text, one, other))
    if not is_dataclass(one) or type(one) is not type(other):
        return bool(one == other)
    if isinstance(one, Span):
        return True
    return all(_same_text(getattr(one, item.name), getattr(other, item.name)) for item in fields(one))
