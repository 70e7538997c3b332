"""Statements, as the text has them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from kspec.language.tree.expressions import Expr, Get
from kspec.system.spans import Span

if TYPE_CHECKING:
    from kspec.language.tree.clauses import Permission
    from kspec.language.tree.clusters import ClusterValue
    from kspec.language.tree.expressions import Binder
    from kspec.language.tree.names import Name, Path
    from kspec.language.tree.types import Type


@dataclass(frozen=True, slots=True)
class FieldValue:
    """`path = value` between the braces of a create or of a cluster's object."""

    path: Path
    value: RightSide | ClusterValue
    span: Span


@dataclass(frozen=True, slots=True)
class Create:
    kind: Path
    fields: tuple[FieldValue, ...]
    span: Span


RightSide: TypeAlias = Expr | Create


@dataclass(frozen=True, slots=True)
class Block:
    statements: tuple[Statement, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Assign:
    """`operator` is one of: =, +=, -=."""

    target: Expr
    operator: str
    value: RightSide
    span: Span


@dataclass(frozen=True, slots=True)
class Let:
    name: Name
    value: RightSide
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
class IfStatement:
    condition: Expr
    then: Block
    otherwise: Block | None
    """An `else if` is a block of one `IfStatement`."""
    span: Span


@dataclass(frozen=True, slots=True)
class Choose:
    binder: Binder
    span: Span


@dataclass(frozen=True, slots=True)
class Either:
    branches: tuple[Block, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Assert:
    condition: Expr
    span: Span


@dataclass(frozen=True, slots=True)
class For:
    binder: Binder
    body: Block
    span: Span


@dataclass(frozen=True, slots=True)
class GetStatement:
    get: Get
    span: Span


@dataclass(frozen=True, slots=True)
class Update:
    """`update target { fields }`"""

    target: Expr
    fields: tuple[FieldValue, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class CallStatement:
    """A request by its name."""

    call: Expr
    span: Span


@dataclass(frozen=True, slots=True)
class Handler:
    """`on results { body }`"""

    results: tuple[Name, ...]
    body: Block
    span: Span


@dataclass(frozen=True, slots=True)
class Handled:
    """A request and what is done where it is refused."""

    statement: Statement
    handlers: tuple[Handler, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class LocalVar:
    """`var name: type = value` in a process."""

    name: Name
    type: Type
    value: Expr
    span: Span


@dataclass(frozen=True, slots=True)
class While:
    condition: Expr
    body: Block
    span: Span


@dataclass(frozen=True, slots=True)
class ForEach:
    binder: Binder
    body: Block
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
    span: Span


@dataclass(frozen=True, slots=True)
class Revoke:
    """`revoke component verb permission`"""

    component: Path
    permission: Permission
    span: Span


Statement: TypeAlias = (
    Assign
    | Let
    | CreateStatement
    | Delete
    | IfStatement
    | Choose
    | Either
    | Assert
    | For
    | GetStatement
    | Update
    | CallStatement
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
