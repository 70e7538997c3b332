"""Checked declarations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kspec.language.types import Type
from kspec.system.spans import Span

if TYPE_CHECKING:
    from kspec.language.checked.clauses import Clauses
    from kspec.language.checked.expressions import Expr, Local, Variable
    from kspec.language.checked.statements import Statement


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
class Quantity:
    """Amounts from 0 to `bound`."""

    name: str
    bound: Expr
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
    atomic: bool
    body: tuple[Statement, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Process:
    """`workers`: how many runs an instance of the component has at once; None: one. `split`: the text has an action;
    what its checker found to be known before a yield may not be so behind it."""

    name: str
    parameters: tuple[Variable, ...]
    workers: Expr | None
    guards: tuple[Guard, ...]
    budget: Budget | None
    fairness: Fairness | None
    body: tuple[Statement, ...]
    span: Span
    split: bool = False


@dataclass(frozen=True, slots=True)
class Component:
    """`environment` is a component too. `instance`: the variable of `per`, of KindType."""

    name: str
    instance: Local | None
    variables: tuple[StateVariable, ...]
    actions: tuple[Action, ...]
    processes: tuple[Process, ...]
    clauses: Clauses
    span: Span

    @property
    def items(self) -> tuple[Action | Process, ...]:
        """Everything that it does."""
        return (*self.actions, *self.processes)


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
