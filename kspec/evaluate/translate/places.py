"""Reading places of the state: variables, whether objects are alive, lookup by key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from kspec.evaluate.errors import EvaluationError
from kspec.evaluate.frame import Code, Frame, at
from kspec.evaluate.layout import Layout
from kspec.evaluate.run import Failure, Item
from kspec.evaluate.values import ordinal
from kspec.system.expressions import Expr, FailureKind, IsAlive, Literal, Lookup, Read
from kspec.system.sorts import BoolSort, EnumSort, ObjectSort, OptionSort, Sort
from kspec.system.system import ALIVE


def number_of(layout: Layout, variable: str, index: tuple[Expr, ...], codes: tuple[Code, ...]) -> Code | int:
    """The number of a place of a variable: a constant where the index is literal."""
    if all(isinstance(expr, Literal) for expr in index):
        return layout.number(variable, tuple(expr.value for expr in index if isinstance(expr, Literal)))
    ordinals = [_ordinal_code(code, sort) for code, sort in zip(codes, layout.variables[variable].index, strict=True)]
    if len(ordinals) == 1:
        return ordinals[0]
    steps = tuple(zip(ordinals, layout.sizes[variable], strict=True))

    def run(frame: Frame) -> int:
        number = 0
        for position, size in steps:
            number = number * size + position(frame)
        return number

    return run


def _ordinal_code(code: Code, sort: Sort) -> Code:
    match sort:
        case BoolSort() | EnumSort() | ObjectSort():
            return code
        case _:
            return _checked_ordinal(code, sort)


def _checked_ordinal(code: Code, sort: Sort) -> Code:
    def run(frame: Frame) -> int:
        value = code(frame)
        position = ordinal(value, sort)
        if position is None:
            raise IndexError(f"no place {value}")
        return position

    return run


def read(layout: Layout, expr: Read, codes: tuple[Code, ...]) -> Code:
    """The value of a place, of which the object must be alive where the expression says so."""
    number = number_of(layout, expr.variable, expr.index, codes)
    kind = _kind_of_owner(layout, expr)
    status = None if kind is None else layout.status_base(kind)
    value = _value(layout, expr, number)
    if kind is None or status is None:
        return value
    moment = at(expr.moment)
    owner = codes[0]
    message = f"{expr.variable} of an object that does not exist is read"
    failure = Failure(FailureKind.LIVE_REFERENCES, message, expr.span)

    def run(frame: Frame) -> Any:
        slot = owner(frame)
        if frame[moment][status + slot] != ALIVE:
            raise EvaluationError(replace(failure, item=Item(kind, slot)))
        return value(frame)

    return run


def _kind_of_owner(layout: Layout, expr: Read) -> str | None:
    """The kind of the object that the variable belongs to, if it must be alive."""
    match layout.variables[expr.variable].index:
        case (ObjectSort(kind), *_) if expr.needs_alive:
            return kind
        case _:
            return None


def _value(layout: Layout, expr: Read, number: Code | int) -> Code:
    constant = layout.variables[expr.variable].constant
    if constant is not None:
        return _constant_value(constant, number)
    base = layout.base(expr.variable)
    if base is None:
        raise ValueError(f"no variable {expr.variable}")
    moment = at(expr.moment)
    if isinstance(number, int):
        position = base + number
        return lambda frame: frame[moment][position]
    return lambda frame: frame[moment][base + number(frame)]


def _constant_value(values: tuple[Any, ...], number: Code | int) -> Code:
    if isinstance(number, int):
        value = values[number]
        return lambda frame: value
    return lambda frame: values[number(frame)]


def is_alive(layout: Layout, expr: IsAlive, subject: Code) -> Code:
    sort = expr.object.sort
    if not isinstance(sort, ObjectSort):
        raise TypeError(f"not an object: {expr.object}")
    base = layout.status_base(sort.kind)
    if base is None:
        return lambda frame: subject(frame) >= 0  # always, once the object itself can be told
    moment = at(expr.moment)
    return lambda frame: frame[moment][base + subject(frame)] == ALIVE


def lookup(layout: Layout, expr: Lookup, keys: tuple[Code, ...]) -> Code:
    """The lowest slot whose object is alive and has the keys; none where there is no such object."""
    alive = alive_test(layout, expr.kind, at(expr.moment))
    columns = [_column(layout, variable, at(expr.moment)) for variable in expr.variables]

    def run(frame: Frame) -> int | None:
        wanted = [key(frame) for key in keys]
        for slot in range(expr.kind.slots):
            if alive(frame, slot) and [column(frame, slot) for column in columns] == wanted:
                return slot
        return None

    return run


def alive_test(layout: Layout, kind: ObjectSort, moment: int) -> Callable[[Frame, int], bool]:
    """Whether there is an object in a slot of the kind."""
    base = layout.status_base(kind.kind)
    if base is None:
        return lambda frame, slot: True
    return lambda frame, slot: frame[moment][base + slot] == ALIVE


def _column(layout: Layout, variable: str, moment: int) -> Callable[[Frame, int], Any]:
    constant = layout.variables[variable].constant
    if constant is not None:
        return lambda frame, slot: constant[slot]
    base = layout.base(variable)
    if base is None:
        raise ValueError(f"no variable {variable}")
    return lambda frame, slot: frame[moment][base + slot]


def key_exists(layout: Layout, key: Sort, moment: int) -> Callable[[Frame, Any], bool]:
    """Whether a value of a sort is no object, or one that exists."""
    match key:
        case ObjectSort():
            return alive_test(layout, key, moment)
        case OptionSort(inner):
            exists = key_exists(layout, inner, moment)
            return lambda frame, value: value is None or exists(frame, value)
        case _:
            return lambda frame, value: True
