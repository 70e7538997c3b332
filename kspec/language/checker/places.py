"""Places: what an assignment may write."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kspec.language import checked, tree
from kspec.language.checker import paths
from kspec.language.checker.scope import PathKey, Scope
from kspec.language.checker.typing import describe
from kspec.language.codes import Code
from kspec.language.types import KindType, MapType, OptionType, Type

if TYPE_CHECKING:
    from kspec.language.checker.expressions import ExpressionChecker


def check_place(checker: ExpressionChecker, scope: Scope, node: tree.Expr) -> checked.Place | None:
    """The place that an expression names; None, and a report, if it names none that may be written."""
    if not isinstance(node, tree.NameUse | tree.Member | tree.Index):
        _refuse(checker, node, "only fields, variables and their entries can be assigned")
        return None
    if isinstance(node, tree.Index) and not _is_lookup(checker, scope, node):
        return _entry(checker, scope, node)
    read = _read(checker, scope, node)
    match read:
        case checked.FieldRead(target, kind, field, type):
            return _field(checker, target, kind, field, type, node)
        case checked.GlobalUse(name, type, span):
            return checked.GlobalPlace(name, type, span)
        case checked.ComponentRead(component, instance, variable, type, span):
            return checked.ComponentPlace(component, instance, variable, type, span)
        case checked.CopyRead(copy, kind, field, type, span):
            target = checked.LocalUse(copy, KindType(kind), span, isinstance(copy.type, OptionType))
            return _field(checker, target, kind, field, type, node)
        case checked.LocalUse(local, _, span) if local.id in scope.assignable:
            return checked.LocalPlace(local, local.type, span)
        case checked.LocalUse(local):
            _refuse(
                checker, node, f"`{local.name}` names a value and cannot be assigned", "assign to one of its fields"
            )
        case checked.ConstUse(name):
            _refuse(checker, node, f"`{name}` is a const", "declare a `var` if it changes")
        case _ if not checker.is_error(read):
            _refuse(checker, node, "this cannot be assigned")
        case _:
            pass
    return None


def _is_lookup(checker: ExpressionChecker, scope: Scope, node: tree.Index) -> bool:
    if not isinstance(node.base, tree.NameUse) or node.base.name.text in scope.locals:
        return False
    entity = checker.context.names.find(scope.module, tree.Path((node.base.name,), node.span))
    return entity is not None and isinstance(entity.node, tree.Kind)


def _read(checker: ExpressionChecker, scope: Scope, node: tree.NameUse | tree.Member | tree.Index) -> checked.Expr:
    """The place as it would be read; a ghost variable may be written anywhere."""
    return paths.check_path(checker, replace(scope, ghosts=True), node, None)


def _field(
    checker: ExpressionChecker, target: checked.Expr, kind: str, field: str, type: Type, node: tree.Expr
) -> checked.Place | None:
    info = checker.context.kinds[kind].fields[field]
    if info.modifier is not None:
        related = ((info.node.name.span, "declared here"),)
        message = f"`{kind}.{field}` is {'a key' if info.modifier == 'key' else 'const'} and never changes"
        hint = f"remove `{info.modifier}` from its declaration if it does"
        checker.context.report(Code.KS301, message, node.span, hint, related)
        return None
    return checked.FieldPlace(target, kind, field, type, node.span)


def _entry(checker: ExpressionChecker, scope: Scope, node: tree.Index) -> checked.Place | None:
    place = check_place(checker, scope, node.base)
    if place is None:
        return None
    if not isinstance(place.type, MapType):
        message = f"{describe(place.type)} has no entries"
        checker.context.report(Code.KS205, message, node.span, "only maps have entries that can be assigned")
        return None
    if len(node.arguments) != 1:
        checker.context.report(Code.KS204, "a map has one key", node.span, "write `m[k]`")
        return None
    key = checker.want(scope, node.arguments[0], place.type.key, "the key")
    return checked.EntryPlace(place, key, place.type.value, node.span)


def _refuse(checker: ExpressionChecker, node: tree.Expr, message: str, hint: str | None = None) -> None:
    checker.context.report(Code.KS301, message, node.span, hint)


def read_of(place: checked.Place) -> checked.Expr:
    """The value of a place, as an expression."""
    match place:
        case checked.FieldPlace(target, kind, field, type, span):
            return checked.FieldRead(target, kind, field, type, span)
        case checked.GlobalPlace(name, type, span):
            return checked.GlobalUse(name, type, span)
        case checked.ComponentPlace(component, instance, variable, type, span):
            return checked.ComponentRead(component, instance, variable, type, span)
        case checked.EntryPlace(source, key, type, span):
            return checked.MapRead(read_of(source), key, type, span)
        case checked.LocalPlace(local, type, span):
            return checked.LocalUse(local, type, span)


def written_key(place: checked.Place) -> PathKey:
    """The start of the keys of all paths that a write to the place may change."""
    match place:
        case checked.FieldPlace(_, kind, field):
            return ("field", kind, field)
        case checked.GlobalPlace(name):
            return ("global", name)
        case checked.ComponentPlace(component, _, variable):
            return ("component", component, variable)
        case checked.EntryPlace(source):
            return written_key(source)
        case checked.LocalPlace(local):
            return ("local", local.id)


def is_ghost(checker: ExpressionChecker, place: checked.Place) -> bool:
    match place:
        case checked.GlobalPlace(name):
            return checker.context.globals[name].ghost
        case checked.ComponentPlace(component, _, variable):
            return checker.context.components[component].variables[variable].ghost
        case checked.EntryPlace(source):
            return is_ghost(checker, source)
        case checked.FieldPlace() | checked.LocalPlace():
            return False


def written_object(place: checked.Place) -> checked.Expr | None:
    """The object whose field is written."""
    match place:
        case checked.FieldPlace(target):
            return target
        case checked.EntryPlace(source):
            return written_object(source)
        case _:
            return None
