"""What a component sees, and what the store has: `seen by`, `fresh`, `connected`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kspec.language import checked, tree
from kspec.language.checker.context import ComponentInfo
from kspec.language.checker.erroneous import erroneous
from kspec.language.checker.names import ENVIRONMENT
from kspec.language.checker.paths import check_instance, component_named
from kspec.language.checker.scope import Purpose, Scope
from kspec.language.codes import Code
from kspec.language.diagnostics import near_or_known
from kspec.language.types import TemporalType
from kspec.system.spans import Span

if TYPE_CHECKING:
    from kspec.language.checker.expressions import ExpressionChecker

Reference = tuple[ComponentInfo, checked.Expr | None]
"""A component and, if it has instances, which one."""


def check_seen(checker: ExpressionChecker, scope: Scope, node: tree.Seen) -> checked.Expr:
    if not may_look(checker, scope, "`seen by`", node.span):
        return erroneous(node.span)
    found = _component(checker, scope, node.view)
    operand = checker.check(scope.later(), node.body)  # what the store has, the view need not have
    if found is None or checker.is_error(operand):
        return erroneous(node.span)
    if isinstance(operand.type, TemporalType):
        hint = "write `seen by` behind the temporal operators: `always seen by c: …`"
        checker.context.report(Code.KS402, "`seen by` is about one moment, not about runs", operand.span, hint)
        return erroneous(node.span)
    return checked.SeenBy(found[0].name, found[1], operand, operand.type, node.span)


def may_look(checker: ExpressionChecker, scope: Scope, what: str, span: Span) -> bool:
    """Whether views may be looked at from outside; reports it where not. `what` does it."""
    if scope.purpose is Purpose.DEFINITION:
        checker.definitions.note_seen()
    elif not scope.about_properties:
        message = f"{what} is for properties; this is {scope.purpose.value}"
        checker.context.report(Code.KS406, message, span, "a component reads its own views without it")
        return False
    return True


def may_know_connection(checker: ExpressionChecker, scope: Scope, what: str, span: Span) -> bool:
    """Whether it may be asked if a component is connected; reports it where not."""
    if scope.purpose is Purpose.DEFINITION:
        checker.definitions.note_connected()
    elif not (scope.about_properties or scope.component == ENVIRONMENT):
        message = f"{what} is known to properties and the environment only"
        checker.context.report(Code.KS406, message, span, "others infer it from what they see, such as a heartbeat")
        return False
    return True


def check_fresh(checker: ExpressionChecker, scope: Scope, node: tree.Expr, span: Span) -> checked.Expr:
    operand = checker.check(scope.later(), node)  # what the view has, the store need not have
    if scope.purpose not in (Purpose.ACTION, Purpose.DEFINITION):
        message = f"`fresh` is for components with views; {scope.purpose.value} reads the store anyway"
        checker.context.report(Code.KS406, message, span, "remove it")
        return erroneous(span)
    return checked.Fresh(operand, operand.type, span)


def check_connected(checker: ExpressionChecker, scope: Scope, node: tree.Expr, span: Span) -> checked.Expr:
    if not may_know_connection(checker, scope, "whether a component is connected", span):
        return erroneous(span)
    found = _component(checker, scope, node)
    if found is None:
        return erroneous(span)
    info, instance = found
    if not any(isinstance(item, tree.Disconnects) for item in info.node.items):
        message = f"`{info.name}` never disconnects"
        checker.context.report(Code.KS310, message, span, "write `disconnects at most 1` in it")
        return erroneous(span)
    return checked.Connected(info.name, instance, span)


def _component(checker: ExpressionChecker, scope: Scope, node: tree.Expr) -> Reference | None:
    """`scheduler`, or `kubelet(n)`."""
    name = node.base if isinstance(node, tree.Call) else node
    info = component_named(checker, scope, name.name) if isinstance(name, tree.NameUse) else None
    if info is None:
        text = checker.context.text(name.span)
        hint = near_or_known(text, checker.context.components)
        checker.context.report(Code.KS101, f"there is no component `{text}`", name.span, hint)
        return None
    if isinstance(node, tree.Call):
        instance = check_instance(checker, scope, info, node)
        return None if instance is None else (info, instance)
    if info.instance is not None:
        message = f"`{info.name}` has an instance for each object"
        checker.context.report(Code.KS204, message, node.span, f"write `{info.name}({info.instance.name})`")
        return None
    return info, None
