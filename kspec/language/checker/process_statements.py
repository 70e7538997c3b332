"""What only processes have: locals that change, loops, and points where others may act."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kspec.language import checked, tree
from kspec.language.checker.binders import check_binder
from kspec.language.checker.narrowing import when_false, when_true
from kspec.language.checker.request_statements import always_ends
from kspec.language.checker.scope import PathKey, Scope
from kspec.language.checker.type_nodes import resolve_stored_type
from kspec.language.codes import Code

if TYPE_CHECKING:
    from kspec.language.checker.statements import BodyChecker


def check_local(body: BodyChecker, node: tree.LocalVar) -> checked.Statement:
    type = resolve_stored_type(body.checker, body.scope.module, node.type)
    value = body.checker.want(body.scope, node.value, type, f"`{node.name.text}`")
    scope, local = body.checker.bind(body.scope, node.name, type)
    body.scope = replace(scope, assignable=scope.assignable | {local.id})
    return checked.LocalVar(local, value, node.span)


def check_await(body: BodyChecker, node: tree.Await) -> checked.Statement:
    body.scope = body.scope.later()
    condition = body.checker.condition(body.scope, node.condition, "`await`")
    body.scope = body.scope.knowing(when_true(condition))
    return checked.Await(condition, node.span)


def check_while(body: BodyChecker, node: tree.While) -> checked.Statement:
    before = _at_head(body.scope)
    condition = body.checker.condition(before, node.condition, "the condition of `while`")
    body.scope = before.knowing(when_true(condition))
    inner = body.block(node.body)
    body.scope = before.knowing(when_false(condition))
    if not _always_yields(inner):
        message = "a way through this loop has no `yield`: it might go round for ever in one step"
        body.report(Code.KS309, message, node.span, "write `yield` at the end of its body")
    return checked.While(condition, inner, node.span)


def check_for_each(body: BodyChecker, node: tree.ForEach) -> checked.Statement | None:
    outer = body.scope
    bound = check_binder(body.checker, outer, node.binder)
    if len(bound.variables) != 1:
        body.report(Code.KS302, "a `for each` has one variable", node.binder.span, "write one inside the other")
        return None
    body.scope = _at_head(bound.scope)
    inner = body.block(node.body)
    body.scope = _at_head(outer)
    return checked.ForEach(bound.variables[0], bound.where, inner, node.span)


def _at_head(scope: Scope) -> Scope:
    """What is known whenever a loop begins anew: others may have acted, locals and copies may have changed."""
    lasting = scope.later()
    known = frozenset(key for key in lasting.known if not _may_change(key, scope))
    return replace(lasting, known=known)


def _may_change(key: PathKey, scope: Scope) -> bool:
    """Whether an earlier round may have changed a local: a `var`, or the contents of a copy."""
    return key[0] == "local" and (key[1] in scope.assignable or len(key) > 2)


def _always_yields(body: tuple[checked.Statement, ...]) -> bool:
    """Whether every way through the statements that gets to their end yields."""
    if always_ends(body):
        return True
    for statement in body:
        match statement:
            case checked.Yield() | checked.Await():
                return True
            case checked.If(_, then, otherwise) if _always_yields(then) and _always_yields(otherwise):
                return True
            case checked.Either(branches) if all(map(_always_yields, branches)):
                return True
            case _:
                pass
    return False
