"""The slots of a kind: room for its objects, and what they are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kspec.language import checked
from kspec.language.codes import Code
from kspec.lower.problems import SLOT_LIMIT, Problem
from kspec.system.spans import Span
from kspec.system.system import Kind

if TYPE_CHECKING:
    from kspec.lower.context import Context


def lay_out(context: Context, name: str) -> Kind:
    """Slots in order: objects that the cluster names, unnamed ones that exist at the start, free room."""
    declaration = context.model.kinds[name]
    named = [item.name for item in context.cluster.objects if item.kind == name]
    at_start = present(context, name)
    room = next((item for item in context.cluster.rooms if item.kind == name), None)
    total = at_start
    if room is not None and room.at_most is not None:
        total = context.number(room.at_most)
        if total < at_start:
            message = f"`{name}` has room for {total}, and the cluster starts with {at_start}"
            raise Problem(Code.KS507, message, room.span, f"write `{name} at most {at_start}` or more")
    span = declaration.span if room is None else room.span
    _require_few(name, total, span)
    slots = (*named, *_free_names(context, name, total - len(named)))
    lifetimes = context.lifetimes
    permanent = total == at_start and name not in lifetimes.created and name not in lifetimes.deleted
    return Kind(name, slots, permanent, declaration.single)


def present(context: Context, name: str) -> int:
    """How many objects of a kind there are at the start: they are in the first slots."""
    return sum(item.kind == name for item in context.cluster.objects) + _unnamed(context, name)


def is_quota(context: Context, name: str) -> bool:
    return any(room.kind == name and room.quota for room in context.cluster.rooms)


def _unnamed(context: Context, name: str) -> int:
    room: checked.Room | None = next((item for item in context.cluster.rooms if item.kind == name), None)
    if room is None or room.exactly is None:
        return 0
    number = context.number(room.exactly)
    if number < 0:
        raise Problem(Code.KS507, f"`{name}` cannot have {number} objects", room.span)
    _require_few(name, number, room.span)
    return number


def _require_few(name: str, number: int, span: Span) -> None:
    if number > SLOT_LIMIT:
        message = f"`{name}` has room for {number:,} objects, and at most {SLOT_LIMIT:,} can be told apart"
        raise Problem(Code.KS604, message, span, "failures show with a handful of objects: start with 3 to 5")


def _free_names(context: Context, kind: str, number: int) -> list[str]:
    """`pod1`, `pod2`, …, with `_` behind those that some object is called already."""
    taken = set(context.objects)
    names = []
    for position in range(1, number + 1):
        name = f"{kind.rpartition('.')[2].lower()}{position}"
        while name in taken:
            name += "_"
        taken.add(name)
        names.append(name)
    return names
