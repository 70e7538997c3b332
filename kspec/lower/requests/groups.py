"""The requests of a body.

What goes to one object through one expression, one assignment after the other, is one request, judged at its end.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, TypeAlias, TypeGuard

from kspec.language import checked
from kspec.lower.requests.places import root_and_keys
from kspec.system.spans import Span

Handlers: TypeAlias = tuple[checked.Handler, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Assignments that are one request, and what is done where it is refused."""

    assignments: tuple[checked.Assign, ...]
    handlers: Handlers = ()


Part: TypeAlias = checked.Statement | Group


def in_requests(statements: tuple[checked.Statement, ...]) -> Iterator[Part]:
    """The statements, with assignments through one expression put together; a `create` on the way comes in between, and
    handlers end a request."""
    together: list[checked.Assign] = []
    for statement in statements:
        assignment, handlers = _split(statement)
        if together and not (
            assignment is not None and _goes_on(assignment) and _same_object(together[-1], assignment)
        ):
            yield Group(tuple(together))
            together = []
        if assignment is None or not _is_field_assignment(assignment):
            yield statement
            continue
        together.append(assignment)
        if handlers:
            yield Group(tuple(together), handlers)
            together = []
    if together:
        yield Group(tuple(together))


def _split(statement: checked.Statement) -> tuple[checked.Assign | None, Handlers]:
    match statement:
        case checked.Assign():
            return statement, ()
        case checked.Handled(checked.Assign() as assignment, handlers):
            return assignment, handlers
        case _:
            return None, ()


def _is_field_assignment(statement: checked.Statement) -> TypeGuard[checked.Assign]:
    return isinstance(statement, checked.Assign) and isinstance(root_and_keys(statement.place)[0], checked.FieldPlace)


def _goes_on(statement: checked.Assign) -> bool:
    return _is_field_assignment(statement) and not isinstance(statement.value, checked.Create)


def _same_object(one: checked.Assign, other: checked.Assign) -> bool:
    first, second = root_and_keys(one.place)[0], root_and_keys(other.place)[0]
    assert isinstance(first, checked.FieldPlace)
    assert isinstance(second, checked.FieldPlace)
    return same_text(first.object, second.object)


def same_text(one: Any, other: Any) -> bool:
    """Whether two parts of the checked tree say the same, wherever they stand."""
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(same_text, one, other))
    if not is_dataclass(one) or type(one) is not type(other):
        return bool(one == other)
    if isinstance(one, Span):
        return True
    return all(same_text(getattr(one, item.name), getattr(other, item.name)) for item in fields(one))
