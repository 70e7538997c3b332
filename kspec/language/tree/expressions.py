"""Expressions, as the text has them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from kspec.system.spans import Span

if TYPE_CHECKING:
    from kspec.language.tree.clauses import Permission
    from kspec.language.tree.names import Name, Path
    from kspec.language.tree.types import Type


@dataclass(frozen=True, slots=True)
class Number:
    value: int
    span: Span


@dataclass(frozen=True, slots=True)
class Amount:
    """`500m`, `1.5Gi`, in thousandths of 1. `binary`: its suffix stands for a power of 1024."""

    thousandths: int
    binary: bool
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


@dataclass(frozen=True, slots=True)
class Get:
    """`get object`, or `fresh(get object)`: the whole right side of `=`, or a statement."""

    object: Expr
    fresh: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Allowed:
    """`allowed(component verb permission)`"""

    component: Path
    permission: Permission
    span: Span


Expr: TypeAlias = (
    Number
    | Amount
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
    | Get
    | Allowed
)
