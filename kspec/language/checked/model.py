"""The checked model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kspec.system.spans import Span

if TYPE_CHECKING:
    from kspec.language.checked.clauses import Admission, Request
    from kspec.language.checked.clusters import Cluster
    from kspec.language.checked.declarations import (
        Component,
        Const,
        Def,
        Enum,
        ExpectCounts,
        ExpectViolation,
        Kind,
        Pattern,
        Property,
        Quantity,
        StateVariable,
    )
    from kspec.language.checked.expressions import Expr


@dataclass(frozen=True, slots=True)
class Model:
    """`file`: the name of the file that was asked for. Dictionaries are in the order of the text.

    `terminal`: the condition of `terminal when`; several are alternatives (`or`). `sources`: the text of every file, by
    the name that spans have for it.
    """

    file: str
    consts: dict[str, Const]
    globals: dict[str, StateVariable]
    enums: dict[str, Enum]
    quantities: dict[str, Quantity]
    kinds: dict[str, Kind]
    defs: dict[str, Def]
    components: dict[str, Component]
    requests: dict[str, Request]
    admissions: tuple[Admission, ...]
    properties: dict[str, Property]
    patterns: dict[str, Pattern]
    terminal: Expr | None
    terminal_span: Span | None
    expectations: tuple[ExpectViolation | ExpectCounts, ...]
    clusters: dict[str, Cluster]
    sources: dict[str, str]
