"""Checked expressions, and what variables range over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from kspec.language.types import (
    BOOL,
    NOTHING,
    NUMBER,
    TEMPORAL,
    EnumType,
    KindType,
    MapType,
    NothingType,
    OptionType,
    QuantityType,
    SeqType,
    SetType,
    Type,
)
from kspec.system.spans import Span


@dataclass(frozen=True, slots=True)
class Local:
    """A parameter, a `let`, a quantified or chosen variable. `id` is unique in the model."""

    id: int
    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class Number:
    value: int
    span: Span
    type: Type = NUMBER


@dataclass(frozen=True, slots=True)
class Amount:
    """In thousandths of 1. `binary`: it is written with a suffix for a power of 1024."""

    thousandths: int
    binary: bool
    type: QuantityType
    span: Span


@dataclass(frozen=True, slots=True)
class Boolean:
    value: bool
    span: Span
    type: Type = BOOL


@dataclass(frozen=True, slots=True)
class NoneValue:
    """`type`: the option that must stand where it does, if one must."""

    span: Span
    type: OptionType | NothingType = NOTHING


@dataclass(frozen=True, slots=True)
class EnumMember:
    enum: str
    member: str
    type: EnumType
    span: Span


@dataclass(frozen=True, slots=True)
class LocalUse:
    """`narrowed`: the local has an option type, and is known not to be none here."""

    local: Local
    type: Type
    span: Span
    narrowed: bool = False


@dataclass(frozen=True, slots=True)
class ConstUse:
    name: str
    type: Type
    span: Span
    narrowed: bool = False


@dataclass(frozen=True, slots=True)
class GlobalUse:
    name: str
    type: Type
    span: Span
    narrowed: bool = False


@dataclass(frozen=True, slots=True)
class SingleObject:
    """The one object of a single kind."""

    type: KindType
    span: Span


@dataclass(frozen=True, slots=True)
class NamedObject:
    """An object named in a cluster: in that cluster's values, and as `small.n1` in properties `only in small`."""

    name: str
    type: KindType
    span: Span


@dataclass(frozen=True, slots=True)
class FieldRead:
    object: Expr
    kind: str
    field: str
    type: Type
    span: Span
    narrowed: bool = False


@dataclass(frozen=True, slots=True)
class ComponentRead:
    """`kubelet(n).running`; `instance` is None for a component without `per`."""

    component: str
    instance: Expr | None
    variable: str
    type: Type
    span: Span
    narrowed: bool = False


@dataclass(frozen=True, slots=True)
class MapRead:
    map: Expr
    key: Expr
    type: Type
    span: Span
    narrowed: bool = False


@dataclass(frozen=True, slots=True)
class Lookup:
    """`Pod[rs, 0]`: the existing object with these keys, in the order of the kind's key fields, or none."""

    kind: str
    keys: tuple[Expr, ...]
    type: OptionType
    span: Span


@dataclass(frozen=True, slots=True)
class DefCall:
    definition: str
    arguments: tuple[Expr, ...]
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class Not:
    operand: Expr
    span: Span
    type: Type = BOOL


@dataclass(frozen=True, slots=True)
class Negate:
    operand: Expr
    span: Span
    type: Type = NUMBER


@dataclass(frozen=True, slots=True)
class Logical:
    """`operator` is one of: and, or, implies, iff. `type` is TemporalType if a side is."""

    operator: str
    left: Expr
    right: Expr
    span: Span
    type: Type = BOOL


@dataclass(frozen=True, slots=True)
class Compare:
    """`operator` is one of: ==, !=, <, <=, >, >=."""

    operator: str
    left: Expr
    right: Expr
    span: Span
    type: Type = BOOL


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`operator` is one of: +, -, *, div, mod."""

    operator: str
    left: Expr
    right: Expr
    span: Span
    type: Type = NUMBER


@dataclass(frozen=True, slots=True)
class Conditional:
    condition: Expr
    then: Expr
    otherwise: Expr
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class LetIn:
    local: Local
    value: Expr
    body: Expr
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every existing object of a kind, or every value of another finite type.

    `modifier` (step properties): None, `created` or `deleted`. `both`: the where or the body uses `old` of the
    variable, so it ranges over the objects that exist in both states.
    """

    type: Type
    span: Span
    modifier: str | None = None
    both: bool = False


@dataclass(frozen=True, slots=True)
class MembersOf:
    """The members of a set or a sequence, deleted objects included."""

    collection: Expr
    span: Span


Domain: TypeAlias = AllOf | MembersOf


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable and what it ranges over; a domain may use the variables before it."""

    local: Local
    domain: Domain


@dataclass(frozen=True, slots=True)
class Quantified:
    """`quantifier` is one of: forall, exists, exactly one. `type` is TemporalType if the body is."""

    quantifier: str
    variables: tuple[Variable, ...]
    where: Expr | None
    body: Expr
    span: Span
    type: Type = BOOL


@dataclass(frozen=True, slots=True)
class Aggregated:
    """`operation` is one of: count (no body), sum, min, max (of an option of the body's type)."""

    operation: str
    variables: tuple[Variable, ...]
    where: Expr | None
    body: Expr | None
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class SetLiteral:
    elements: tuple[Expr, ...]
    type: SetType
    span: Span


@dataclass(frozen=True, slots=True)
class NumberRange:
    """`low..high`, a set of numbers."""

    low: Expr
    high: Expr
    type: SetType
    span: Span


@dataclass(frozen=True, slots=True)
class SetOf:
    variable: Variable
    where: Expr | None
    type: SetType
    span: Span


@dataclass(frozen=True, slots=True)
class SetOperation:
    """`operator` is one of: union, minus, intersect."""

    operator: str
    left: Expr
    right: Expr
    type: SetType
    span: Span


@dataclass(frozen=True, slots=True)
class Contains:
    """`element in collection`, a set or a sequence."""

    element: Expr
    collection: Expr
    span: Span
    type: Type = BOOL


@dataclass(frozen=True, slots=True)
class Subset:
    left: Expr
    right: Expr
    span: Span
    type: Type = BOOL


@dataclass(frozen=True, slots=True)
class MapOf:
    """`key.type` is the type of the keys."""

    key: Local
    body: Expr
    type: MapType
    span: Span


@dataclass(frozen=True, slots=True)
class SeqLiteral:
    elements: tuple[Expr, ...]
    type: SeqType
    span: Span


@dataclass(frozen=True, slots=True)
class Builtin:
    """`name` is one of: alive(object), gone(object) (temporal), size(set or sequence), length(sequence),
    first(sequence), push(sequence, element), pop(sequence)."""

    name: str
    arguments: tuple[Expr, ...]
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class Old:
    """`old(e)`: `e` in the state before the step."""

    operand: Expr
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class ByAtom:
    """`action` None: any action of the component."""

    component: str
    action: str | None
    span: Span
    type: Type = BOOL


@dataclass(frozen=True, slots=True)
class WritesAtom:
    kind: str
    span: Span
    type: Type = BOOL


@dataclass(frozen=True, slots=True)
class EnabledAtom:
    component: str
    instance: Expr | None
    action: str
    span: Span
    type: Type = BOOL


@dataclass(frozen=True, slots=True)
class Temporal:
    """`operator` is one of: always, eventually, next (one operand), leads to, until (two)."""

    operator: str
    operands: tuple[Expr, ...]
    span: Span
    type: Type = TEMPORAL


@dataclass(frozen=True, slots=True)
class PatternCall:
    """`arguments` are expressions, or names of components."""

    pattern: str
    arguments: tuple[Expr | str, ...]
    span: Span
    type: Type = TEMPORAL


@dataclass(frozen=True, slots=True)
class CopyRead:
    """A field of a copy, as it was read. (The copy itself, where an object is wanted, is a `LocalUse` of KindType.)"""

    copy: Local
    kind: str
    field: str
    type: Type
    span: Span
    narrowed: bool = False


@dataclass(frozen=True, slots=True)
class Fresh:
    """`fresh(e)`: `e` in the store, whatever the component sees."""

    operand: Expr
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class SeenBy:
    """`seen by kubelet(n): e`: `e` in what the component sees."""

    component: str
    instance: Expr | None
    operand: Expr
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class Connected:
    """`connected(kubelet(n))`"""

    component: str
    instance: Expr | None
    span: Span
    type: Type = BOOL


@dataclass(frozen=True, slots=True)
class Allowed:
    """`allowed(controller update Owner.finalizers)`: `field` is None for the whole kind."""

    component: str
    verb: str
    kind: str
    field: str | None
    span: Span
    type: Type = BOOL


@dataclass(frozen=True, slots=True)
class CallerIs:
    """`caller == controller`, in an `admit`."""

    component: str
    span: Span
    type: Type = BOOL


Expr: TypeAlias = (
    Number
    | Amount
    | Boolean
    | NoneValue
    | EnumMember
    | LocalUse
    | ConstUse
    | GlobalUse
    | SingleObject
    | NamedObject
    | FieldRead
    | ComponentRead
    | MapRead
    | Lookup
    | DefCall
    | Not
    | Negate
    | Logical
    | Compare
    | Arithmetic
    | Conditional
    | LetIn
    | Quantified
    | Aggregated
    | SetLiteral
    | NumberRange
    | SetOf
    | SetOperation
    | Contains
    | Subset
    | MapOf
    | SeqLiteral
    | Builtin
    | Old
    | ByAtom
    | WritesAtom
    | EnabledAtom
    | Temporal
    | PatternCall
    | CopyRead
    | Fresh
    | SeenBy
    | Connected
    | Allowed
    | CallerIs
)
