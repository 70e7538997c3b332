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
from kspec.lower.creation import right_side
from kspec.lower.path import Path
from kspec.lower.stored import check_keys, lower_keys, store, with_entry
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


@dataclass(frozen=True, slots=True)
class Target:
    """What an assignment writes: the place, its keys and the value evaluated."""

    root: Root
    variable: str
    keys: tuple[Expr, ...]
    value: Expr
    span: Span


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
        target = _target(lowering, path, assignment)
        if opened is None:
            opened = _open(lowering, path, target.root)
        _write(lowering, path, target, (opened.item,), opened.there)
        if target.variable in opened.reads:
            _judge(path, opened)
            opened = None
    if opened is not None:
        _judge(path, opened)


def lower_assignment(lowering: ExpressionLowering, path: Path, assignment: checked.Assign) -> None:
    """An assignment to a global or component variable, which is no request."""
    target = _target(lowering, path, assignment)
    index = _instance(lowering, path, target.root, target.variable)
    _write(lowering, path, target, index, path.condition)


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


def root_variable(root: Root) -> str:
    """The state variable that a place is part of."""
    match root:
        case checked.FieldPlace(_, kind, field):
            return names.field(kind, field)
        case checked.GlobalPlace(name):
            return name
        case checked.ComponentPlace(component, _, name):
            return names.component_variable(component, name)


def describe_place(place: checked.Place) -> str:
    root, keys = root_and_keys(place)
    return f"an entry of {root_variable(root)}" if keys else root_variable(root)


def place_sort(lowering: ExpressionLowering, place: checked.Place) -> Sort:
    """The sort of what a place holds."""
    root, keys = root_and_keys(place)
    sort = lowering.context.variables[root_variable(root)].sort
    for _ in keys:
        assert isinstance(sort, MapSort)
        sort = sort.value
    return sort


def _target(lowering: ExpressionLowering, path: Path, assignment: checked.Assign) -> Target:
    """Evaluates the right side, checks its range, then evaluates the keys."""
    place = assignment.place
    root, keys = root_and_keys(place)
    value = right_side(lowering, path, assignment.value)
    sort = place_sort(lowering, place)
    stored = store(lowering, path, value, sort, describe_place(place), assignment.span)
    return Target(root, root_variable(root), lower_keys(lowering, path, keys), stored, place.span)


def _open(lowering: ExpressionLowering, path: Path, root: Root) -> Opened:
    assert isinstance(root, checked.FieldPlace)
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


def _write(lowering: ExpressionLowering, path: Path, target: Target, index: tuple[Expr, ...], condition: Expr) -> None:
    value = target.value
    if target.keys:
        context, variable = lowering.context, target.variable
        sort = context.variables[variable].sort
        check_keys(path, target.keys, sort, condition, variable, target.span)
        before = Read(variable, index, sort)
        held = path.evaluate(variable, staging.value_over(context, path.scope(), variable, index, before))
        changed = with_entry(held, target.keys, value)
        value = path.define(variable, build.conditional(condition, changed, Literal(zero(sort), sort)))
    path.write(target.variable, index, value, condition)


def _instance(lowering: ExpressionLowering, path: Path, root: Root, variable: str) -> tuple[Expr, ...]:
    """The component's instance, which must be alive: its variables are no API objects, and no request writes them."""
    if not isinstance(root, checked.ComponentPlace) or root.instance is None:
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
    assert isinstance(first, checked.FieldPlace)
    assert isinstance(second, checked.FieldPlace)
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
