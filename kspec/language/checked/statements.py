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


Place: TypeAlias = FieldPlace | GlobalPlace | ComponentPlace | EntryPlace


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
    value: Expr | Create
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


Statement: TypeAlias = Assign | Let | CreateStatement | Delete | If | Choose | Either | Assert | For
