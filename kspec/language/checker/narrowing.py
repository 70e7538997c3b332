"""Narrowing: which paths are known not to be none once a condition is known to be true, or false."""

from __future__ import annotations

from dataclasses import replace

from kspec.language import checked
from kspec.language.checker.scope import PathKey
from kspec.language.checker.typing import is_option, without_none
from kspec.language.types import NothingType, OptionType

NOTHING_KNOWN: frozenset[PathKey] = frozenset()


def path_key(node: checked.Expr, in_old: bool = False) -> PathKey | None:
    """The key of a path; None for anything that is no path. `in_old`: the path is read in the state before the step."""
    key = _raw_key(node)
    if key is None or not in_old or not _reads_state(key):
        return key
    return ("old", key)


def _raw_key(node: checked.Expr) -> PathKey | None:
    match node:
        case checked.LocalUse(local):
            return ("local", local.id)
        case checked.CopyRead(copy, _, field):
            return ("local", copy.id, field)
        case checked.ConstUse(name):
            return ("const", name)
        case checked.GlobalUse(name):
            return ("global", name)
        case checked.SingleObject(kind):
            return ("single", kind.name)
        case checked.NamedObject(name):
            return ("object", name)
        case checked.Number(value):
            return ("number", value)
        case checked.EnumMember(enum, member):
            return ("enum", enum, member)
        case checked.FieldRead(target, kind, field):
            base = _raw_key(target)
            return None if base is None else ("field", kind, field, base)
        case checked.ComponentRead(component, None, variable):
            return ("component", component, variable)
        case checked.ComponentRead(component, instance, variable) if instance is not None:
            base = _raw_key(instance)
            return None if base is None else ("component", component, variable, base)
        case checked.MapRead(source, key):
            base, index = _raw_key(source), _raw_key(key)
            return None if base is None or index is None else ("entry", base, index)
        case checked.Old(operand):
            return path_key(operand, in_old=True)
        case _:
            return None


def _reads_state(key: PathKey) -> bool:
    return key[0] not in ("local", "const", "number", "enum", "object", "single")


def narrowed(node: checked.Expr) -> checked.Expr:
    """The same path, known not to be none."""
    match node:
        case checked.Old(operand, _, span):
            inner = narrowed(operand)
            return checked.Old(inner, inner.type, span)
        case (
            checked.LocalUse()
            | checked.ConstUse()
            | checked.GlobalUse()
            | checked.FieldRead()
            | checked.ComponentRead()
            | checked.MapRead()
            | checked.CopyRead()
        ) if isinstance(node.type, OptionType):
            return replace(node, type=without_none(node.type), narrowed=True)
        case _:
            return node


def when_true(node: checked.Expr, in_old: bool = False) -> frozenset[PathKey]:
    """The paths that are not none where a condition is true."""
    match node:
        case checked.Not(operand):
            return when_false(operand, in_old)
        case checked.Logical("and", left, right):
            return when_true(left, in_old) | when_true(right, in_old)
        case checked.Logical("or", left, right):
            return when_true(left, in_old) & when_true(right, in_old)
        case checked.Logical("iff"):
            return NOTHING_KNOWN
        case checked.Compare("!=", left, right):
            return _differs(left, right, in_old)
        case checked.Compare("==", left, right):
            return _equals(left, right, in_old)
        case checked.Old(operand):
            return when_true(operand, in_old=True)
        case _:
            return NOTHING_KNOWN


def when_false(node: checked.Expr, in_old: bool = False) -> frozenset[PathKey]:
    """The paths that are not none where a condition is false."""
    match node:
        case checked.Not(operand):
            return when_true(operand, in_old)
        case checked.Logical("and", left, right):
            return when_false(left, in_old) & when_false(right, in_old)
        case checked.Logical("or", left, right):
            return when_false(left, in_old) | when_false(right, in_old)
        case checked.Logical("implies", left, right):
            return when_true(left, in_old) | when_false(right, in_old)
        case checked.Compare("==", left, right):
            return _differs(left, right, in_old)
        case checked.Compare("!=", left, right):
            return _equals(left, right, in_old)
        case checked.Old(operand):
            return when_false(operand, in_old=True)
        case _:
            return NOTHING_KNOWN


def _differs(left: checked.Expr, right: checked.Expr, in_old: bool) -> frozenset[PathKey]:
    """From `left != right`: one side is `none`."""
    if isinstance(right.type, NothingType):
        return _key_set(left, in_old)
    if isinstance(left.type, NothingType):
        return _key_set(right, in_old)
    return NOTHING_KNOWN


def _equals(left: checked.Expr, right: checked.Expr, in_old: bool) -> frozenset[PathKey]:
    """From `left == right`: one side cannot be none."""
    if is_option(left.type) and not is_option(right.type):
        return _key_set(left, in_old)
    if is_option(right.type) and not is_option(left.type):
        return _key_set(right, in_old)
    return NOTHING_KNOWN


def _key_set(node: checked.Expr, in_old: bool) -> frozenset[PathKey]:
    key = path_key(node, in_old)
    return NOTHING_KNOWN if key is None else frozenset({key})


def without(known: frozenset[PathKey], written: PathKey) -> frozenset[PathKey]:
    """What is still known after a write to a variable; `written` is the start of the keys of its places, such as
    ("field", "Pod", "node")."""
    return frozenset(key for key in known if not _mentions(key, written))


def _mentions(key: PathKey, written: PathKey) -> bool:
    if key[: len(written)] == written:
        return True
    return any(isinstance(part, tuple) and _mentions(part, written) for part in key)
