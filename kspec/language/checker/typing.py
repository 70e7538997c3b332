"""How types relate: what fits where, what two types have in common, how a message names them."""

from __future__ import annotations

from typing import assert_never

from kspec.language.types import (
    NOTHING,
    NUMBER,
    BoolType,
    ComponentType,
    CopyType,
    EnumType,
    ErrorType,
    KindType,
    MapType,
    NothingType,
    NumberType,
    OptionType,
    QuantityType,
    SeqType,
    SetType,
    TemporalType,
    Type,
)


def fits(actual: Type, wanted: Type) -> bool:
    """Whether a value of one type may stand where another is wanted."""
    match actual, wanted:
        case (ErrorType(), _) | (_, ErrorType()):
            return True
        case NothingType(), OptionType():
            return True
        case OptionType(inner), OptionType(other):
            return fits(inner, other)
        case _, OptionType(inner):
            return fits(actual, inner)
        case (SetType(element), SetType(other)) | (SeqType(element), SeqType(other)):
            return isinstance(element, NothingType) or alike(element, other)
        case MapType(key, value), MapType(other_key, other_value):
            return alike(key, other_key) and alike(value, other_value)
        case _:
            return actual == wanted


def alike(left: Type, right: Type) -> bool:
    """Whether two types are the same, reported errors aside."""
    match left, right:
        case (ErrorType(), _) | (_, ErrorType()):
            return True
        case OptionType(inner), OptionType(other):
            return alike(inner, other)
        case (SetType(element), SetType(other)) | (SeqType(element), SeqType(other)):
            return alike(element, other)
        case MapType(key, value), MapType(other_key, other_value):
            return alike(key, other_key) and alike(value, other_value)
        case _:
            return left == right


def join(left: Type, right: Type) -> Type | None:
    """The least type that both fit, if there is one."""
    match left, right:
        case NothingType(), NothingType():
            return NOTHING
        case (NothingType(), other) | (other, NothingType()):
            return other if isinstance(other, OptionType | ErrorType) else OptionType(other)
        case _:
            pass
    if fits(left, right):
        return _wider(right, left)
    if fits(right, left):
        return _wider(left, right)
    return None


def _wider(kept: Type, other: Type) -> Type:
    """Two numbers have no common declared bounds."""
    if isinstance(kept, NumberType):
        return NUMBER if kept.bounds is not None or not isinstance(other, ErrorType) else kept
    return kept


def is_option(value: Type) -> bool:
    return isinstance(value, OptionType | NothingType)


def without_none(value: Type) -> Type:
    return value.inner if isinstance(value, OptionType) else value


def can_range_over(value: Type) -> bool:
    """Whether a parameter or a quantifier may range over every value of the type."""
    match value:
        case BoolType() | EnumType() | KindType() | ErrorType():
            return True
        case NumberType(bounds):
            return bounds is not None
        case OptionType(inner):
            return can_range_over(inner) and not isinstance(inner, KindType)
        case _:
            return False


def describe(value: Type) -> str:
    """A type as messages name it."""
    match value:
        case BoolType():
            return "bool"
        case NumberType():
            return "a number"
        case EnumType(name) | KindType(name) | QuantityType(name):
            return name
        case OptionType(inner):
            return f"{short(inner)}?"
        case SetType(element):
            return f"set {short(element)}"
        case MapType(key, result):
            return f"{short(key)} -> {short(result)}"
        case SeqType(element):
            return f"seq {short(element)}"
        case NothingType():
            return "none"
        case ErrorType():
            return "an erroneous value"
        case TemporalType():
            return "a formula about runs"
        case ComponentType():
            return "a component"
        case CopyType(name):
            return f"a copy of a {name}"
        case _ as unreachable:
            assert_never(unreachable)


def short(value: Type) -> str:
    """A type as the text would have it, inside another or behind a name."""
    return "int" if isinstance(value, NumberType) else describe(value)
