"""Assignments and deletes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kspec.language import checked
from kspec.lower import build, names, staging
from kspec.lower.path import Path
from kspec.lower.requests import admission, authority
from kspec.lower.requests.judgement import DENIED, MISSING, UNREACHABLE, Judgement
from kspec.lower.requests.places import Root, describe_place, place_sort, root_and_keys, root_variable
from kspec.lower.stored import check_keys, lower_keys, store, with_entry
from kspec.lower.walk import variables_read
from kspec.system.expressions import Expr, FailureKind, Literal, Read
from kspec.system.meanings import Reason
from kspec.system.sorts import ObjectSort, zero
from kspec.system.spans import Span
from kspec.system.system import DELETED, STATUS

if TYPE_CHECKING:
    from kspec.lower.expressions import ExpressionLowering


@dataclass(frozen=True, slots=True)
class Target:
    """What an assignment writes: the place, its keys and the value evaluated."""

    root: Root
    variable: str
    keys: tuple[Expr, ...]
    value: Expr
    span: Span


def lower_group(
    lowering: ExpressionLowering, path: Path, assignments: tuple[checked.Assign, ...], first: Expr | None
) -> Judgement:
    """A request; another one begins where an assignment changed what tells which object the expression means: what
    comes before that ends the body where it is refused. `first` is the first value, where it is known already."""
    judgement, done = _lower_request(lowering, path, assignments, first)
    while done < len(assignments):
        judgement.end_where_refused()
        path.remember_alive(judgement.item)
        judgement, more = _lower_request(lowering, path, assignments[done:], None)
        done += more
    return judgement


def lower_assignment(
    lowering: ExpressionLowering, path: Path, assignment: checked.Assign, known: Expr | None = None
) -> None:
    """An assignment to a variable, which is no request."""
    target = _target(lowering, path, assignment, known)
    if isinstance(target.root, checked.LocalPlace):
        _assign_local(path, target.root.local, target)
        return
    index = _instance(lowering, path, target.root, target.variable)
    _write(lowering, path, target, index, path.condition)


def lower_delete(lowering: ExpressionLowering, path: Path, statement: checked.Delete) -> Judgement:
    item = path.evaluate("object", lowering.lower(statement.object, path.scope()))
    assert isinstance(item.sort, ObjectSort)
    judgement = judge_object(lowering, path, "delete", item.sort.kind, (), item, statement.span)
    path.write(names.status(item.sort.kind), (item,), Literal(DELETED, STATUS), judgement.proceeds)
    path.forget_lives(item.sort.kind)
    judgement.lives = None
    return judgement


def judge_object(
    lowering: ExpressionLowering, path: Path, verb: str, kind: str, fields: tuple[str, ...], item: Expr, span: Span
) -> Judgement:
    """What refuses a request to an object before its contents are looked at."""
    judgement = Judgement(path, f"{verb} {kind}", span, item)
    there = path.scope().in_store()
    judgement.refuse(UNREACHABLE, authority.unreachable(path.actor))
    denied = authority.denied_object(lowering, path.actor, verb, kind, fields, item, there)
    judgement.refuse(DENIED, denied, Reason.PERMISSION, authority.lacking(path.actor, verb, kind, fields))
    judgement.refuse(MISSING, build.negate(staging.is_alive(lowering.context, there, item)))
    return judgement


def judge_contents(lowering: ExpressionLowering, judgement: Judgement, kind: str, first: int) -> None:
    """Admission of an update whose writes are those of the path from the position `first` on."""
    item, path, context = judgement.item, judgement.path, lowering.context
    assert item is not None
    assert isinstance(item.sort, ObjectSort)
    if path.actor.is_environment or not admission.is_guarded(lowering, "update", kind):
        return
    after = path.scope().in_store()
    fields = {}
    for field in context.model.kinds[kind].fields:
        variable = names.field(kind, field.name)
        if any(write.variable == variable for write in path.writes[first:]):
            before = Read(variable, (item,), context.variables[variable].sort)
            fields[field.name] = staging.value_over(context, after, variable, (item,), before)
    scope = path.scope_before(first).in_store()
    judgement.undo(first, admission.refused(lowering, path.actor, "update", item.sort, item, fields, scope))


def _lower_request(
    lowering: ExpressionLowering, path: Path, assignments: tuple[checked.Assign, ...], first: Expr | None
) -> tuple[Judgement, int]:
    """The request that the first assignments make, and how many they are."""
    target = _target(lowering, path, assignments[0], first)
    root = target.root
    assert isinstance(root, checked.FieldPlace)
    expr = lowering.lower(root.object, path.scope())
    item = path.evaluate("object", expr)
    count = _length(assignments, variables_read(expr))
    roots = [root_and_keys(assignment.place)[0] for assignment in assignments[:count]]
    fields = tuple(dict.fromkeys(found.field for found in roots if isinstance(found, checked.FieldPlace)))
    judgement = judge_object(lowering, path, "update", root.kind, fields, item, assignments[0].span)
    start = len(path.writes)
    _write(lowering, path, target, (item,), judgement.proceeds)
    for assignment in assignments[1:count]:
        target = _target(lowering, path, assignment, None)
        _write(lowering, path, target, (item,), judgement.proceeds)
    judge_contents(lowering, judgement, root.kind, start)
    return judgement, count


def _length(assignments: tuple[checked.Assign, ...], reads: frozenset[str]) -> int:
    """How many assignments there are up to one that writes what the object's expression reads."""
    for number, assignment in enumerate(assignments, start=1):
        if root_variable(root_and_keys(assignment.place)[0]) in reads:
            return number
    return len(assignments)


def _target(lowering: ExpressionLowering, path: Path, assignment: checked.Assign, known: Expr | None) -> Target:
    """Evaluates the right side, unless it is known, checks its range, then evaluates the keys."""
    place = assignment.place
    root, keys = root_and_keys(place)
    value = known
    if value is None:
        assert not isinstance(assignment.value, checked.Create)
        value = lowering.lower(assignment.value, path.scope())
    sort = place_sort(lowering, place)
    stored = store(lowering, path, value, sort, describe_place(place), assignment.span)
    return Target(root, root_variable(root), lower_keys(lowering, path, keys), stored, place.span)


def _write(lowering: ExpressionLowering, path: Path, target: Target, index: tuple[Expr, ...], condition: Expr) -> None:
    value = target.value
    if target.keys:
        context, variable = lowering.context, target.variable
        sort = context.variables[variable].sort
        check_keys(path, target.keys, sort, condition, variable, target.span)
        before = Read(variable, index, sort)
        held = path.evaluate(variable, staging.value_over(context, path.scope().in_store(), variable, index, before))
        changed = with_entry(held, target.keys, value)
        value = path.define(variable, build.conditional(condition, changed, Literal(zero(sort), sort)))
    path.write(target.variable, index, value, condition)


def _assign_local(path: Path, local: checked.Local, target: Target) -> None:
    held = path.locals.get(local.id)
    if held is None:
        # Nothing needed the value that it had before, so that the state does not hold it any more.
        path.locals[local.id] = path.define(local.name, target.value)
        return
    if target.keys:
        check_keys(path, target.keys, held.sort, path.condition, local.name, target.span)
    changed = with_entry(held, target.keys, target.value)
    path.locals[local.id] = path.define(local.name, build.conditional(path.condition, changed, held))


def _instance(lowering: ExpressionLowering, path: Path, root: Root, variable: str) -> tuple[Expr, ...]:
    """The component's instance, which must be alive: its variables are no API objects, and no request writes them."""
    if not isinstance(root, checked.ComponentPlace) or root.instance is None:
        return ()
    item = path.evaluate("instance", lowering.lower(root.instance, path.scope()))
    alive = staging.is_alive(lowering.context, path.scope().in_store(), item)
    path.check(alive, FailureKind.LIVE_REFERENCES, f"{variable} of an object that no longer exists", root.span)
    return (item,)
