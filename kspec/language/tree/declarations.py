"""Declarations, and the file that holds them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from kspec.language.tree.clauses import Admit, Clause, Request
from kspec.language.tree.clusters import Cluster
from kspec.system.spans import Span

if TYPE_CHECKING:
    from kspec.language.tree.expressions import Expr, Group
    from kspec.language.tree.names import Name, Path
    from kspec.language.tree.statements import Block
    from kspec.language.tree.types import Type


@dataclass(frozen=True, slots=True)
class Const:
    name: Name
    type: Type
    value: Expr | None
    doc: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Var:
    """A global variable, or one of a component."""

    name: Name
    type: Type
    value: Expr
    ghost: bool
    durable: bool
    doc: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Enum:
    name: Name
    members: tuple[Name, ...]
    doc: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Quantity:
    """`quantity name at most bound`"""

    name: Name
    bound: Expr
    doc: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Field:
    """`modifier` is one of: const, key, None."""

    modifier: str | None
    name: Name
    type: Type
    default: Expr | None
    doc: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Kind:
    name: Name
    single: bool
    fields: tuple[Field, ...]
    doc: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Extend:
    """`extend kind path { fields }`"""

    kind: Path
    fields: tuple[Field, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Parameter:
    name: Name
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class Def:
    """`modifier` is one of: open, override, None."""

    modifier: str | None
    name: Name
    parameters: tuple[Parameter, ...]
    result: Type
    body: Expr
    doc: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Fairness:
    """`unit`: None by default, () for `overall`, else the names after `per`; `key`: `per key p`."""

    strong: bool
    unit: tuple[Name, ...] | None
    key: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Budget:
    """`at most limit [each]`"""

    limit: Expr
    each: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Action:
    name: Name
    fairness: Fairness | None
    atomic: bool
    parameters: tuple[Group, ...]
    guards: tuple[Expr, ...]
    budget: Budget | None
    body: Block
    doc: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Process:
    """`workers`: how many runs one instance of the component has at once."""

    name: Name
    fairness: Fairness | None
    parameters: tuple[Group, ...]
    workers: Expr | None
    guards: tuple[Expr, ...]
    budget: Budget | None
    body: Block
    doc: str | None
    span: Span


ComponentItem: TypeAlias = Action | Process | Var | Def | Clause


@dataclass(frozen=True, slots=True)
class Component:
    """`name` is `environment` for the environment, which has no `per`."""

    name: Name
    per: Parameter | None
    items: tuple[ComponentItem, ...]
    doc: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Property:
    """`kind` is one of: invariant, step, reachable, property, recoverable."""

    kind: str
    name: Name
    only_in: str | None
    body: Expr
    doc: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Pattern:
    name: Name
    parameters: tuple[Parameter, ...]
    body: Expr
    doc: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Assume:
    name: Name
    body: Expr
    span: Span


@dataclass(frozen=True, slots=True)
class ExpectViolation:
    """`expect violation NAME [in GLOB]`"""

    property: Name
    only_in: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Count:
    """`name` is one of: states, transitions, depth, orbits, orbit transitions (or another, for the checker to
    refuse)."""

    name: str
    number: int
    span: Span


@dataclass(frozen=True, slots=True)
class ExpectCounts:
    counts: tuple[Count, ...]
    only_in: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Terminal:
    """`terminal when condition`"""

    condition: Expr
    span: Span


@dataclass(frozen=True, slots=True)
class Import:
    """`path` is the text between the quotes."""

    path: str
    alias: Name | None
    span: Span


Declaration: TypeAlias = (
    Const
    | Var
    | Enum
    | Quantity
    | Kind
    | Extend
    | Def
    | Component
    | Property
    | Pattern
    | Assume
    | ExpectViolation
    | ExpectCounts
    | Terminal
    | Cluster
    | Import
    | Request
    | Admit
)


@dataclass(frozen=True, slots=True)
class File:
    """One parsed file; `name` is the path as messages show it."""

    name: str
    declarations: tuple[Declaration, ...]
