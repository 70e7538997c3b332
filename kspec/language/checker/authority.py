"""Who may do what: permissions, `allowed`, and the caller of an admission."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kspec.language import checked, tree
from kspec.language.checker.context import ComponentInfo, KindInfo
from kspec.language.checker.erroneous import erroneous
from kspec.language.checker.names import CALLER, ENVIRONMENT
from kspec.language.checker.paths import component_named, report_no_field, report_not_constant
from kspec.language.checker.scope import Purpose, Scope
from kspec.language.codes import Code
from kspec.language.diagnostics import near_or_known
from kspec.language.types import KindType

if TYPE_CHECKING:
    from kspec.language.checker.expressions import ExpressionChecker


@dataclass(frozen=True, slots=True)
class Target:
    """What a permission is about; `field` is None for the whole kind."""

    kind: KindInfo
    field: str | None


def is_caller(scope: Scope, node: tree.Expr) -> bool:
    return isinstance(node, tree.NameUse) and node.name.text == CALLER and CALLER not in scope.locals


def check_caller(checker: ExpressionChecker, scope: Scope, node: tree.Binary) -> checked.Expr:
    """`caller == controller`, or `!=`."""
    other = node.right if is_caller(scope, node.left) else node.left
    info = component_named(checker, scope, other.name) if isinstance(other, tree.NameUse) else None
    if info is None:
        text = checker.context.text(other.span)
        hint = near_or_known(text, checker.context.components)
        checker.context.report(Code.KS101, f"there is no component `{text}`", other.span, hint)
        return erroneous(node.span)
    found: checked.Expr = checked.CallerIs(info.name, node.span)
    return found if node.operator == "==" else checked.Not(found, node.span)


def check_allowed(checker: ExpressionChecker, scope: Scope, node: tree.Allowed) -> checked.Expr:
    found = one_permission(checker, scope, node.component, node.permission)
    if found is None:
        return erroneous(node.span)
    info, target = found
    if scope.purpose in (Purpose.CONSTANT, Purpose.CLUSTER):
        return report_not_constant(checker, node.span)
    return checked.Allowed(info.name, node.permission.verb, target.kind.name, target.field, node.span)


def one_permission(
    checker: ExpressionChecker, scope: Scope, component: tree.Path, node: tree.Permission
) -> tuple[ComponentInfo, Target] | None:
    """A component and one permission, as in `revoke controller update Owner.finalizers`."""
    entity = checker.context.names.find(scope.module, component)
    if entity is None or not isinstance(entity.node, tree.Component) or entity.name == ENVIRONMENT:
        hint = near_or_known(str(component), checker.context.components)
        checker.context.report(Code.KS101, f"there is no component `{component}`", component.span, hint)
        return None
    if len(node.paths) != 1 or node.variable is not None or node.where is not None:
        hint = "write one kind or field, such as `update Pod.phase`"
        checker.context.report(Code.KS204, "this is about one permission, without a condition", node.span, hint)
        return None
    target = permission_target(checker, scope, node.verb, node.paths[0])
    return None if target is None else (checker.context.components[entity.name], target)


def permission_target(checker: ExpressionChecker, scope: Scope, verb: str, path: tree.Path) -> Target | None:
    """The kind, or the field of a kind, that a path names."""
    kind = _kind(checker, scope, path)
    if kind is not None:
        return Target(kind, None)
    kind = _kind(checker, scope, tree.Path(path.parts[:-1], path.span)) if len(path.parts) > 1 else None
    if kind is None:
        hint = near_or_known(str(path), checker.context.kinds)
        checker.context.report(Code.KS101, f"there is no kind `{path}`", path.span, hint)
        return None
    name = path.parts[-1]
    if name.text not in kind.fields:
        report_no_field(checker, kind, name)
        return None
    if verb != "update":
        message = f"`{verb}` is about whole objects"
        checker.context.report(Code.KS310, message, path.span, f"write `may {verb} {kind.name}`")
        return None
    if kind.fields[name.text].modifier is not None:
        hint = "remove it: const and key fields get their value when the object is created"
        checker.context.report(Code.KS301, f"`{kind.name}.{name.text}` never changes", path.span, hint)
        return None
    return Target(kind, name.text)


def check_may(checker: ExpressionChecker, scope: Scope, node: tree.Permission) -> tuple[checked.Permission, ...]:
    """`may update p: Pod.phase, Pod.node where p.node == n`: a permission for each kind."""
    fields: dict[str, list[str] | None] = {}
    for path in node.paths:
        target = permission_target(checker, scope, node.verb, path)
        if target is None:
            continue
        known = fields.setdefault(target.kind.name, [])
        if target.field is None:
            fields[target.kind.name] = None
        elif known is not None:
            known.append(target.field)
    if node.variable is None:
        if node.where is not None:
            hint = "name the object: `may update p: Pod.phase where p.node == n`"
            checker.context.report(Code.KS310, "a condition needs the object that it is about", node.where.span, hint)
        return tuple(
            checked.Permission(node.verb, kind, None if names is None else tuple(names), None, None, node.span)
            for kind, names in fields.items()
        )
    return _conditional(checker, scope, node, fields)


def _conditional(
    checker: ExpressionChecker, scope: Scope, node: tree.Permission, fields: dict[str, list[str] | None]
) -> tuple[checked.Permission, ...]:
    assert node.variable is not None
    if node.verb in ("get", "create"):
        message = f"`may {node.verb}` has no condition"
        hint = (
            "what is created is judged by `admit create`" if node.verb == "create" else "a kind is read, or it is not"
        )
        checker.context.report(Code.KS310, message, node.span, hint)
        return ()
    if len(fields) > 1:
        checker.context.report(Code.KS310, "a condition is about one kind", node.span, "write one `may` for each kind")
    found = []
    for kind, names in fields.items():
        inner, local = checker.bind(scope, node.variable, KindType(kind))
        where = None if node.where is None else checker.condition(inner, node.where, "`where`")
        own = None if names is None else tuple(names)
        found.append(checked.Permission(node.verb, kind, own, local, where, node.span))
    return tuple(found[:1])


def _kind(checker: ExpressionChecker, scope: Scope, path: tree.Path) -> KindInfo | None:
    entity = checker.context.names.find(scope.module, path)
    if entity is None or not isinstance(entity.node, tree.Kind):
        return None
    return checker.context.kinds[entity.name]
