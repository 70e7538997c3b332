"""Places that are cleared, since there is no object that they belong to: what fills them is no value, no reference."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from llvmlite import ir

from kspec.explore.machine.builder import Block, Builder
from kspec.explore.machine.canonical.moving import Moving
from kspec.explore.machine.shapes import plain
from kspec.system.sorts import ObjectSort, OptionSort, Sort
from kspec.system.system import ALIVE, FREE


@dataclass(frozen=True, slots=True)
class Owner:
    """An object that a place belongs to, or is the entry of: the cell of its status, and, where it may be none, whether
    it is not."""

    status: ir.Value
    is_somebody: ir.Value | None


def owners_of(b: Builder, moving: Moving, sort: Sort, ordinal: ir.Value) -> tuple[Owner, ...]:
    """The object that an index or key is, given as its position among the values of the sort, if it may be deleted."""
    kind = plain(sort)
    base = moving.layout.status(kind) if isinstance(kind, ObjectSort) else None
    if base is None:
        return ()
    if not isinstance(sort, OptionSort):
        return (Owner(b.add(ordinal, base), None),)
    is_somebody = b.differ(ordinal, 0)
    return (Owner(b.add(b.select(is_somebody, b.subtract(ordinal, 1), 0), base), is_somebody),)


def jump_when_blank(b: Builder, state: ir.Value, owners: Iterable[Owner], target: Block, *, alive_only: bool) -> None:
    """Jumps where an owner is no object any more; with `alive_only`, also where it is deleted and still referred to."""
    for owner in owners:
        status = b.load(state, owner.status)
        is_blank = b.differ(status, ALIVE) if alive_only else b.equal(status, FREE)
        b.jump_when(is_blank if owner.is_somebody is None else b.both(owner.is_somebody, is_blank), target)
