"""Transitions: guarded, simultaneous writes over the state before the step.

An action of the language is one or more transitions: one for each control path that branches (`either`, or a `choose`
under a condition). A binding gives a value to every local that the `Bind` steps introduce, in order. A binding *takes*
the transition in a state as follows: its steps are evaluated in order, all of them over the state before the step; the
first one that stops it decides the outcome:

- a `Guard` that is false: the binding is disabled, nothing happens;
- an expression that fails, or a `Check` that is false: the step fails (its property is violated, there is no
  successor);
- an `Allocate` that finds no free slot: the binding is disabled and the state is *cut* (no room).

Otherwise the writes are carried out at once (where two hit one place, the later in `writes` stands), then the state is
*settled* (see `System`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Final, TypeAlias

from kspec.system.expressions import TRUE, Binding, Domain, Expr, FailureKind, Local, Quantified, Quantifier
from kspec.system.meanings import ActionMeaning, Happens, Reason
from kspec.system.spans import NOWHERE, Span
from kspec.system.wording import UNWORDED, Wording


class Role(Enum):
    """What a bound local is to a reader of a trace."""

    INSTANCE = "instance"
    PARAMETER = "parameter"
    CHOICE = "choice"
    EVENT = "event"  # hidden: of the events that a loop makes, one of the last; the last is bound first
    STALENESS = "staleness"  # hidden: how many events of a kind ago a view starts


IDENTIFYING: Final = frozenset({Role.INSTANCE, Role.PARAMETER})
"""The roles of what tells one run of a process from another: no worker, and nothing hidden."""


@dataclass(frozen=True, slots=True)
class Bind:
    """One binding for each value of the domain. `kind`: of the objects that a hidden choice is about."""

    local: Local
    domain: Domain
    role: Role
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Guard:
    """Only bindings with `condition` go on. `clause` counts the action's `when` clauses from 0; None is no clause
    of the text's. `wording`: how the text writes it."""

    condition: Expr
    clause: int | None
    span: Span = field(default=NOWHERE, compare=False)
    wording: Wording = field(default=UNWORDED, compare=False)


@dataclass(frozen=True, slots=True)
class Define:
    """Gives a local the value of an expression."""

    local: Local
    value: Expr


@dataclass(frozen=True, slots=True)
class Check:
    """Fails with `failure` unless `condition`."""

    condition: Expr
    failure: FailureKind
    message: str
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Allocate:
    """Where `condition`: `local` becomes the lowest slot of its kind that is free in the state before the step and that
    no earlier `Allocate` of this binding took. Where not: `local` becomes slot 0, and nothing may use it."""

    local: Local
    condition: Expr
    span: Span = field(default=NOWHERE, compare=False)


Step: TypeAlias = Bind | Guard | Define | Check | Allocate


@dataclass(frozen=True, slots=True)
class Write:
    """For every binding of `each` (none: once) with `condition`: the variable at `index` becomes `value`.

    Never fails: what can fail was evaluated by earlier steps, or cannot fail where `condition` holds. The locals of
    `each` are part of `index`, so that no two bindings hit one place.
    """

    variable: str
    index: tuple[Expr, ...]
    value: Expr
    condition: Expr
    each: tuple[Binding, ...] = ()


@dataclass(frozen=True, slots=True)
class ForEachCheck:
    """A `Check` for every binding of a `for` loop: fails unless `condition` for each one with `where`. All of them are
    evaluated, and of several failures the least counts."""

    each: tuple[Binding, ...]
    where: Expr
    condition: Expr
    failure: FailureKind
    message: str
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Refusal:
    """For every binding of `each` (none: once) with `condition`, a request of the step has this result. `request` says
    what was asked, `item` is the object that it was about. `reason`: of a denied one; `fields`: those that a missing
    permission is about. `handled`: the text says what is done then, or it becomes the result of the declared request
    around, which is told too."""

    result: str
    request: str
    condition: Expr
    item: Expr | None = None
    span: Span = field(default=NOWHERE, compare=False)
    each: tuple[Binding, ...] = ()
    reason: Reason | None = None
    fields: tuple[str, ...] = ()
    handled: bool = False

    @property
    def happens(self) -> Expr:
        """Whether the request is refused so, for any of the bindings."""
        return Quantifier(Quantified.EXISTS, self.each, TRUE, self.condition) if self.each else self.condition


@dataclass(frozen=True, slots=True)
class Transition:
    """One control path of an action.

    `refused` is true in the state before the step where some request of this binding is refused (missing, taken,
    denied): the step is taken and counted, and reported as such. `refusals` tell which.
    """

    action: int
    steps: tuple[Step | ForEachCheck, ...]
    writes: tuple[Write, ...]
    refused: Expr
    path: tuple[str, ...] = ()
    refusals: tuple[Refusal, ...] = ()


class FairnessStrength(Enum):
    """What a fair run owes to a unit of fairness. A unit is *enabled* in a state where some binding of it leads to
    another state, and *taken* by a step of such a binding that does; changes of ghost variables are none.

    WEAK: if from some point on it is always enabled, it is taken. STRONG: if it is enabled again and again, it is taken
    again and again. QUEUED, between the two: if from some point on it always waits, and is enabled again and again, it
    is taken. So does a work queue treat what is in it: others may be served before, but not for ever.
    """

    WEAK = "fair"
    QUEUED = "fair as a queue"
    STRONG = "strongly fair"


@dataclass(frozen=True, slots=True)
class UnitPart:
    """Something whose values tell units of fairness apart: the local of a `Bind`, by its position among those of each
    transition of the action (they begin alike). `key`: the variables of the key fields of the object that it is; then
    their values are meant, whichever object has them. `outlives`: the unit does not end with the object."""

    bind: int
    key: tuple[str, ...] = ()
    outlives: bool = False


@dataclass(frozen=True, slots=True)
class Fairness:
    """A unit of fairness for each combination of values of the parts; without any, one for the whole action.

    `waiting`, where the strength is QUEUED: a unit waits in a state where some binding of these steps has its values
    and is neither disabled nor fails. The steps bind instance and parameters as the action's transitions do, but no
    worker; a unit that is enabled waits.
    """

    strength: FairnessStrength
    unit: tuple[UnitPart, ...] = ()
    waiting: tuple[Step | ForEachCheck, ...] = ()


@dataclass(frozen=True, slots=True)
class Action:
    """An action of the text. `clauses` are the places of its `when` clauses and, if it has one, of its budget.
    `meaning`: what it is, if it is more or something else than an action of the text."""

    component: str
    name: str
    instance_kind: str | None
    fairness: Fairness | None
    clauses: tuple[Span, ...]
    span: Span
    meaning: ActionMeaning | None = None

    @property
    def hidden(self) -> bool:
        """Whether no text spells it out (a delivery, a crash)."""
        return isinstance(self.meaning, Happens)

    @property
    def label(self) -> str:
        return f"{self.component}.{self.name}"
