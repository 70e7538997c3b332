"""Reading in the middle of a body.

A system knows the state before the step only. What a body wrote before is in its writes, so a read is a chain of
conditions over them, the latest first, with the state before the step at its end.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kspec.lower import names
from kspec.lower.build import conditional, conjunction, disjunction, equal, is_atom, literal
from kspec.lower.scope import Scope
from kspec.lower.views import reading as views
from kspec.lower.views.reading import Eyes, eyes
from kspec.lower.walk import substitute
from kspec.system.expressions import (
    FALSE,
    TRUE,
    Contains,
    Domain,
    Existing,
    Expr,
    FailureKind,
    IsAlive,
    Let,
    Literal,
    Members,
    Moment,
    Read,
    Require,
    Use,
)
from kspec.system.sorts import ObjectSort
from kspec.system.spans import Span
from kspec.system.system import ALIVE, FREE, STATUS, Role
from kspec.system.transitions import Write

if TYPE_CHECKING:
    from kspec.lower.context import Context

LIVE = Literal(ALIVE, STATUS)


def read(context: Context, scope: Scope, variable: str, index: tuple[Expr, ...], span: Span) -> Expr:
    """The value of a variable where `scope` is; fails where it belongs to an object that is not alive then."""
    declared = context.variables[variable]
    if declared.constant is not None:
        return _constant(context, variable, index, scope, span)
    if declared.role is Role.FIELD:
        assert isinstance(index[0].sort, ObjectSort)
        seen = eyes(context, scope, index[0].sort.kind)
        if seen is not None:
            return _read_in_view(context, scope, seen, variable, index[0], span)
    if scope.in_step and declared.role is Role.CONST_FIELD:
        return _const_field(context, scope, variable, index[0], span)
    guarded = bool(index) and declared.role in (Role.FIELD, Role.COMPONENT)
    if not scope.writes or not index or is_atom(index[0]):
        return _read_at(context, scope, variable, index, guarded, span)
    local = context.fresh("object", index[0].sort)
    return Let(local, index[0], _read_at(context, scope, variable, (Use(local),), guarded, span))


def is_there(context: Context, scope: Scope, item: Expr) -> Expr:
    """Whether an object, given as an atom, exists where the scope looks: in the reader's view, or in the store."""
    assert isinstance(item.sort, ObjectSort)
    seen = eyes(context, scope, item.sort.kind)
    if seen is None:
        return is_alive(context, scope, item)
    if views.is_held(scope, item):
        return TRUE
    return seen.holds(item, is_alive(context, replace(scope.in_store(), alive=frozenset()), item))


def is_behind(context: Context, scope: Scope, item: Expr) -> Expr:
    """Whether the reader has not seen the last event of an object, given as an atom."""
    assert isinstance(item.sort, ObjectSort)
    seen = eyes(context, scope, item.sort.kind)
    return FALSE if seen is None else seen.is_behind(item)


def is_alive(context: Context, scope: Scope, item: Expr) -> Expr:
    """Whether an object, given as an atom, is alive in the store where `scope` is."""
    if certainly_alive(context, scope, item):
        return TRUE
    assert isinstance(item.sort, ObjectSort)
    result: Expr = IsAlive(item, scope.moment)
    for write in _writes_of(scope, names.status(item.sort.kind)):
        lives = TRUE if write.value == LIVE else FALSE
        condition = _reaches(context, scope, write, (item,))
        result = disjunction(condition, result) if lives == TRUE else conditional(condition, FALSE, result)
    return result


def certainly_alive(context: Context, scope: Scope, item: Expr) -> bool:
    assert isinstance(item.sort, ObjectSort)
    if context.kind(item.sort.kind).permanent:
        return True
    return isinstance(item, Use) and (item.local.id, scope.moment) in scope.alive


def changes_lives(scope: Scope, kind: str) -> bool:
    """Whether the body created or deleted objects of the kind before."""
    return any(_writes_of(scope, names.status(kind)))


def value_over(context: Context, scope: Scope, variable: str, index: tuple[Expr, ...], before: Expr) -> Expr:
    """The value of a place, its index atoms, where `scope` is; `before` is its value before the step."""
    result = before
    for write in _writes_of(scope, variable):
        result = conditional(_reaches(context, scope, write, index), _value(context, write, index), result)
    return result


def _read_in_view(context: Context, scope: Scope, seen: Eyes, variable: str, item: Expr, span: Span) -> Expr:
    if not is_atom(item):
        local = context.fresh("object", item.sort)
        return Let(local, item, _read_in_view(context, scope, seen, variable, Use(local), span))
    before = Read(variable, (item,), context.variables[variable].sort, scope.moment)
    written = value_over(context, scope, variable, (item,), before)
    return views.read(seen, variable, item, is_there(context, scope, item), written, span)


def _read_at(context: Context, scope: Scope, variable: str, index: tuple[Expr, ...], guarded: bool, span: Span) -> Expr:
    sort = context.variables[variable].sort
    if not guarded or certainly_alive(context, scope, index[0]):
        return value_over(context, scope, variable, index, Read(variable, index, sort, scope.moment, False, span))
    assert isinstance(index[0].sort, ObjectSort)
    if not changes_lives(scope, index[0].sort.kind):
        # Only objects that are alive before the step were written, so that the chain needs no check of its own.
        return value_over(context, scope, variable, index, Read(variable, index, sort, scope.moment, True, span))
    value = value_over(context, scope, variable, index, Read(variable, index, sort, scope.moment, False, span))
    message = f"{variable} of an object that no longer exists"
    return Require(is_alive(context, scope, index[0]), value, FailureKind.LIVE_REFERENCES, message, span, index[0])


def _constant(context: Context, variable: str, index: tuple[Expr, ...], scope: Scope, span: Span) -> Expr:
    """A variable that never changes; folded where the place is known. Its index is one object, or nothing."""
    declared = context.variables[variable]
    assert declared.constant is not None
    match index:
        case ():
            return literal(declared.constant[0], declared.sort)
        case (Literal(int(slot)),):
            return literal(declared.constant[slot], declared.sort)
        case _:
            return Read(variable, index, declared.sort, scope.moment, False, span)


def _const_field(context: Context, scope: Scope, variable: str, item: Expr, span: Span) -> Expr:
    """A const or key field where there are two states: it is the same in both, but one of them may not have the
    object, created by the step or forgotten by it."""
    if not is_atom(item):
        local = context.fresh("object", item.sort)
        return Let(local, item, _const_field(context, scope, variable, Use(local), span))
    assert isinstance(item.sort, ObjectSort)
    here, there = scope.moment, Moment.NEW if scope.moment is Moment.OLD else Moment.OLD
    sort = context.variables[variable].sort
    in_here, in_there = (Read(variable, (item,), sort, moment, False, span) for moment in (here, there))
    if certainly_alive(context, scope, item):
        return in_here
    if certainly_alive(context, scope.at(there), item):
        return in_there
    status = Read(names.status(item.sort.kind), (item,), STATUS, here)
    return conditional(equal(status, Literal(FREE, STATUS)), in_there, in_here)


def _writes_of(scope: Scope, variable: str) -> list[Write]:
    return [write for write in scope.writes if write.variable == variable]


def _reaches(context: Context, scope: Scope, write: Write, index: tuple[Expr, ...]) -> Expr:
    """Whether an earlier write of the body was to this place."""
    if write.each:
        (binding,) = write.each
        (item,) = index
        condition = substitute(write.condition, {binding.local.id: item}, context.fresh)
        return conjunction(_in_domain(item, binding.domain), condition)
    same = [equal(written, wanted) for written, wanted in zip(write.index, index, strict=True)]
    return conjunction(*same, _unless_known(scope, write.condition))


def _value(context: Context, write: Write, index: tuple[Expr, ...]) -> Expr:
    if not write.each:
        return write.value
    return substitute(write.value, {write.each[0].local.id: index[0]}, context.fresh)


def _unless_known(scope: Scope, condition: Expr) -> Expr:
    return TRUE if isinstance(condition, Use) and condition.local.id in scope.known else condition


def _in_domain(item: Expr, domain: Domain) -> Expr:
    match domain:
        case Existing(_, moment):
            return IsAlive(item, moment)
        case Members(collection):
            return Contains(item, collection)
        case _:
            return TRUE
