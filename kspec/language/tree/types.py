"""Types, as the text has them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from kspec.system.spans import Span

if TYPE_CHECKING:
    from kspec.language.tree.expressions import Expr
    from kspec.language.tree.names import Path


@dataclass(frozen=True, slots=True)
class NamedType:
    """`bool`, `int`, an enum, a kind."""

    name: Path
    span: Span


@dataclass(frozen=True, slots=True)
class RangeType:
    low: Expr
    high: Expr
    span: Span


@dataclass(frozen=True, slots=True)
class OptionType:
    inner: Type
    span: Span


@dataclass(frozen=True, slots=True)
class SetType:
    element: Type
    span: Span


@dataclass(frozen=True, slots=True)
class MapType:
    key: Type
    value: Type
    span: Span


@dataclass(frozen=True, slots=True)
class SeqType:
    element: Type
    capacity: Expr
    span: Span


@dataclass(frozen=True, slots=True)
class AnyIntType:
    span: Span


@dataclass(frozen=True, slots=True)
class ComponentType:
    """`component`: the type of a pattern's parameter."""

    span: Span


Type: TypeAlias = NamedType | RangeType | OptionType | SetType | MapType | SeqType | AnyIntType | ComponentType
