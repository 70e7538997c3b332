"""The checked tree: every name resolved, every expression typed, every module and cluster merged.

Names are unique in the whole model: what a module imported under an alias declares is called `alias.name`. Nothing in
this tree is wrong any more, except what only the numbers of a cluster can show.
"""

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
    OptionType,
    SeqType,
    SetType,
    Type,
)
from kspec.system.spans import Span

# --- expressions -----------------------------------------------------------------------------------------------------


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
class Boolean:
    value: bool
    span: Span
    type: Type = BOOL


@dataclass(frozen=True, slots=True)
class NoneValue:
    span: Span
    type: Type = NOTHING


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
    """`operation` is one of: count (no body), sum, min, max (of type OptionType(NumberType))."""

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


Expr: TypeAlias = (
    Number
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
)


# --- statements ------------------------------------------------------------------------------------------------------


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


# --- declarations ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Const:
    name: str
    type: Type
    value: Expr | None
    span: Span


@dataclass(frozen=True, slots=True)
class Enum:
    name: str
    members: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Field:
    """`modifier` is one of: const, key, None."""

    modifier: str | None
    name: str
    type: Type
    default: Expr | None
    span: Span


@dataclass(frozen=True, slots=True)
class Kind:
    name: str
    single: bool
    fields: tuple[Field, ...]
    span: Span

    def field(self, name: str) -> Field | None:
        return next((field for field in self.fields if field.name == name), None)


@dataclass(frozen=True, slots=True)
class StateVariable:
    """A global variable, or one of a component: then `initial` may use the component's instance."""

    name: str
    type: Type
    initial: Expr
    ghost: bool
    durable: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Def:
    name: str
    parameters: tuple[Local, ...]
    result: Type
    body: Expr
    span: Span


@dataclass(frozen=True, slots=True)
class Fairness:
    """`unit`: the parameters whose values are units, the component's instance not among them (it always is one, except
    for `overall`, where `unit` is None)."""

    strong: bool
    unit: tuple[Local, ...] | None
    key: bool


@dataclass(frozen=True, slots=True)
class Budget:
    limit: Expr
    each: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Guard:
    condition: Expr
    span: Span


@dataclass(frozen=True, slots=True)
class Action:
    name: str
    parameters: tuple[Variable, ...]
    guards: tuple[Guard, ...]
    budget: Budget | None
    fairness: Fairness | None
    body: tuple[Statement, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Component:
    """`environment` is a component too. `instance`: the variable of `per`, of KindType."""

    name: str
    instance: Local | None
    variables: tuple[StateVariable, ...]
    actions: tuple[Action, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Property:
    """`kind` is one of: invariant, step, reachable, property, recoverable, assume. `only_in`: a glob of names of
    clusters."""

    kind: str
    name: str
    only_in: str | None
    body: Expr
    span: Span


@dataclass(frozen=True, slots=True)
class Pattern:
    name: str
    parameters: tuple[Local, ...]
    body: Expr
    span: Span


@dataclass(frozen=True, slots=True)
class ExpectViolation:
    """`property` may be an implicit one: Ranges, LiveReferences, Asserts, Deadlock."""

    property: str
    only_in: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class ExpectCounts:
    reduced: bool
    states: int | None
    transitions: int | None
    depth: int | None
    only_in: str | None
    span: Span


# --- clusters --------------------------------------------------------------------------------------------------------


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


@dataclass(frozen=True, slots=True)
class Model:
    """`file`: the name of the file that was asked for. Dictionaries are in the order of the text.

    `terminal`: the condition of `terminal when`; several are alternatives (`or`).
    """

    file: str
    consts: dict[str, Const]
    globals: dict[str, StateVariable]
    enums: dict[str, Enum]
    kinds: dict[str, Kind]
    defs: dict[str, Def]
    components: dict[str, Component]
    properties: dict[str, Property]
    patterns: dict[str, Pattern]
    terminal: Expr | None
    terminal_span: Span | None
    expectations: tuple[ExpectViolation | ExpectCounts, ...]
    clusters: dict[str, Cluster]
