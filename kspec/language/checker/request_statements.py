"""Requests in bodies beside assignments: get, update, calls, and what is done where a request is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from kspec.language import checked, tree
from kspec.language.checker.authority import one_permission
from kspec.language.checker.narrowing import path_key
from kspec.language.checker.paths import copied_kind, report_no_field
from kspec.language.checker.places import written_key, written_object
from kspec.language.checker.scope import Scope
from kspec.language.checker.typing import describe, is_option, short
from kspec.language.codes import Code
from kspec.language.diagnostics import did_you_mean
from kspec.language.types import ErrorType, KindType, OptionType
from kspec.system.spans import Span

if TYPE_CHECKING:
    from kspec.language.checker.statements import BodyChecker

_DELETING: Final = frozenset({"delete", "destroy", "remove"})
"""What other languages call the operation of an object that deletes it."""

RESULTS: Final = ("unreachable", "denied", "missing", "conflict", "taken")


def check_get(body: BodyChecker, node: tree.Get) -> checked.Get | None:
    target = body.checker.check(body.scope, node.object)
    if body.checker.is_error(target) or body.checker.present(target, "it is read") is None:
        return None
    if not isinstance(target.type, KindType):
        body.report(Code.KS201, f"`get` wants an object, not {describe(target.type)}", target.span)
        return None
    return checked.Get(target, target.type.name, node.fresh, node.span)


def check_update(body: BodyChecker, node: tree.Update) -> checked.Statement | None:
    local = body.scope.locals.get(node.target.name.text) if isinstance(node.target, tree.NameUse) else None
    kind = None if local is None else copied_kind(local)
    if local is not None and isinstance(local.type, ErrorType):
        return None
    if local is None or kind is None:
        hint = "read it before, `let x = get p`, and write `update x { … }`; an assignment writes without looking"
        body.report(Code.KS201, "`update` wants what a `get` has read", node.target.span, hint)
        return None
    target = body.checker.check(body.scope, node.target)
    if body.checker.present(target, "it is updated") is None:
        return None
    info = body.checker.context.kinds[kind]
    given: dict[str, checked.Expr] = {}
    for item in node.fields:
        name = item.path.parts[0]
        if len(item.path.parts) > 1 or name.text not in info.fields:
            report_no_field(body.checker, info, tree.Name(str(item.path), item.path.span))
            continue
        field = info.fields[name.text]
        if field.modifier is not None:
            body.report(Code.KS301, f"`{kind}.{field.name}` never changes", item.span)
            continue
        if name.text in given:
            body.report(Code.KS306, f"`{name.text}` is given twice", item.span, "keep one of them")
            continue
        if isinstance(item.value, tree.AnyOf | tree.AnyIn | tree.Create):
            hint = "give it a name with `let` before"
            body.report(Code.KS201, "the value of a field is an expression here", item.span, hint)
            continue
        given[name.text] = body.checker.want(body.scope, item.value, field.type, f"the field `{name.text}`")
    if not node.fields:
        body.report(Code.KS303, "an `update` without a field changes nothing", node.span, "write `{ field = value }`")
    body.forget_fields(kind, given)
    for field_name in given:
        body.forget(("local", local.id, field_name))
    return checked.Update(local, kind, tuple(given.items()), node.span)


def check_call(body: BodyChecker, node: tree.CallStatement) -> checked.Statement | None:
    name = body.checker.context.text(node.span).partition("(")[0].strip()
    if not isinstance(node.call, tree.Call):
        _report_no_request(body, name, node.span)
        return None
    path = _path(node.call.base)
    entity = None if path is None else body.checker.context.names.find(body.scope.module, path)
    if entity is None or not isinstance(entity.node, tree.Request):
        _report_no_request(body, name, node.span)
        return None
    known = body.checker.context.requests.get(entity.name)
    parameters = () if known is None else known[1]
    if len(parameters) != len(node.call.arguments):
        message = f"`{entity.name}` takes {len(parameters)} arguments, not {len(node.call.arguments)}"
        wanted = ", ".join(f"{variable.local.name}: {short(variable.local.type)}" for variable in parameters)
        body.report(Code.KS204, message, node.span, f"write `{entity.name}({wanted})`")
        return None
    arguments = tuple(
        body.checker.want(body.scope, argument, variable.local.type, f"`{variable.local.name}` of `{entity.name}`")
        for argument, variable in zip(node.call.arguments, parameters, strict=True)
    )
    body.scope = body.scope.later()  # what the request writes is not known here
    return checked.Call(entity.name, arguments, node.span)


def check_handled(body: BodyChecker, node: tree.Handled) -> checked.Statement | None:
    before = body.scope
    statement = body.statement(node.statement)
    after = body.scope
    refused = _unwritten(before, statement)
    possible = () if statement is None else _results(statement)
    if statement is not None and not possible:
        body.report(Code.KS308, "this is no request, and is never refused", node.span, "remove the handlers")
    handlers = []
    goes_on = False
    said: set[str] = set()
    known = after.known
    for handler in node.handlers:
        for name in handler.results:
            _check_result(body, name, possible, said)
        body.scope = refused
        found = body.block(handler.body)
        handlers.append(checked.Handler(tuple(name.text for name in handler.results), found, handler.span))
        if not always_ends(found):
            goes_on = True
            known &= body.scope.known
    body.scope = replace(after, known=known)
    if statement is None:
        return None
    if goes_on:
        statement = _maybe_none(body, statement)
    return checked.Handled(statement, tuple(handlers), node.span)


def _unwritten(scope: Scope, statement: checked.Statement | None) -> Scope:
    """What is known where a request was refused: not what earlier assignments of its group seemed to tell."""
    match statement:
        case checked.Assign(place) if (target := written_object(place)) is not None:
            base = path_key(target)
            known = frozenset(key for key in scope.known if not (key[0] == "field" and key[3:] == (base,)))
            return replace(scope, known=known)
        case _:
            return scope


def check_revoke(body: BodyChecker, node: tree.Revoke) -> checked.Statement | None:
    found = one_permission(body.checker, body.scope, node.component, node.permission)
    if found is None:
        return None
    info, target = found
    if node.permission.verb == "get":
        message = "reading cannot be revoked: whether a component may get a kind is decided before the model runs"
        hint = f"revoke what it writes: `revoke {info.name} update {target.kind.name}`"
        body.report(Code.KS310, message, node.span, hint)
        return None
    return checked.Revoke(info.name, node.permission.verb, target.kind.name, target.field, node.span)


def always_ends(body: tuple[checked.Statement, ...]) -> bool:
    """Whether no way through the statements goes on behind them."""
    for statement in body:
        match statement:
            case checked.Return() | checked.Deny():
                return True
            case checked.If(_, then, otherwise) if always_ends(then) and always_ends(otherwise):
                return True
            case checked.Either(branches) if all(map(always_ends, branches)):
                return True
            case _:
                pass
    return False


def _maybe_none(body: BodyChecker, statement: checked.Statement) -> checked.Statement:
    """What a refused request would have given is none, where the body goes on."""
    match statement:
        case checked.Let(local, checked.Create() | checked.Get()):
            local = replace(local, type=OptionType(local.type))
            body.scope = body.scope.bind(local)
            return replace(statement, local=local)
        case checked.Assign(place, checked.Create(_, _, span)) if not is_option(place.type):
            hint = "end the body in the handler: `on denied { return }`, or give the place an option type"
            body.report(Code.KS202, "where the create is refused, there is nothing to assign", span, hint)
        case checked.Assign(place, checked.Create()):
            body.forget(written_key(place))
        case _:
            pass
    return statement


def _results(statement: checked.Statement) -> tuple[str, ...]:
    """The results that a request can have, other than ok."""
    match statement:
        case checked.CreateStatement() | checked.Let(_, checked.Create()) | checked.Assign(_, checked.Create()):
            return ("unreachable", "denied", "taken")
        case checked.GetStatement() | checked.Let(_, checked.Get()):
            return ("unreachable", "denied", "missing")
        case checked.Assign(place) if _is_field(place):
            return ("unreachable", "denied", "missing")
        case checked.Delete():
            return ("unreachable", "denied", "missing")
        case checked.Update() | checked.Call():
            return RESULTS
        case _:
            return ()


def _is_field(place: checked.Place) -> bool:
    while isinstance(place, checked.EntryPlace):
        place = place.map
    return isinstance(place, checked.FieldPlace)


def _check_result(body: BodyChecker, name: tree.Name, possible: tuple[str, ...], said: set[str]) -> None:
    if name.text in said:
        body.report(Code.KS308, f"`on {name.text}` stands here twice", name.span, "keep one of them")
    said.add(name.text)
    if not possible or name.text in possible:
        return
    if name.text in RESULTS:
        hint = f"it can be {', '.join(possible)}"
        body.report(Code.KS308, f"this request is never `{name.text}`", name.span, hint)
        return
    hint = did_you_mean(name.text, RESULTS) or f"the results are {', '.join(RESULTS)}"
    body.report(Code.KS308, f"there is no result `{name.text}`", name.span, hint)


def _report_no_request(body: BodyChecker, name: str, span: Span) -> None:
    target, _, operation = name.rpartition(".")
    hint = f"write `delete {target}`" if target and operation.lower() in _DELETING else None
    if hint is None:
        hint = did_you_mean(name, (known for known in body.checker.context.requests if known != name))
    if hint is None:
        hint = "a statement assigns (`x = e`), creates, deletes, chooses; a `def` is called in an expression"
    body.report(Code.KS101, f"there is no request called `{name}`", span, hint)


def _path(node: tree.Expr) -> tree.Path | None:
    match node:
        case tree.NameUse(name):
            return tree.Path((name,), node.span)
        case tree.Member(tree.NameUse(alias), name):
            return tree.Path((alias, name), node.span)
        case _:
            return None
