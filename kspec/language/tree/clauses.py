"""Clauses of a component: what it watches, may do, loses, and survives. And what guards the API server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from kspec.system.spans import Span

if TYPE_CHECKING:
    from kspec.language.tree.declarations import Budget
    from kspec.language.tree.expressions import Expr, Group
    from kspec.language.tree.names import Name, Path
    from kspec.language.tree.statements import Block


@dataclass(frozen=True, slots=True)
class Watches:
    """`watches kinds lag k`; `lag` is None for `any`."""

    kinds: tuple[Path, ...]
    lag: Expr | None
    span: Span


@dataclass(frozen=True, slots=True)
class ReadsOwnWrites:
    span: Span


@dataclass(frozen=True, slots=True)
class LosesEvents:
    budget: Budget
    span: Span


@dataclass(frozen=True, slots=True)
class Relists:
    span: Span


@dataclass(frozen=True, slots=True)
class Crashes:
    """`crashes at most k [from stale j]`"""

    budget: Budget
    stale: Expr | None
    span: Span


@dataclass(frozen=True, slots=True)
class Disconnects:
    budget: Budget
    span: Span


@dataclass(frozen=True, slots=True)
class MayStayDisconnected:
    span: Span


@dataclass(frozen=True, slots=True)
class Permission:
    """`[variable:] paths [where condition]` behind a verb, which is one of: get, update, create, delete."""

    verb: str
    variable: Name | None
    paths: tuple[Path, ...]
    where: Expr | None
    span: Span


@dataclass(frozen=True, slots=True)
class May:
    permission: Permission
    span: Span


@dataclass(frozen=True, slots=True)
class MayCall:
    """`may request`"""

    request: Path
    span: Span


Clause: TypeAlias = (
    Watches | ReadsOwnWrites | LosesEvents | Relists | Crashes | Disconnects | MayStayDisconnected | May | MayCall
)


@dataclass(frozen=True, slots=True)
class Request:
    """`request name(parameters) when guards { body }`"""

    name: Name
    parameters: tuple[Group, ...]
    guards: tuple[Expr, ...]
    body: Block
    doc: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Admit:
    """`admit verb kind(variable) when condition`"""

    verb: str
    kind: Path
    variable: Name
    condition: Expr
    span: Span
