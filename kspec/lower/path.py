"""One control path of an action while it is lowered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kspec.lower import build
from kspec.lower.actor import Actor
from kspec.lower.context import Context
from kspec.lower.scope import Copy, Reader, Scope
from kspec.system.expressions import (
    FALSE,
    TRUE,
    Domain,
    Expr,
    FailureKind,
    Literal,
    Local,
    Moment,
    Use,
)
from kspec.system.meanings import Reason
from kspec.system.sorts import BOOL, ObjectSort, zero
from kspec.system.spans import Span
from kspec.system.transitions import (
    Allocate,
    Bind,
    Check,
    Define,
    ForEachCheck,
    Guard,
    Refusal,
    Role,
    Step,
    Transition,
    Write,
)
from kspec.system.wording import UNWORDED, Wording


@dataclass(frozen=True, slots=True)
class Refused:
    """A result of a request, and the atom that is true where it has it. `reason` and `fields` as in `Refusal`."""

    result: str
    condition: Expr
    reason: Reason | None = None
    fields: tuple[str, ...] = ()


class Path:
    """Steps and writes so far, and what holds after them.

    `condition` is an atom: whether the body gets here (its `if`s, and no request before was refused). `known` are the
    locals that are true where it does, `alive` those that certainly are alive objects there, `held` those that the
    actor certainly sees. `endings` are the conditions under which the body ended, `refusals` all results of requests
    but ok; `results` those that nothing handles inside a declared request. `stops` are the conditions under which a run
    of a process stands at a point afterwards. `doubts`: others acted between what the text knows and here. `kept`:
    the locals that the run held before the step.
    """

    def __init__(self, context: Context, actor: Actor) -> None:
        self.context = context
        self.actor = actor
        self.steps: list[Step | ForEachCheck] = []
        self.writes: list[Write] = []
        self.locals: dict[int, Expr] = {}
        self.condition: Expr = TRUE
        self.known: frozenset[int] = frozenset()
        self.alive: frozenset[Local] = frozenset()
        self.allocations: list[tuple[ObjectSort, Expr]] = []
        self.endings: list[Expr] = []
        self.refusals: list[Refusal] = []
        self.stops: list[Expr] = []
        self.results: list[Refused] = []
        self.copies: dict[int, Copy] = {}
        self.held: frozenset[int] = frozenset()
        self.branches: tuple[str, ...] = ()
        self.doubts = False
        self.kept: frozenset[int] = frozenset()

    def copy(self) -> Path:
        other = Path(self.context, self.actor)
        other.steps, other.writes, other.locals = self.steps.copy(), self.writes.copy(), self.locals.copy()
        other.condition, other.known, other.alive = self.condition, self.known, self.alive
        other.allocations, other.branches = self.allocations.copy(), self.branches
        other.endings, other.refusals = self.endings.copy(), self.refusals.copy()
        other.results, other.stops = self.results.copy(), self.stops.copy()
        other.copies, other.held, other.doubts = self.copies.copy(), self.held, self.doubts
        other.kept = self.kept
        return other

    def scope(self) -> Scope:
        """What an expression sees at the end of the path."""
        alive = frozenset((local.id, Moment.NEW) for local in self.alive)
        return Scope(
            self.locals.copy(),
            Moment.NEW,
            alive,
            tuple(self.writes),
            self.known,
            self.copies.copy(),
            self.reader,
            self.held,
            self.doubts,
            self.kept,
        )

    def scope_before(self, first: int) -> Scope:
        """What an expression would see without the writes from the position `first` on."""
        return replace(self.scope(), writes=tuple(self.writes[:first]))

    @property
    def reader(self) -> Reader | None:
        """Whose views the body asks: the API server and the environment look at the store."""
        if self.actor.inside_request or self.actor.is_environment:
            return None
        return Reader(self.actor.component.name, self.actor.instance)

    def transition(self, action: int) -> Transition:
        refused = build.disjunction(*(refusal.happens for refusal in self.refusals))
        return Transition(action, tuple(self.steps), tuple(self.writes), refused, self.branches, tuple(self.refusals))

    # --- steps -------------------------------------------------------------------------------------------------------

    def bind(self, local: Local, domain: Domain, role: Role, kind: str | None = None) -> None:
        self.steps.append(Bind(local, domain, role, kind))

    def define(self, name: str, value: Expr) -> Expr:
        """An atom for a value that is evaluated here, whether the body gets here or not."""
        if build.is_atom(value):
            return value
        local = self.context.fresh(name, value.sort)
        self.steps.append(Define(local, value))
        return Use(local)

    def evaluate(self, name: str, value: Expr) -> Expr:
        """An atom for a value that is evaluated here if the body gets here."""
        if build.is_atom(value):
            return value
        return self.define(name, build.conditional(self.condition, value, Literal(zero(value.sort), value.sort)))

    def holds(self, name: str, condition: Expr) -> Expr:
        """An atom for: the body gets here, and `condition` is true."""
        return self.define(name, build.conjunction(self.condition, condition))

    def check(self, condition: Expr, failure: FailureKind, message: str, span: Span) -> None:
        """Fails unless `condition`, if the body gets here."""
        needed = build.implies(self.condition, condition)
        if needed != TRUE:
            self.steps.append(Check(needed, failure, message, span))

    def guard(self, condition: Expr, clause: int | None, span: Span, wording: Wording = UNWORDED) -> None:
        """Only bindings with `condition` go on."""
        if condition != TRUE or clause is not None:
            self.steps.append(Guard(condition, clause, span, wording))
        self.know(condition)

    def allocate(self, kind: ObjectSort, span: Span) -> Local:
        """The slot of a new object, if the body gets here."""
        local = self.context.fresh(kind.kind, kind)
        self.steps.append(Allocate(local, self.condition, span))
        self.allocations.append((kind, self.condition))
        return local

    def write(self, variable: str, index: tuple[Expr, ...], value: Expr, condition: Expr | None = None) -> None:
        """A write if the body gets here, or under a stronger condition."""
        condition = self.condition if condition is None else condition
        if condition != FALSE:
            self.writes.append(Write(variable, index, value, condition))

    # --- what holds --------------------------------------------------------------------------------------------------

    def know(self, condition: Expr) -> None:
        """From here on, `condition` is true where the body gets."""
        if isinstance(condition, Use) and condition.sort == BOOL:
            self.known |= {condition.local.id}

    def go_on_if(self, condition: Expr) -> None:
        """The body goes on only under an atom that implies the condition so far."""
        self.condition = condition
        self.know(condition)

    def end(self) -> None:
        """The body ends here."""
        self.endings.append(self.condition)
        self.condition = FALSE

    def end_where(self, ended: Sequence[Expr], goes_on: Expr) -> None:
        """The body ends under these atoms, each of which implies the condition so far, and goes on under the other."""
        if ended:
            self.endings += ended
            self.go_on_if(goes_on)

    def forget_lives(self, kind: str) -> None:
        """An object of the kind was deleted: any other name of an object may have meant it. The actor may see that."""
        self.held = frozenset()
        self.alive = frozenset(local for local in self.alive if not _is_of(local, kind))

    def remember_alive(self, item: Expr | None) -> None:
        if isinstance(item, Use) and isinstance(item.local.sort, ObjectSort):
            self.alive |= {item.local}

    def remember_seen(self, item: Expr | None, scope: Scope) -> None:
        """The object is where the scope looks: in its reader's view, or alive in the store."""
        if scope.reader is None:
            self.remember_alive(item)
        elif isinstance(item, Use):
            self.held |= {item.local.id}


def _is_of(local: Local, kind: str) -> bool:
    return isinstance(local.sort, ObjectSort) and local.sort.kind == kind
