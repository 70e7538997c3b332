"""From the types of the text to types."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from kspec.language import tree
from kspec.language.checker.scope import Purpose, Scope
from kspec.language.checker.typing import can_range_over, describe
from kspec.language.codes import Code
from kspec.language.types import (
    BOOL,
    ERROR,
    NUMBER,
    BoolType,
    ComponentType,
    EnumType,
    ErrorType,
    KindType,
    MapType,
    NumberType,
    OptionType,
    QuantityType,
    SeqType,
    SetType,
    Type,
)

if TYPE_CHECKING:
    from kspec.language.checker.expressions import ExpressionChecker


def resolve_type(checker: ExpressionChecker, module: str, node: tree.Type) -> Type:
    """The type that a type of the text stands for; ErrorType where it stands for none."""
    match node:
        case tree.NamedType():
            return _named(checker, module, node)
        case tree.RangeType(low, high):
            scope = Scope(module, Purpose.CONSTANT, {})
            return NumberType((checker.number(scope, low, "a bound"), checker.number(scope, high, "a bound")))
        case tree.OptionType(inner):
            resolved = resolve_type(checker, module, inner)
            if isinstance(resolved, OptionType):
                checker.context.report(Code.KS203, "a type can have one `?` only", node.span, "remove one `?`")
                return resolved
            return OptionType(resolved)
        case tree.SetType(element):
            members = _element(checker, module, element, "a set")
            return ERROR if isinstance(members, ErrorType) else SetType(members)
        case tree.MapType(key, value):
            keys = resolve_type(checker, module, key)
            if not can_range_over(keys):
                message = f"the keys of a map cannot be {describe(keys)}"
                checker.context.report(Code.KS203, message, key.span, "take a kind, an enum, bool or a range lo..hi")
                return ERROR
            return MapType(keys, _stored(checker, module, value))
        case tree.SeqType(element, capacity):
            scope = Scope(module, Purpose.CONSTANT, {})
            return SeqType(
                _stored(checker, module, element), checker.number(scope, capacity, "the length of a sequence")
            )
        case tree.AnyIntType():
            return NUMBER
        case tree.ComponentType():
            return ComponentType()
        case _ as unreachable:
            assert_never(unreachable)


def resolve_stored_type(checker: ExpressionChecker, module: str, node: tree.Type) -> Type:
    """The type of something that is stored: numbers need a range."""
    if isinstance(node, tree.AnyIntType):
        message = "`any int` is for `const` only"
        checker.context.report(Code.KS203, message, node.span, "give the smallest and the largest value: `0..8`")
        return ERROR
    return _stored(checker, module, node)


def _stored(checker: ExpressionChecker, module: str, node: tree.Type) -> Type:
    resolved = resolve_type(checker, module, node)
    inner = resolved.inner if isinstance(resolved, OptionType) else resolved
    if isinstance(inner, NumberType) and inner.bounds is None:
        hint = "give the smallest and the largest value: `0..8`"
        checker.context.report(Code.KS203, "a stored number needs a range", node.span, hint)
        return ERROR
    if isinstance(inner, ComponentType):
        checker.context.report(Code.KS203, "a component is no value", node.span, "`component` is for patterns only")
        return ERROR
    return resolved


def _element(checker: ExpressionChecker, module: str, node: tree.Type, what: str) -> Type:
    resolved = _stored(checker, module, node)
    inner = resolved.inner if isinstance(resolved, OptionType) else resolved
    if not isinstance(inner, BoolType | EnumType | KindType | NumberType | QuantityType | ErrorType):
        message = f"the members of {what} cannot be of type {describe(resolved)}"
        checker.context.report(Code.KS203, message, node.span, "take a kind, an enum, bool or a range lo..hi")
        return ERROR
    return resolved


def _named(checker: ExpressionChecker, module: str, node: tree.NamedType) -> Type:
    name = str(node.name)
    if name == "bool":
        return BOOL
    if name == "int":
        return NUMBER
    names = checker.context.names
    entity = names.find(module, node.name)
    match entity.node if entity else None:
        case tree.Enum():
            assert entity is not None
            return EnumType(entity.name)
        case tree.Kind():
            assert entity is not None
            return KindType(entity.name)
        case tree.Quantity():
            assert entity is not None
            return QuantityType(entity.name)
        case None:
            hint = names.hint(module, node.name.parts[-1].text) or "declare it with `kind`, `enum` or `quantity`"
            checker.context.report(Code.KS101, f"there is no type `{name}`", node.span, hint)
        case _:
            assert entity is not None
            checker.context.report(
                Code.KS106,
                f"`{name}` is a {entity.what}, not a type",
                node.span,
                "a type is a kind, an enum, a quantity, bool or lo..hi",
            )
    return ERROR
