"""Atoms about the step itself: `by`, `writes`, `enabled`."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from kspec.language import checked, tree
from kspec.language.checker.context import ComponentInfo
from kspec.language.checker.erroneous import erroneous
from kspec.language.checker.scope import Purpose, Scope
from kspec.language.codes import Code
from kspec.language.diagnostics import near_or_known
from kspec.language.types import ComponentType
from kspec.system.spans import Span

if TYPE_CHECKING:
    from kspec.language.checker.expressions import ExpressionChecker


def check_atom(
    checker: ExpressionChecker, scope: Scope, node: tree.ByAtom | tree.WritesAtom | tree.EnabledAtom
) -> checked.Expr:
    if not (checker.may_use_steps(scope) or scope.purpose is Purpose.TEMPORAL_PROPERTY):
        word = type(node).__name__.removesuffix("Atom").lower()
        hint = scope.step_hint
        checker.context.report(Code.KS401, f"`{word}` is about a step; this is {scope.purpose.value}", node.span, hint)
        return erroneous(node.span)
    match node:
        case tree.ByAtom(path, span):
            return _by(checker, scope, path, span) or erroneous(span)
        case tree.WritesAtom(path, span):
            return _writes(checker, scope, path, span) or erroneous(span)
        case tree.EnabledAtom():
            return _enabled(checker, scope, node) or erroneous(node.span)
        case _ as unreachable:
            assert_never(unreachable)


def _by(checker: ExpressionChecker, scope: Scope, path: tree.Path, span: Span) -> checked.Expr | None:
    parts = path.parts
    local = scope.locals.get(parts[0].text)
    if local is not None and isinstance(local.type, ComponentType) and len(parts) == 1:
        return checked.ByAtom(local.name, None, span)
    component = find_component(checker, scope, path)
    if component is not None:
        return checked.ByAtom(component.name, None, span)
    if str(path) == "environment":  # there is always one: without a block, it does nothing
        return checked.ByAtom("environment", None, span)
    if len(parts) > 1:
        component = find_component(checker, scope, tree.Path(parts[:-1], path.span))
        if component is not None:
            action = _find_action(checker, component, parts[-1])
            return None if action is None else checked.ByAtom(component.name, action, span)
    _report_no_component(checker, scope, parts[0])
    return None


def _writes(checker: ExpressionChecker, scope: Scope, path: tree.Path, span: Span) -> checked.Expr | None:
    entity = checker.context.names.find(scope.module, path)
    if entity is None or not isinstance(entity.node, tree.Kind):
        hint = near_or_known(str(path), checker.context.kinds)
        checker.context.report(Code.KS101, f"there is no kind `{path}`", path.span, hint)
        return None
    return checked.WritesAtom(entity.name, span)


def _enabled(checker: ExpressionChecker, scope: Scope, node: tree.EnabledAtom) -> checked.Expr | None:
    component = find_component(checker, scope, tree.Path((node.component,), node.component.span))
    if component is None:
        _report_no_component(checker, scope, node.component)
        return None
    action = _find_action(checker, component, node.action)
    if action is None:
        return None
    instance = None
    if node.instance is not None:
        if component.instance is None:
            message = f"`{component.name}` has no instances"
            checker.context.report(Code.KS204, message, node.span, f"write `{component.name}.{node.action.text}`")
            return None
        instance = checker.want(scope, node.instance, component.instance.type, f"the instance of `{component.name}`")
    elif component.instance is not None:
        # Without an instance: some instance is enabled to do it.
        return checked.EnabledAtom(component.name, None, action, node.span)
    return checked.EnabledAtom(component.name, instance, action, node.span)


def find_component(checker: ExpressionChecker, scope: Scope, path: tree.Path) -> ComponentInfo | None:
    entity = checker.context.names.find(scope.module, path)
    if entity is None and str(path) == "environment":
        return checker.context.components.get("environment")
    if entity is None or not isinstance(entity.node, tree.Component):
        return None
    return checker.context.components.get(entity.name)


def _find_action(checker: ExpressionChecker, component: ComponentInfo, name: tree.Name) -> str | None:
    if name.text in component.actions:
        return name.text
    hint = near_or_known(name.text, component.actions)
    checker.context.report(Code.KS101, f"`{component.name}` has no action `{name.text}`", name.span, hint)
    return None


def _report_no_component(checker: ExpressionChecker, scope: Scope, name: tree.Name) -> None:
    hint = near_or_known(name.text, checker.context.components)
    checker.context.report(Code.KS101, f"there is no component `{name.text}`", name.span, hint)
