"""Clusters and what they give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from kspec.language.tree.expressions import Expr
from kspec.system.spans import Span

if TYPE_CHECKING:
    from kspec.language.tree.names import Name, Path
    from kspec.language.tree.statements import FieldValue
    from kspec.language.tree.types import Type


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
