"""The syntax tree: what a file says, word for word, before any name means anything.

Every node has the `span` of its text. A tuple field is in the order of the text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from kspec.system.spans import Span


@dataclass(frozen=True, slots=True)
class Name:
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Path:
    """Names joined by dots."""

    parts: tuple[Name, ...]
    span: Span

    def __str__(self) -> str:
        return ".".join(part.text for part in self.parts)


# --- types -----------------------------------------------------------------------------------------------------------


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


# --- expressions -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Number:
    value: int
    span: Span


@dataclass(frozen=True, slots=True)
class Boolean:
    value: bool
    span: Span


@dataclass(frozen=True, slots=True)
class NoneValue:
    span: Span


@dataclass(frozen=True, slots=True)
class NameUse:
    name: Name
    span: Span


@dataclass(frozen=True, slots=True)
class Member:
    """`base.name`"""

    base: Expr
    name: Name
    span: Span


@dataclass(frozen=True, slots=True)
class Index:
    """`base[arguments]`"""

    base: Expr
    arguments: tuple[Expr, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Call:
    """`base(arguments)`"""

    base: Expr
    arguments: tuple[Expr, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Unary:
    """`operator` is one of: not, -, always, eventually, next."""

    operator: str
    operand: Expr
    span: Span


@dataclass(frozen=True, slots=True)
class Binary:
    """`operator` is one of: leads to, until, implies, iff, or, and, ==, !=, <, <=, >, >=, in, subset of, union, minus,
    intersect, .., +, -, *, div, mod."""

    operator: str
    left: Expr
    right: Expr
    span: Span


@dataclass(frozen=True, slots=True)
class Group:
    """`p, q: Pod`, or `p, q in s`: exactly one of `type` and `source` is given."""

    names: tuple[Name, ...]
    type: Type | None
    source: Expr | None
    span: Span


@dataclass(frozen=True, slots=True)
class Binder:
    """Groups separated by commas, and the `where` clause."""

    groups: tuple[Group, ...]
    where: Expr | None
    span: Span


@dataclass(frozen=True, slots=True)
class Quantified:
    """`quantifier` is one of: forall, exists, exactly one; `modifier`: created, deleted, None."""

    quantifier: str
    modifier: str | None
    binder: Binder
    body: Expr
    span: Span


@dataclass(frozen=True, slots=True)
class LetIn:
    """`let name = value: body`"""

    name: Name
    value: Expr
    body: Expr
    span: Span


@dataclass(frozen=True, slots=True)
class IfElse:
    condition: Expr
    then: Expr
    otherwise: Expr
    span: Span


@dataclass(frozen=True, slots=True)
class Seen:
    """`seen by view: body`"""

    view: Expr
    body: Expr
    span: Span


@dataclass(frozen=True, slots=True)
class Aggregated:
    """`count(binder)`, or `sum`, `min`, `max` `(binder: body)`."""

    operation: str
    binder: Binder
    body: Expr | None
    span: Span


@dataclass(frozen=True, slots=True)
class SetLiteral:
    elements: tuple[Expr, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class SeqLiteral:
    elements: tuple[Expr, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class SetOf:
    """`set(binder)`"""

    binder: Binder
    span: Span


@dataclass(frozen=True, slots=True)
class MapOf:
    """`map(name: type: body)`"""

    name: Name
    type: Type
    body: Expr
    span: Span


@dataclass(frozen=True, slots=True)
class ByAtom:
    """`by component`, `by component.action`; the first part may be `environment`."""

    path: Path
    span: Span


@dataclass(frozen=True, slots=True)
class WritesAtom:
    path: Path
    span: Span


@dataclass(frozen=True, slots=True)
class EnabledAtom:
    """`enabled component.action`, `enabled component(instance).action`."""

    component: Name
    instance: Expr | None
    action: Name
    span: Span


Expr: TypeAlias = (
    Number
    | Boolean
    | NoneValue
    | NameUse
    | Member
    | Index
    | Call
    | Unary
    | Binary
    | Quantified
    | LetIn
    | IfElse
    | Seen
    | Aggregated
    | SetLiteral
    | SeqLiteral
    | SetOf
    | MapOf
    | ByAtom
    | WritesAtom
    | EnabledAtom
)


# --- statements ------------------------------------------------------------------------------------------------------


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


# --- declarations ----------------------------------------------------------------------------------------------------


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


ComponentItem: TypeAlias = Action | Var | Def | Later


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


# --- clusters --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AnyOf:
    """`any type`: an initial choice."""

    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class AnyIn:
    """`any {values}`: an initial choice."""

    values: tuple[Expr, ...]
    span: Span


ClusterValue: TypeAlias = Expr | AnyOf | AnyIn


@dataclass(frozen=True, slots=True)
class ClusterAssign:
    """`MAX = 2`, `Lease.holder = n1`, `web.replicas = 2`, `total = any 0..3`."""

    path: Path
    value: ClusterValue
    span: Span


@dataclass(frozen=True, slots=True)
class ClusterObjects:
    """`Node n1, n2 { capacity = 1 }`"""

    kind: Path
    names: tuple[Name, ...]
    fields: tuple[FieldValue, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class ClusterSingle:
    """`Lease { holder = n1 }`"""

    kind: Path
    fields: tuple[FieldValue, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class ClusterRoom:
    """`Pod at most 2 [as quota]`"""

    kind: Path
    limit: Expr
    quota: bool
    span: Span


@dataclass(frozen=True, slots=True)
class ClusterExactly:
    """`IP exactly 2`"""

    kind: Path
    number: Expr
    span: Span


@dataclass(frozen=True, slots=True)
class ClusterInitially:
    condition: Expr
    span: Span


@dataclass(frozen=True, slots=True)
class ClusterRemove:
    paths: tuple[Path, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class ClusterSwitch:
    """`disable paths` or `enable paths`"""

    enable: bool
    paths: tuple[Path, ...]
    span: Span


ClusterItem: TypeAlias = (
    ClusterAssign
    | ClusterObjects
    | ClusterSingle
    | ClusterRoom
    | ClusterExactly
    | ClusterInitially
    | ClusterRemove
    | ClusterSwitch
)


@dataclass(frozen=True, slots=True)
class Cluster:
    name: Name
    extends: Path | None
    items: tuple[ClusterItem, ...]
    doc: str | None
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
    | Later
)


@dataclass(frozen=True, slots=True)
class File:
    """One parsed file; `name` is the path as messages show it."""

    name: str
    declarations: tuple[Declaration, ...]
