"""Expressions of the system: pure functions of one state, or of two in step properties, and of locals.

Evaluation is strict and left to right, except that `And`, `Or`, `Implies` and `If` stop early. It may fail
(`FailureKind`); which expressions can is said at each. What goes through the bindings of variables (`Quantifier`,
`Aggregate`, `SetComprehension`, `MapBuild`) evaluates all of them, and fails if any fails: with the least failure, the
kinds in the order of `FailureKind`. Bindings have no order.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

from kspec.system.sorts import BOOL, IntSort, MapSort, ObjectSort, OptionSort, SetSort, Sort, Value
from kspec.system.spans import NOWHERE, Span


class FailureKind(Enum):
    """The implicit properties; the value is the property's name. The first counts where bindings fail differently."""

    RANGES = "Ranges"
    LIVE_REFERENCES = "LiveReferences"
    ASSERTS = "Asserts"


class Moment(Enum):
    """Which of the two states of a step an expression looks at. One-state expressions look at NEW only."""

    NEW = "new"
    OLD = "old"


@dataclass(frozen=True, slots=True)
class Local:
    """A name for one value: a parameter, a choice, a quantified variable, a `let`. `id` is unique in a system."""

    id: int
    name: str
    sort: Sort


@dataclass(frozen=True, slots=True)
class Literal:
    value: Value
    sort: Sort


@dataclass(frozen=True, slots=True)
class Use:
    """The value of a local."""

    local: Local

    @property
    def sort(self) -> Sort:
        return self.local.sort


@dataclass(frozen=True, slots=True)
class Read:
    """The value of a state variable at an index.

    If `needs_alive`, fails with LIVE_REFERENCES unless the object of the first index is alive in that state.
    """

    variable: str
    index: tuple[Expr, ...]
    sort: Sort
    moment: Moment = Moment.NEW
    needs_alive: bool = False
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class IsAlive:
    """Whether the object is alive in that state."""

    object: Expr
    moment: Moment = Moment.NEW
    sort: Sort = BOOL


@dataclass(frozen=True, slots=True)
class Not:
    operand: Expr
    sort: Sort = BOOL


@dataclass(frozen=True, slots=True)
class And:
    """Left to right, stops at the first false; of nothing: true."""

    operands: tuple[Expr, ...]
    sort: Sort = BOOL


@dataclass(frozen=True, slots=True)
class Or:
    """Left to right, stops at the first true; of nothing: false."""

    operands: tuple[Expr, ...]
    sort: Sort = BOOL


@dataclass(frozen=True, slots=True)
class Implies:
    left: Expr
    right: Expr
    sort: Sort = BOOL


@dataclass(frozen=True, slots=True)
class Equal:
    """Equality of values of one shape (`iff` included); option against non-option compares as expected."""

    left: Expr
    right: Expr
    sort: Sort = BOOL


class Order(Enum):
    LESS = "<"
    AT_MOST = "<="


@dataclass(frozen=True, slots=True)
class Compare:
    """Two numbers; `>` and `>=` are these with sides exchanged by a `let` where evaluation order could be seen."""

    order: Order
    left: Expr
    right: Expr
    sort: Sort = BOOL


class Operator(Enum):
    ADD = "+"
    SUBTRACT = "-"
    MULTIPLY = "*"
    DIVIDE = "div"
    MODULO = "mod"


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Two numbers. DIVIDE rounds towards minus infinity, MODULO has the sign of the divisor (as Python's `//`, `%`);
    both fail with RANGES where the divisor is 0."""

    operator: Operator
    left: Expr
    right: Expr
    sort: IntSort
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class If:
    condition: Expr
    then: Expr
    otherwise: Expr
    sort: Sort


@dataclass(frozen=True, slots=True)
class Let:
    """`value` is evaluated once, before `body`."""

    local: Local
    value: Expr
    body: Expr

    @property
    def sort(self) -> Sort:
        return self.body.sort


# --- domains: what a variable ranges over ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Existing:
    """The objects of a kind that are alive in that state, by slot."""

    kind: ObjectSort
    moment: Moment = Moment.NEW


@dataclass(frozen=True, slots=True)
class Slots:
    """Every slot of a kind, whether an object is there or not."""

    kind: ObjectSort


@dataclass(frozen=True, slots=True)
class ExistingInBoth:
    """Step properties: the objects alive in the old and in the new state."""

    kind: ObjectSort


@dataclass(frozen=True, slots=True)
class Created:
    """Step properties: the objects alive in the new state only."""

    kind: ObjectSort


@dataclass(frozen=True, slots=True)
class Deleted:
    """Step properties: the objects alive in the old state only."""

    kind: ObjectSort


@dataclass(frozen=True, slots=True)
class AllValues:
    """Every value of an enumerable sort other than a kind."""

    of: Sort


@dataclass(frozen=True, slots=True)
class Members:
    """The members of a set, deleted objects included, or of a sequence (each value once), smallest value first
    (none before all)."""

    collection: Expr


Domain: TypeAlias = Existing | Slots | ExistingInBoth | Created | Deleted | AllValues | Members


@dataclass(frozen=True, slots=True)
class Binding:
    """A local and what it ranges over; a domain may use locals bound before it."""

    local: Local
    domain: Domain


class Quantified(Enum):
    FORALL = "forall"
    EXISTS = "exists"
    EXACTLY_ONE = "exactly one"


@dataclass(frozen=True, slots=True)
class Quantifier:
    """FORALL: every binding with `where` has `body`; EXISTS, EXACTLY_ONE: some, one binding has both.

    `where` is evaluated before `body`, and `body` only where it is true.
    """

    quantified: Quantified
    bindings: tuple[Binding, ...]
    where: Expr
    body: Expr
    sort: Sort = BOOL


class Aggregation(Enum):
    COUNT = "count"
    SUM = "sum"
    MIN = "min"
    MAX = "max"


@dataclass(frozen=True, slots=True)
class Aggregate:
    """Over the bindings with `where`: how many (`body` is a literal 1), or the sum, least, greatest of `body`.

    MIN and MAX have an OptionSort of numbers: of nothing, none.
    """

    aggregation: Aggregation
    bindings: tuple[Binding, ...]
    where: Expr
    body: Expr
    sort: Sort


# --- sets, maps, sequences -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SetLiteral:
    elements: tuple[Expr, ...]
    sort: SetSort


@dataclass(frozen=True, slots=True)
class NumberRange:
    """The set of numbers from `left` to `right`, both included."""

    left: Expr
    right: Expr
    sort: SetSort


@dataclass(frozen=True, slots=True)
class SetComprehension:
    """The set of the values of the binding's local that have `where`."""

    binding: Binding
    where: Expr
    sort: SetSort


class SetOperator(Enum):
    UNION = "union"
    MINUS = "minus"
    INTERSECT = "intersect"


@dataclass(frozen=True, slots=True)
class SetOperation:
    operator: SetOperator
    left: Expr
    right: Expr
    sort: SetSort


@dataclass(frozen=True, slots=True)
class Contains:
    """Whether a set or a sequence has the element. The element is evaluated first."""

    element: Expr
    collection: Expr
    sort: Sort = BOOL


@dataclass(frozen=True, slots=True)
class Subset:
    left: Expr
    right: Expr
    sort: Sort = BOOL


@dataclass(frozen=True, slots=True)
class Size:
    """How many members a set, or entries a sequence, has."""

    collection: Expr
    sort: IntSort


@dataclass(frozen=True, slots=True)
class MapBuild:
    """The map from every key to `body`. Keys that are objects: those alive in the state at NEW, or at OLD; the entries
    of other slots are `zero`."""

    key: Local
    body: Expr
    sort: MapSort
    moment: Moment = Moment.NEW


@dataclass(frozen=True, slots=True)
class MapRead:
    """The entry of a key. Fails with RANGES where a number is not among the keys."""

    map: Expr
    key: Expr
    sort: Sort
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class MapWith:
    """The map with one entry replaced. Evaluates map, key, value. Fails with RANGES where a number is not among
    the keys."""

    map: Expr
    key: Expr
    value: Expr
    sort: MapSort
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class SeqLiteral:
    """`sort.capacity` is the number of elements."""

    elements: tuple[Expr, ...]
    sort: Sort


@dataclass(frozen=True, slots=True)
class First:
    """The first entry of a sequence. Fails with RANGES where there is none."""

    sequence: Expr
    sort: Sort
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Push:
    """The sequence with `element` behind it; its sort has room for one more."""

    sequence: Expr
    element: Expr
    sort: Sort


@dataclass(frozen=True, slots=True)
class Pop:
    """The sequence without its first entry. Fails with RANGES where there is none."""

    sequence: Expr
    sort: Sort
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Fits:
    """Whether a value lies within the bounds of `stored`: numbers, members and entries in range, sequences not too
    long."""

    operand: Expr
    stored: Sort
    sort: Sort = BOOL


@dataclass(frozen=True, slots=True)
class Unwrap:
    """An option known not to be none. The checker proved that; none here is an internal error."""

    operand: Expr
    sort: Sort


@dataclass(frozen=True, slots=True)
class Require:
    """`body`, evaluated after `condition`; fails with `failure` where `condition` is false.

    What a body reads of an object after it deleted or created objects of that kind itself: then the state before the
    step, which `needs_alive` asks, is not the one that counts. `item`: the object that is read, for reports.
    """

    condition: Expr
    body: Expr
    failure: FailureKind
    message: str
    span: Span = field(default=NOWHERE, compare=False)
    item: Expr | None = None

    @property
    def sort(self) -> Sort:
        return self.body.sort


@dataclass(frozen=True, slots=True)
class Lookup:
    """The alive object of `kind` whose key fields (state variables, in the order declared) equal `keys`; else none."""

    kind: ObjectSort
    variables: tuple[str, ...]
    keys: tuple[Expr, ...]
    sort: OptionSort
    moment: Moment = Moment.NEW


# --- atoms about the step itself: in step properties only ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class By:
    """The step was taken by one of these actions (positions in `System.actions`)."""

    actions: frozenset[int]
    sort: Sort = BOOL


@dataclass(frozen=True, slots=True)
class Writes:
    """The step created, deleted or changed an object of the kind: some slot is alive in one of the two states only, or
    in both and one of `variables` differs there. That a deleted object is forgotten is no write."""

    kind: ObjectSort
    variables: tuple[str, ...]
    sort: Sort = BOOL


@dataclass(frozen=True, slots=True)
class Enabled:
    """Some binding of the action leads to a different state. `instance` fixes the component instance."""

    action: int
    instance: Expr | None
    moment: Moment = Moment.NEW
    sort: Sort = BOOL


Expr: TypeAlias = (
    Literal
    | Use
    | Read
    | IsAlive
    | Not
    | And
    | Or
    | Implies
    | Equal
    | Compare
    | Arithmetic
    | If
    | Let
    | Quantifier
    | Aggregate
    | SetLiteral
    | NumberRange
    | SetComprehension
    | SetOperation
    | Contains
    | Subset
    | Size
    | MapBuild
    | MapRead
    | MapWith
    | SeqLiteral
    | First
    | Push
    | Pop
    | Fits
    | Unwrap
    | Require
    | Lookup
    | By
    | Writes
    | Enabled
)

TRUE = Literal(True, BOOL)
FALSE = Literal(False, BOOL)
