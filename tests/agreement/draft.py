"""What a random model declares, while it is being written: types, kinds, variables, and the dice that decide."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias, TypeVar

from hypothesis import strategies as st

T = TypeVar("T")


@dataclass(frozen=True)
class Dice:
    """Decisions that hypothesis makes, and shrinks towards the first option, the low number, the no."""

    draw: Callable[[st.SearchStrategy[int]], int]

    def number(self, low: int, high: int) -> int:
        return low if low >= high else self.draw(st.integers(low, high))

    def pick(self, options: Sequence[T]) -> T:
        return options[self.number(0, len(options) - 1)]

    def chance(self, percent: int) -> bool:
        return self.number(0, 99) >= 100 - percent

    def some(self, low: int, high: int, make: Callable[[], T]) -> list[T]:
        return [make() for _ in range(self.number(low, high))]


# --- types -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bool:
    def __str__(self) -> str:
        return "bool"


@dataclass(frozen=True)
class Num:
    low: int
    high: int

    def __str__(self) -> str:
        return f"{self.low}..{self.high}"


@dataclass(frozen=True)
class Colour:
    def __str__(self) -> str:
        return "Colour"


@dataclass(frozen=True)
class Amount:
    """Of the one quantity that models have."""

    def __str__(self) -> str:
        return "Cpu"


@dataclass(frozen=True)
class Obj:
    kind: str

    def __str__(self) -> str:
        return self.kind


@dataclass(frozen=True)
class Opt:
    inner: Obj | Num | Colour | Amount

    def __str__(self) -> str:
        return f"{self.inner}?"


@dataclass(frozen=True)
class SetOf:
    element: Element

    def __str__(self) -> str:
        return f"set ({self.element})" if isinstance(self.element, Opt) else f"set {self.element}"


@dataclass(frozen=True)
class MapOf:
    """The keys of a map inside another one are no objects."""

    key: Key
    value: Type

    def __str__(self) -> str:
        return f"{self.key} -> {self.value}"


@dataclass(frozen=True)
class Seq:
    element: Element
    capacity: int

    def __str__(self) -> str:
        return f"seq {self.element} at most {self.capacity}"


Element: TypeAlias = Bool | Num | Colour | Amount | Obj | Opt
Key: TypeAlias = Bool | Num | Colour | Obj
Type: TypeAlias = Bool | Num | Colour | Amount | Obj | Opt | SetOf | MapOf | Seq

MEMBERS = ("Red", "Green")

AMOUNTS = ("1", "500m", "0.5", "0", "1.5", "1000m", "2")


# --- declarations ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Field:
    """`modifier`: "", "const " or "key "; `default`: the text, or None where every create must give the field."""

    name: str
    type: Type
    modifier: str
    default: str | None


@dataclass(frozen=True)
class Kind:
    name: str
    single: bool
    fields: tuple[Field, ...]

    @property
    def keys(self) -> tuple[Field, ...]:
        return tuple(field for field in self.fields if field.modifier == "key ")


@dataclass(frozen=True)
class Variable:
    name: str
    type: Type
    initial: str
    ghost: bool


@dataclass(frozen=True)
class Definition:
    """`parameter`: the kind of its parameter, if it has one; `number`: it has another one, a number, behind that."""

    name: str
    parameter: str | None
    number: bool
    result: Bool | Num


@dataclass(frozen=True)
class Component:
    """`instance`: the kind it runs for; its name for the instance is `me`."""

    name: str
    instance: str | None
    variables: tuple[Variable, ...]


@dataclass
class Draft:
    """`room`: how many objects of a kind exist at the start, and how many slots there are."""

    kinds: dict[str, Kind] = field(default_factory=dict)
    variables: tuple[Variable, ...] = ()
    definitions: tuple[Definition, ...] = ()
    components: tuple[Component, ...] = ()
    room: dict[str, tuple[int, int]] = field(default_factory=dict)
    actions: list[tuple[str, str, str | None]] = field(default_factory=list)
    """Component, action, and the kind of the component's instance."""
    names: int = 0

    def fresh(self, letter: str) -> str:
        """A name that nothing else has."""
        self.names += 1
        return f"{letter}{self.names}"

    def usable(self) -> list[Kind]:
        return list(self.kinds.values())

    def creatable(self) -> list[Kind]:
        return [kind for kind in self.kinds.values() if not kind.single]


@dataclass(frozen=True)
class Scope:
    """Where an expression stands. A local may be a path that is known not to be none there."""

    locals: tuple[tuple[str, Type], ...] = ()
    component: Component | None = None
    properties: bool = False
    steps: bool = False

    def bind(self, name: str, type: Type) -> Scope:
        return replace(self, locals=(*self.locals, (name, type)))
