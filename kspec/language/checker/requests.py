"""What the API server does beside storing objects: declared requests, and admissions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kspec.language import checked, tree
from kspec.language.checker.binders import check_groups
from kspec.language.checker.narrowing import when_true
from kspec.language.checker.scope import Purpose, Scope
from kspec.language.checker.statements import BodyChecker, Setting
from kspec.language.codes import Code
from kspec.language.diagnostics import near_or_known
from kspec.language.types import KindType
from kspec.language.walk import statements, subexpressions
from kspec.system.spans import Span

if TYPE_CHECKING:
    from kspec.language.checker.expressions import ExpressionChecker


def declare_requests(checker: ExpressionChecker) -> None:
    """The parameters of every request."""
    for entity in checker.context.names.entities:
        if not isinstance(entity.node, tree.Request):
            continue
        for group in entity.node.parameters:
            if group.source is not None:
                message = "a parameter of a request has a type"
                checker.context.report(Code.KS203, message, group.span, f"write `{group.names[0].text}: …`")
        scope = Scope(entity.module, Purpose.ACTION, {})
        scope, parameters = check_groups(checker, scope, entity.node.parameters, given=True)
        checker.context.requests[entity.name] = (scope, parameters)


def check_requests(checker: ExpressionChecker) -> dict[str, checked.Request]:
    found = {}
    for entity in checker.context.names.entities:
        if isinstance(entity.node, tree.Request) and entity.name in checker.context.requests:
            scope, parameters = checker.context.requests[entity.name]
            found[entity.name] = _check(checker, entity.name, entity.node, scope, parameters)
    _report_circles(checker, found)
    return found


def _check(
    checker: ExpressionChecker,
    name: str,
    node: tree.Request,
    scope: Scope,
    parameters: tuple[checked.Variable, ...],
) -> checked.Request:
    guards = []
    for guard in node.guards:
        condition = checker.condition(scope, guard, "`when`")
        scope = scope.knowing(when_true(condition))
        guards.append(checked.Guard(condition, guard.span))
    body = BodyChecker(checker, scope, Setting.REQUEST).block(node.body)
    return checked.Request(name, parameters, tuple(guards), body, node.name.span)


def _report_circles(checker: ExpressionChecker, requests: dict[str, checked.Request]) -> None:
    calls = {
        name: [(found.request, found.span) for found in statements(request.body) if isinstance(found, checked.Call)]
        for name, request in requests.items()
    }
    done: set[str] = set()
    for start in calls:
        open_calls: list[tuple[str, int]] = [(start, 0)]
        while open_calls:
            name, at = open_calls.pop()
            if name in done:
                continue
            if at == len(calls[name]):
                done.add(name)
                continue
            open_calls.append((name, at + 1))
            called, span = calls[name][at]
            if any(called == other for other, _ in open_calls):
                message = f"`{called}` calls itself"
                checker.context.report(Code.KS311, message, span, "a request cannot call one that calls it")
                return
            if called in calls:
                open_calls.append((called, 0))


def check_admissions(checker: ExpressionChecker) -> tuple[checked.Admission, ...]:
    found = []
    for module in checker.context.program.modules:
        for node in module.file.declarations:
            if isinstance(node, tree.Admit):
                admission = _admission(checker, module.name, node)
                if admission is not None:
                    found.append(admission)
    return tuple(found)


def _admission(checker: ExpressionChecker, module: str, node: tree.Admit) -> checked.Admission | None:
    entity = checker.context.names.find(module, node.kind)
    if entity is None or not isinstance(entity.node, tree.Kind):
        hint = near_or_known(str(node.kind), checker.context.kinds)
        checker.context.report(Code.KS101, f"there is no kind `{node.kind}`", node.kind.span, hint)
        return None
    if node.verb not in ("create", "update"):
        hint = "write `admit create` or `admit update`"
        checker.context.report(Code.KS310, f"`{node.verb}` is not guarded", node.span, hint)
        return None
    if node.verb == "create" and checker.context.kinds[entity.name].single:
        message = f"`{entity.name}` has one object, which always exists"
        checker.context.report(Code.KS106, message, node.kind.span, "write `admit update`")
        return None
    scope, local = checker.bind(Scope(module, Purpose.ADMISSION, {}), node.variable, KindType(entity.name))
    condition = checker.condition(scope, node.condition, "`when`")
    if node.verb == "create":
        _check_before_creation(checker, condition, local)
    return checked.Admission(node.verb, entity.name, local, condition, node.span)


def _check_before_creation(checker: ExpressionChecker, condition: checked.Expr, local: checked.Local) -> None:
    """In `admit create` the object is not there yet: it has the fields that are asked for, and equals no object."""
    within: set[Span] = set()
    for expr in subexpressions(condition):
        match expr:
            case checked.FieldRead(checked.LocalUse(used, _, span)) if used.id == local.id:
                within.add(span)
            case checked.Compare(_, left, right):
                within |= {side.span for side in (left, right)}
            case checked.Old():
                hint = "write what is asked for without `old`; the store is seen as it is before the request"
                checker.context.report(Code.KS401, "there is nothing before a create", expr.span, hint)
            case checked.LocalUse(used, _, span) if used.id == local.id and span not in within:
                hint = f"read its fields (`{local.name}.…`), or compare it with `==` or `!=`"
                message = f"`{local.name}` is not there yet: only its fields are known"
                checker.context.report(Code.KS310, message, span, hint)
            case _:
                pass
