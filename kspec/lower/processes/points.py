"""What is left to do where a run stands, and which locals it still needs there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from kspec.language import checked
from kspec.language.walk import statements, subexpressions
from kspec.lower.requests.groups import Group, Part


@dataclass(frozen=True, slots=True)
class Rest:
    """What comes behind a statement in its block."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Loop:
    """The head of a loop around."""

    statement: checked.While


@dataclass(frozen=True, slots=True)
class Rounds:
    """The next round of a `for each` around. `members`: the local that holds those that are left."""

    statement: checked.ForEach
    members: int


Frame: TypeAlias = Rest | Loop | Rounds

Locals: TypeAlias = frozenset[int]
"""Locals by their id."""

NO_LOCALS: Locals = frozenset()


def members_of(statement: checked.ForEach) -> int:
    """The id of a local for the members that a `for each` has left: no local of the text has it."""
    return -statement.variable.local.id


def live_at(frames: Sequence[Frame], awaited: checked.Expr | None) -> Locals:
    """The locals that matter where `frames`, innermost first, are left to do, once `awaited` is true."""
    after = NO_LOCALS
    for frame in reversed(frames):
        after = _live_in_frame(frame, after)
    return after | _used(awaited)


def _live_in_frame(frame: Frame, after: Locals) -> Locals:
    match frame:
        case Rest(parts):
            return _live_before(parts, after)
        case Loop(statement):
            return _live_in_loop(statement, after)
        case Rounds(statement, members):
            return _live_in_rounds(statement, members, after)


def _live_in_loop(statement: checked.While, after: Locals) -> Locals:
    live = after | _used(statement.condition)
    while True:
        more = live | _live_before(statement.body, live)
        if more == live:
            return live
        live = more


def _live_in_rounds(statement: checked.ForEach, members: int, after: Locals) -> Locals:
    live = after | {members}
    while True:
        more = live | (_live_before(statement.body, live) - {statement.variable.local.id})
        if more == live:
            return live
        live = more


def _live_before(parts: Iterable[Part], after: Locals) -> Locals:
    live = after
    for part in reversed(tuple(parts)):
        live = _live_before_part(part, live)
    return live


def _live_before_part(part: Part, after: Locals) -> Locals:
    """Which locals matter before a statement. One that the statement certainly gives a new value does not."""
    match part:
        case Group(assignments, handlers):
            return _handled(handlers, after) | after | _used(assignments)
        case checked.Handled(statement, handlers):
            return _live_before_part(statement, after) | _handled(handlers, after - _given(statement))
        case checked.Let(local, value) | checked.LocalVar(local, value):
            return (after - {local.id}) | _used(value)
        case checked.Assign(checked.LocalPlace(local), value):
            return (after - {local.id}) | _used(value)
        case checked.Assign(checked.EntryPlace() as place):
            return after | _used(part) | _changed_in(place)
        case checked.If(condition, then, otherwise):
            return _used(condition) | _live_before(then, after) | _live_before(otherwise, after)
        case checked.Either(branches):
            return NO_LOCALS.union(*(_live_before(branch, after) for branch in branches))
        case checked.While():
            return _live_in_loop(part, after)
        case checked.ForEach(variable, where):
            members = members_of(part)
            inside = _live_in_rounds(part, members, after) - {members}
            return inside | (_used((variable, where)) - {variable.local.id})
        case checked.Update(copy, _, fields):
            return after | {copy.id} | _used(fields)
        case checked.Choose(variables, where):
            return (after | _used((variables, where))) - {variable.local.id for variable in variables}
        case checked.For():
            named = {found.local.id for found in statements(part.body) if isinstance(found, checked.Let)}
            return after | (_used(part) - named - {part.variable.local.id})
        case checked.Return():
            return NO_LOCALS
        case _:
            return after | _used(part)


def _handled(handlers: tuple[checked.Handler, ...], after: Locals) -> Locals:
    return NO_LOCALS.union(*(_live_before(handler.body, after) for handler in handlers))


def _given(statement: checked.Statement) -> Locals:
    """The local that a request gives a value to, refused or not, once its handlers are done."""
    match statement:
        case checked.Let(local) | checked.Assign(checked.LocalPlace(local)):
            return frozenset({local.id})
        case _:
            return NO_LOCALS


def _changed_in(place: checked.Place) -> Locals:
    """The local that holds the map whose entry a place is: its other entries stay."""
    while isinstance(place, checked.EntryPlace):
        place = place.map
    return frozenset({place.local.id}) if isinstance(place, checked.LocalPlace) else NO_LOCALS


def _used(node: object) -> Locals:
    """The locals that the expressions of a part of the tree use."""
    found = set()
    for expr in subexpressions(node):
        match expr:
            case checked.LocalUse(local) | checked.CopyRead(local):
                found.add(local.id)
            case _:
                pass
    return frozenset(found)
