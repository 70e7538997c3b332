"""What formulas are made of: whether they speak of time or of steps, and which locals they use."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from kspec.language import checked

_RIGID = (
    checked.Number,
    checked.Amount,
    checked.Boolean,
    checked.NoneValue,
    checked.EnumMember,
    checked.LocalUse,
    checked.ConstUse,
    checked.SingleObject,
    checked.NamedObject,
    checked.Not,
    checked.Negate,
    checked.Logical,
    checked.Compare,
    checked.Arithmetic,
    checked.Conditional,
    checked.LetIn,
    checked.SetLiteral,
    checked.NumberRange,
    checked.Contains,
)
"""What has one value in a whole run, if its parts have."""


@dataclasses.dataclass(frozen=True, slots=True)
class Contents:
    """`temporal`: it speaks of other positions than the one where it stands. `step`: of the step that is taken there.
    `rigid`: its value is the same at all positions. `uses`: the locals that it uses, by id. `size`: how many
    expressions it is when it is written out."""

    temporal: bool
    step: bool
    rigid: bool
    uses: frozenset[int]
    size: int


class Survey:
    """Looks into each expression once, however often it stands in a formula."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Any, Contents]] = {}
        """By identity; what is looked into is kept, so that no other takes its place."""

    def of(self, root: Any) -> Contents:
        """Of a node of the checked tree. Its patterns are written out."""
        stack = [root]
        while stack:
            node = stack[-1]
            if id(node) in self._known:
                stack.pop()
                continue
            parts = list(_parts(node))
            unknown = [part for part in parts if id(part) not in self._known]
            if unknown:
                stack.extend(unknown)
            else:
                self._known[id(node)] = node, self._contents(node, parts)
                stack.pop()
        return self._known[id(root)][1]

    def _contents(self, node: Any, parts: list[Any]) -> Contents:
        below = [self._known[id(part)][1] for part in parts]
        uses = frozenset[int]().union(*(part.uses for part in below))
        if isinstance(node, checked.LocalUse):
            uses |= {node.local.id}
        return Contents(
            isinstance(node, checked.Temporal) or any(part.temporal for part in below),
            isinstance(node, checked.ByAtom | checked.WritesAtom) or any(part.step for part in below),
            isinstance(node, _RIGID) and all(part.rigid for part in below),
            uses,
            1 + sum(part.size for part in below),
        )


def _parts(node: Any) -> Iterator[Any]:
    """The nodes below one. Types are not entered, and what binds a local does not use it."""
    for item in dataclasses.fields(node):
        if item.name not in ("span", "type"):
            yield from _nodes(getattr(node, item.name))


def _nodes(value: Any) -> Iterator[Any]:
    if isinstance(value, tuple):
        for part in value:
            yield from _nodes(part)
    elif dataclasses.is_dataclass(value) and not isinstance(value, checked.Local):
        yield value
