"""The types of the language. Bounds are expressions over constants: a cluster makes them numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from kspec.language.checked import Expr


@dataclass(frozen=True, slots=True)
class BoolType:
    pass


@dataclass(frozen=True, slots=True)
class NumberType:
    """A number. `bounds` are those declared, for what is stored or ranged over; None for results of arithmetic and for
    `int` and `any int`. Bounds take no part in comparing types."""

    bounds: tuple[Expr, Expr] | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class EnumType:
    name: str


@dataclass(frozen=True, slots=True)
class QuantityType:
    """Amounts of one quantity."""

    name: str


@dataclass(frozen=True, slots=True)
class KindType:
    name: str


@dataclass(frozen=True, slots=True)
class OptionType:
    inner: Type


@dataclass(frozen=True, slots=True)
class SetType:
    element: Type


@dataclass(frozen=True, slots=True)
class MapType:
    key: Type
    value: Type


@dataclass(frozen=True, slots=True)
class SeqType:
    """`capacity` is None for the result of an operation; it takes no part in comparing types."""

    element: Type
    capacity: Expr | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class NothingType:
    """The type of `none`, and the element type of `{}` and `[]`: fits wherever an option, or any element, is wanted."""


@dataclass(frozen=True, slots=True)
class ErrorType:
    """The type of what has been reported already: fits everywhere."""


@dataclass(frozen=True, slots=True)
class TemporalType:
    """A formula about runs: not a value."""


@dataclass(frozen=True, slots=True)
class ComponentType:
    """A component given to a pattern: not a value."""


@dataclass(frozen=True, slots=True)
class CopyType:
    """What `get` gives: an object of the kind as it was read, and whether it still is current. Only locals have it."""

    kind: str


Type: TypeAlias = (
    BoolType
    | NumberType
    | EnumType
    | QuantityType
    | KindType
    | OptionType
    | SetType
    | MapType
    | SeqType
    | NothingType
    | ErrorType
    | TemporalType
    | ComponentType
    | CopyType
)

BOOL = BoolType()
NUMBER = NumberType()
NOTHING = NothingType()
ERROR = ErrorType()
TEMPORAL = TemporalType()


def without_bounds(type: NumberType | QuantityType) -> NumberType | QuantityType:
    """The type of what is computed with values of a type: its bounds are those of a place where it is stored."""
    return NUMBER if isinstance(type, NumberType) else type
