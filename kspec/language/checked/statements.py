"""Checked statements, and the places they write."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from kspec.language.types import Type
from kspec.system.spans import Span

if TYPE_CHECKING:
    from kspec.language.checked.expressions import Expr, Local, Variable


@dataclass(frozen=True, slots=True)
class FieldPlace:
    """A field that may be written: neither const nor key."""

    object: Expr
    kind: str
    field: str
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class GlobalPlace:
    name: str
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class ComponentPlace:
    component: str
    instance: Expr | None
    variable: str
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class EntryPlace:
    """The entry of a key of the map at another place."""

    map: Place
    key: Expr
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class LocalPlace:
    """A `var` of a process."""

    local: Local
    type: Type
    span: Span


Place: TypeAlias = FieldPlace | GlobalPlace | ComponentPlace | EntryPlace | LocalPlace


@dataclass(frozen=True, slots=True)
class Create:
    """`fields` has the fields that the text gives, in its order; the kind's defaults stand for the others."""

    kind: str
    fields: tuple[tuple[str, Expr], ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Assign:
    """`+=` and `-=` have become `=` of an `Arithmetic` or `SetOperation` (and stay one read and one write)."""

    place: Place
    value: Expr | Create
    span: Span


@dataclass(frozen=True, slots=True)
class Let:
    local: Local
    value: Expr | Create | Get
    span: Span


@dataclass(frozen=True, slots=True)
class CreateStatement:
    create: Create
    span: Span


@dataclass(frozen=True, slots=True)
class Delete:
    object: Expr
    span: Span


@dataclass(frozen=True, slots=True)
class If:
    condition: Expr
    then: tuple[Statement, ...]
    otherwise: tuple[Statement, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Choose:
    variables: tuple[Variable, ...]
    where: Expr | None
    span: Span


@dataclass(frozen=True, slots=True)
class Either:
    branches: tuple[tuple[Statement, ...], ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Assert:
    condition: Expr
    text: str
    """The condition as the source has it."""
    span: Span


@dataclass(frozen=True, slots=True)
class For:
    """Simultaneous. The body has only assignments to fields of the variable's object, deletes of it, `let`, `if` and
    `assert`."""

    variable: Variable
    where: Expr | None
    body: tuple[Statement, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Get:
    """A right side: what the reader finds of the object; `fresh`: in the store."""

    object: Expr
    kind: str
    fresh: bool
    span: Span


@dataclass(frozen=True, slots=True)
class GetStatement:
    get: Get
    span: Span


@dataclass(frozen=True, slots=True)
class Update:
    """Writes fields of the object of a copy, unless someone wrote the object since it was read."""

    copy: Local
    kind: str
    fields: tuple[tuple[str, Expr], ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a declared request."""

    request: str
    arguments: tuple[Expr, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Handler:
    """`results` are among: unreachable, denied, missing, conflict, taken."""

    results: tuple[str, ...]
    body: tuple[Statement, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Handled:
    """A request (the last assignment of its group, a create, get, delete, update or call) with its handlers.

    Where its value has a name and some handler goes on, the local's type is an option: none if it was refused.
    """

    statement: Statement
    handlers: tuple[Handler, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class LocalVar:
    """`var i: T = e`: a local that `LocalPlace` assigns."""

    local: Local
    value: Expr
    span: Span


@dataclass(frozen=True, slots=True)
class While:
    """Every way through the body has a yield."""

    condition: Expr
    body: tuple[Statement, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class ForEach:
    """One member after the other of what the variable ranges over on entry, in any order, with a yield after each."""

    variable: Variable
    where: Expr | None
    body: tuple[Statement, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Await:
    condition: Expr
    span: Span


@dataclass(frozen=True, slots=True)
class Yield:
    span: Span


@dataclass(frozen=True, slots=True)
class Return:
    span: Span


@dataclass(frozen=True, slots=True)
class Deny:
    """Ends the request around it, undoes its writes and makes its result `denied`."""

    span: Span


@dataclass(frozen=True, slots=True)
class Revoke:
    """Takes a permission from a component; `field` is None for the whole kind."""

    component: str
    verb: str
    kind: str
    field: str | None
    span: Span


Statement: TypeAlias = (
    Assign
    | Let
    | CreateStatement
    | Delete
    | If
    | Choose
    | Either
    | Assert
    | For
    | GetStatement
    | Update
    | Call
    | Handled
    | LocalVar
    | While
    | ForEach
    | Await
    | Yield
    | Return
    | Deny
    | Revoke
)
