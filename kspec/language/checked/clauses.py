"""Checked clauses of components, and what guards the API server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kspec.system.spans import Span

if TYPE_CHECKING:
    from kspec.language.checked.declarations import Budget, Guard
    from kspec.language.checked.expressions import Expr, Local, Variable
    from kspec.language.checked.statements import Statement


@dataclass(frozen=True, slots=True)
class Watch:
    """The component sees the kind as it was at most `lag` events ago; None: each object at some moment of its past."""

    kind: str
    lag: Expr | None
    span: Span


@dataclass(frozen=True, slots=True)
class Crashes:
    """`stale`: from how many of the last versions of a kind a new view may start."""

    budget: Budget
    stale: Expr | None


@dataclass(frozen=True, slots=True)
class Disconnects:
    """`may_stay`: nothing makes it reconnect."""

    budget: Budget
    may_stay: bool


@dataclass(frozen=True, slots=True)
class Permission:
    """What a component may do. `verb`: get, update, create, delete.

    `fields`: those of the kind that may be updated; None: all of it. `variable`: the object, in `where`; both are None
    where there is no condition.
    """

    verb: str
    kind: str
    fields: tuple[str, ...] | None
    variable: Local | None
    where: Expr | None
    span: Span


@dataclass(frozen=True, slots=True)
class Clauses:
    """What a component's body says besides its variables and actions.

    `reads_own_writes`, `relists`: where the text says so. `may`: None where the component has no `may` and so may do
    everything; `calls`: the requests that it may call, by name.
    """

    watches: tuple[Watch, ...] = ()
    reads_own_writes: Span | None = None
    loses: Budget | None = None
    relists: Span | None = None
    crashes: Crashes | None = None
    disconnects: Disconnects | None = None
    may: tuple[Permission, ...] | None = None
    calls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """A procedure of the API server. A guard that is false denies it."""

    name: str
    parameters: tuple[Variable, ...]
    guards: tuple[Guard, ...]
    body: tuple[Statement, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Admission:
    """`verb` is create or update. `variable`: the object as it is asked for. `condition` may use `CallerIs`, and in an
    update `Old` of fields of the variable."""

    verb: str
    kind: str
    variable: Local
    condition: Expr
    span: Span
