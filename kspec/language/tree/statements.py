"""Statements, as the text has them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from kspec.language.tree.expressions import Expr
from kspec.system.spans import Span

if TYPE_CHECKING:
    from kspec.language.tree.clusters import ClusterValue
    from kspec.language.tree.expressions import Binder
    from kspec.language.tree.names import Name, Path


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


@dataclass(frozen=True, slots=True)
class Get:
    object: Expr
    span: Span


RightSide: TypeAlias = Expr | Create | Get


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
class Later:
    """A construct that the grammar knows and this version does not check; `construct` is its name in the
    documentation."""

    construct: str
    span: Span


Statement: TypeAlias = Assign | Let | CreateStatement | Delete | IfStatement | Choose | Either | Assert | For | Later
