"""From types, whose bounds are expressions, to sorts, whose bounds are numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from kspec.language.codes import Code
from kspec.language.types import (
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
from kspec.lower.problems import VALUE_LIMIT, Problem
from kspec.lower.shapes import NOTHING, describe
from kspec.system.sorts import (
    BOOL,
    EnumSort,
    IntSort,
    MapSort,
    ObjectSort,
    OptionSort,
    SeqSort,
    SetSort,
    Sort,
    cardinality,
)
from kspec.system.spans import Span

if TYPE_CHECKING:
    from kspec.lower.context import Context


def sort_of(context: Context, type: Type, span: Span) -> Sort:
    match type:
        case BoolType():
            return BOOL
        case NumberType(bounds):
            low, high = (None, None) if bounds is None else map(context.number, bounds)
            return IntSort(low, high)
        case QuantityType(name):
            unit = context.unit(name)
            return IntSort(0, unit.steps, unit)
        case EnumType(name):
            return EnumSort(name, context.model.enums[name].members)
        case KindType(name):
            return context.kind(name).sort
        case OptionType(inner):
            return OptionSort(_inner(context, inner, span))
        case SetType(element):
            sort = _inner(context, element, span)
            _require_few(sort, "a set can have at most {limit} members, and this one {count}", span)
            return SetSort(sort)
        case MapType(key, value):
            keys = _inner(context, key, span)
            _require_few(keys, "a map can have at most {limit} keys, and this one {count}", span)
            return MapSort(keys, _inner(context, value, span))
        case SeqType(element, capacity):
            length = 0 if capacity is None else context.number(capacity)
            if not 0 <= length <= VALUE_LIMIT:
                message = f"a sequence can have 0 to {VALUE_LIMIT:,} entries, not {length:,}"
                raise Problem(Code.KS603, message, span)
            return SeqSort(_inner(context, element, span), length)
        case NothingType():
            return NOTHING
        case ErrorType() | TemporalType() | ComponentType() | CopyType():
            raise AssertionError(f"not the type of a value: {type}")
        case _ as unreachable:
            assert_never(unreachable)


def _inner(context: Context, type: Type, span: Span) -> Sort:
    """The sort of what an option, set, map or sequence holds."""
    sort = sort_of(context, type, span)
    if isinstance(sort, MapSort) and isinstance(sort.key, ObjectSort) and not context.kind(sort.key.kind).permanent:
        message = f"the objects of `{sort.key.kind}` come and go, so a map of them cannot be part of another value"
        raise Problem(Code.KS203, message, span, f"make it a variable or a field of type {describe(sort)}")
    return sort


def _require_few(sort: Sort, message: str, span: Span) -> None:
    count = cardinality(sort)
    if count is None or count > VALUE_LIMIT:
        shown = "any number" if count is None else f"{count:,}"
        raise Problem(Code.KS603, message.format(limit=f"{VALUE_LIMIT:,}", count=shown), span, "use a smaller range")
