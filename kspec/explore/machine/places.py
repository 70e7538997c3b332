"""Reading places of the state: variables, whether objects are alive, lookup by key; atoms about the step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from llvmlite import ir

from kspec.explore.machine import values
from kspec.explore.machine.builder import Block, Builder, Operand
from kspec.explore.machine.sets import ordinal_of
from kspec.explore.machine.shapes import cells, to_cells, universe
from kspec.system.expressions import Expr, FailureKind, Lookup, Moment, Read, Writes
from kspec.system.sorts import ObjectSort, Sort
from kspec.system.system import ALIVE, Variable

if TYPE_CHECKING:
    from kspec.explore.machine.code import Code, Shared
    from kspec.explore.machine.expressions import Expressions


def place_number(expressions: Expressions, variable: str, index: tuple[Expr, ...]) -> Operand:
    """The number of a place of a variable."""
    found = [expressions.value(part) for part in index]
    return _number(expressions.code, variable, found)


def _number(code: Code, variable: str, index: list[Operand]) -> Operand:
    b, places = code.b, code.shared.layout.places
    number: Operand = 0
    for value, sort, size in zip(index, places.variables[variable].index, places.sizes[variable], strict=True):
        ordinal = ordinal_of(b, value, universe(sort))
        if isinstance(number, int) and isinstance(ordinal, int):
            number = number * size + ordinal
        else:
            number = ordinal if number == 0 and isinstance(number, int) else b.add(b.multiply(number, size), ordinal)
    return number


def read(expressions: Expressions, expr: Read) -> Operand:
    """The value of a place, of which the object must be alive where the expression says so."""
    code = expressions.code
    index = [expressions.value(part) for part in expr.index]
    kind = code.shared.layout.places.variables[expr.variable].index[0] if expr.needs_alive and index else None
    if isinstance(kind, ObjectSort):
        status = code.shared.layout.status(kind)
        if status is not None:
            alive = _is_alive(code, status, index[0], expr.moment)
            code.b.jump_unless(alive, code.failure(FailureKind.LIVE_REFERENCES))
    return _value(code, expr.variable, _number(code, expr.variable, index), expr.moment)


def _value(code: Code, variable: str, number: Operand, moment: Moment) -> Operand:
    declared = code.shared.layout.places.variables[variable]
    return place_in(code.b, code.shared, code.state(moment).cells, declared, number)


def place_in(b: Builder, shared: Shared, found: ir.Value, variable: Variable, number: Operand) -> Operand:
    """The value of a place of a variable, in the cells of a state."""
    width = cells(variable.sort)
    if variable.constant is None:
        stretch = shared.layout.stretches[variable.name]
        return values.read(b, found, variable.sort, b.scaled(number, width, stretch.base))
    if isinstance(number, int):
        return values.literal(shared.constants, variable.constant[number], variable.sort)
    row = shared.constants.row([cell for value in variable.constant for cell in to_cells(value, variable.sort)])
    return values.read(b, row, variable.sort, b.multiply(number, width))


def is_alive(expressions: Expressions, subject: Expr, moment: Moment) -> ir.Value:
    code, sort = expressions.code, subject.sort
    if not isinstance(sort, ObjectSort):
        raise TypeError(f"not an object: {subject}")
    value = expressions.value(subject)
    status = code.shared.layout.status(sort)
    return code.b.equal(0, 0) if status is None else _is_alive(code, status, value, moment)


def _is_alive(code: Code, status: int, slot: Operand, moment: Moment) -> ir.Value:
    b = code.b
    return b.equal(b.load(code.state(moment).cells, b.scaled(slot, 1, status)), ALIVE)


def exists(code: Code, sort: Sort, slot: Operand, moment: Moment) -> ir.Value | None:
    """Whether there is an object in a slot; None where there always is."""
    status = code.shared.layout.status(sort) if isinstance(sort, ObjectSort) else None
    return None if status is None else _is_alive(code, status, slot, moment)


def lookup(expressions: Expressions, expr: Lookup) -> Operand:
    """The lowest slot whose object is alive and has the keys; none where there is no such object."""
    code = expressions.code
    b = code.b
    wanted = [expressions.value(key) for key in expr.keys]
    result = b.variable(-1)
    with b.loop(0, expr.kind.slots) as slot:
        alive = exists(code, expr.kind, slot.index, expr.moment)
        if alive is not None:
            b.jump_unless(alive, slot.again)
        for variable, key, value in zip(expr.variables, expr.keys, wanted, strict=True):
            own = _value(code, variable, slot.index, expr.moment)
            of_own = code.shared.layout.places.variables[variable].sort
            values.jump_unless_equal(b, own, of_own, value, key.sort, slot.again)
        result.set(slot.index)
        b.jump(slot.end)
    return result.get()


# --- the step --------------------------------------------------------------------------------------------------------


def by(expressions: Expressions, actions: frozenset[int]) -> ir.Value:
    code = expressions.code
    if code.action is None:
        raise ValueError("an atom about a step where there is none")
    row = code.shared.constants.row([int(number in actions) for number in range(len(code.shared.system.actions))])
    return code.b.differ(code.b.load(row, code.action), 0)


def jump_unless_written(expressions: Expressions, expr: Writes, otherwise: Block) -> None:
    """Unless some slot is alive in one of the two states only, or in both with a variable that differs."""
    code = expressions.code
    b, layout = code.b, code.shared.layout
    old, new = code.state(Moment.OLD).cells, code.state(Moment.NEW).cells
    stretches = [layout.stretches[name] for name in expr.variables if name in layout.stretches]
    written = b.block("written")
    with b.loop(0, expr.kind.slots) as slot:
        before = exists(code, expr.kind, slot.index, Moment.OLD)
        after = exists(code, expr.kind, slot.index, Moment.NEW)
        if before is not None and after is not None:
            b.jump_when(b.differ_bits(before, after), written)
            b.jump_unless(before, slot.again)
        for stretch in stretches:
            first = b.scaled(slot.index, stretch.width, stretch.base)
            with b.loop(0, stretch.width) as each:
                cell = b.add(first, each.index)
                b.jump_when(b.differ(b.load(old, cell), b.load(new, cell)), written)
    b.jump(otherwise)
    b.place(written)
