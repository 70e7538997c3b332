"""Checked clusters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from kspec.language.checked.expressions import Expr
from kspec.language.types import Type
from kspec.system.spans import Span


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Initial choice: any value of a type (or of the declared type, where the type has bounds)."""

    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class AnyIn:
    values: tuple[Expr, ...]
    span: Span


ClusterValue: TypeAlias = Expr | AnyOf | AnyIn


@dataclass(frozen=True, slots=True)
class ClusterObject:
    """`fields`: those that the cluster gives; the kind's defaults stand for the others. A single kind's object has the
    kind's name."""

    name: str
    kind: str
    fields: tuple[tuple[str, ClusterValue], ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Room:
    """`at_most`: objects in all; `exactly`: unnamed ones at the start."""

    kind: str
    at_most: Expr | None
    exactly: Expr | None
    quota: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster with what it extends merged in. `objects`: in order; every single kind is among them.

    `values`: of consts and global variables, by name. `disabled`: component.action.
    """

    name: str
    objects: tuple[ClusterObject, ...]
    rooms: tuple[Room, ...]
    values: tuple[tuple[str, ClusterValue], ...]
    initially: tuple[Expr, ...]
    disabled: tuple[str, ...]
    span: Span
