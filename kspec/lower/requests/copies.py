"""Copies: what `get` reads, and `update`, which writes an object unless someone did since."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kspec.language import checked
from kspec.language.walk import subexpressions
from kspec.lower import build, names, staging
from kspec.lower.path import Path
from kspec.lower.requests import authority
from kspec.lower.requests.assignments import judge_contents, judge_object
from kspec.lower.requests.judgement import CONFLICT, MISSING, UNREACHABLE, Judgement
from kspec.lower.scope import Copy, Scope
from kspec.lower.stored import store
from kspec.lower.views.reading import eyes
from kspec.system.expressions import FALSE, TRUE, Expr, Read
from kspec.system.sorts import ObjectSort

if TYPE_CHECKING:
    from kspec.lower.expressions import ExpressionLowering

Fields = dict[int, tuple[str, ...]]
"""By the local that holds a copy: the fields of it that the body looks at."""


def fields_of_copies(bodies: tuple[tuple[checked.Statement, ...], ...]) -> Fields:
    found: dict[int, dict[str, None]] = {}
    for expr in subexpressions(bodies):
        if isinstance(expr, checked.CopyRead):
            found.setdefault(expr.copy.id, {})[expr.field] = None
    return {local: tuple(fields) for local, fields in found.items()}


def lower_get(
    lowering: ExpressionLowering, path: Path, get: checked.Get, fields: tuple[str, ...]
) -> tuple[Judgement, Copy]:
    """Reads an object where the reader looks; a live read needs the API server."""
    context = lowering.context
    item = path.evaluate("object", lowering.lower(get.object, path.scope()))
    scope = path.scope().in_store() if get.fresh else path.scope()
    judgement = Judgement(path, f"get {get.kind}", get.span, item)
    judgement.where = scope
    if get.fresh:
        judgement.refuse(UNREACHABLE, authority.unreachable(path.actor))
    judgement.refuse(MISSING, build.negate(staging.is_there(context, scope, item)))
    contents = {}
    with judgement.only_if_it_proceeds():
        path.remember_seen(item, scope)
        seen = path.scope().in_store() if get.fresh else path.scope()
        for name in fields:
            read = staging.read(context, seen, names.field(get.kind, name), (item,), get.span)
            contents[name] = path.evaluate(name, read)
        unseen = build.disjunction(staging.is_behind(context, scope, item), _wrote_unseen(lowering, path, scope, item))
        current = path.holds("current", build.negate(unseen))
    return judgement, Copy(get.kind, item, contents, current)


def lower_update(lowering: ExpressionLowering, path: Path, update: checked.Update) -> Judgement:
    """Writes fields of the object that a copy is of, if it still is current; then it holds the new contents."""
    copy = path.copies[update.copy.id]
    values = []
    for name, expr in update.fields:
        variable = names.field(update.kind, name)
        sort = lowering.context.variables[variable].sort
        value = store(lowering, path, lowering.lower(expr, path.scope()), sort, variable, expr.span)
        values.append((name, variable, value))
    fields = tuple(name for name, _, _ in values)
    judgement = judge_object(lowering, path, "update", update.kind, fields, copy.item, update.span)
    judgement.refuse(CONFLICT, build.negate(copy.current))
    start = len(path.writes)
    for _, variable, value in values:
        path.write(variable, (copy.item,), value, judgement.proceeds)
    judge_contents(lowering, judgement, update.kind, start)
    contents = dict(copy.contents)
    for name, _, value in values:
        if name in contents:
            contents[name] = path.define(name, build.conditional(judgement.proceeds, value, contents[name]))
    path.copies[update.copy.id] = replace(copy, contents=contents)
    return judgement


def _wrote_unseen(lowering: ExpressionLowering, path: Path, scope: Scope, item: Expr) -> Expr:
    """Whether the body changed the object before and the reader does not see that yet."""
    assert isinstance(item.sort, ObjectSort)
    seen = eyes(lowering.context, scope, item.sort.kind)
    if seen is None or seen.shows_own_writes() == TRUE:
        return FALSE
    changed = changed_by(lowering, path, 0, item.sort.kind, item)
    return build.conjunction(build.negate(seen.shows_own_writes()), changed)


def outdate(lowering: ExpressionLowering, path: Path, first: int, updated: int | None) -> None:
    """The writes of the path from the position `first` on make every copy of what they change old, except that in the
    local `updated`."""
    for local, copy in path.copies.items():
        if local == updated:
            continue
        changed = changed_by(lowering, path, first, copy.kind, copy.item)
        current = build.conjunction(copy.current, build.negate(changed))
        path.copies[local] = replace(copy, current=path.define("current", current))


def changed_by(lowering: ExpressionLowering, path: Path, first: int, kind: str, item: Expr) -> Expr:
    """Whether the writes of the path from the position `first` on leave an object, given as an atom, other than it was
    before them; wherever the body got."""
    context = lowering.context
    after = replace(path.scope().in_store(), known=frozenset())
    before = replace(after, writes=after.writes[:first])
    assert isinstance(item.sort, ObjectSort)
    written = {write.variable for write in path.writes[first:]}
    changes = []
    for variable in context.variables.values():
        if variable.name in written and variable.index == (item.sort,) and names.is_of_kind(variable.name, kind):
            read = Read(variable.name, (item,), variable.sort)
            old = staging.value_over(context, before, variable.name, (item,), read)
            new = staging.value_over(context, after, variable.name, (item,), read)
            changes.append(build.negate(build.equal(new, old)))
    return build.disjunction(*changes)
