"""Sets, maps and sequences."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, assert_never

from llvmlite import ir

from kspec.explore.machine import sets, values
from kspec.explore.machine.builder import Operand
from kspec.explore.machine.gathering import Gathering
from kspec.explore.machine.places import exists
from kspec.explore.machine.shapes import Universe, cells, chunks, plain, universe
from kspec.system.expressions import (
    Expr,
    FailureKind,
    First,
    MapBuild,
    MapRead,
    MapWith,
    NumberRange,
    Pop,
    Push,
    SeqLiteral,
    SetComprehension,
    SetLiteral,
    SetOperation,
    SetOperator,
)
from kspec.system.sorts import IntSort, MapSort, SeqSort, SetSort, Sort, zero

if TYPE_CHECKING:
    from kspec.explore.machine.expressions import Expressions

SetExpr: TypeAlias = SetLiteral | NumberRange | SetComprehension | SetOperation


# --- sets ------------------------------------------------------------------------------------------------------------


def set_of(expressions: Expressions, expr: SetExpr) -> Operand:
    match expr:
        case SetLiteral(elements, sort):
            found = [expressions.value(element) for element in elements]
            collected = _Collected(expressions, universe(sort.element))
            for element in found:
                collected.add(element)
            return collected.value()
        case NumberRange(left, right, sort):
            collected = _Collected(expressions, universe(sort.element))
            low = expressions.value(left)
            with expressions.code.b.loop(low, expressions.code.b.add(expressions.value(right), 1)) as number:
                collected.add(number.index)
            return collected.value()
        case SetComprehension(binding, where, sort):
            collected = _Collected(expressions, universe(sort.element))
            with expressions.domains.each_of((binding,)) as again:
                expressions.jump_unless(where, again)
                collected.add(expressions.code.locals[binding.local.id])
            return collected.value()
        case SetOperation(operator, left, right, sort):
            both = sets.joined(_set_sort(left), _set_sort(right))
            one = expressions.value_as(left, both)
            other = expressions.value_as(right, both)
            b = expressions.code.b
            return values.converted(b, sets.operation(b, operator, one, other, universe(both.element)), both, sort)
        case _:
            assert_never(expr)


class _Collected:
    """A set to which members are added."""

    def __init__(self, expressions: Expressions, of: Universe) -> None:
        self._b = expressions.code.b
        self._of = of
        self._bits = self._b.variable(0)
        self._row = None if sets.is_small(of) else self._b.array(chunks(of.size))
        if self._row is not None:
            sets.clear(self._b, self._row, of)

    def add(self, value: Operand) -> None:
        ordinal = sets.ordinal_of(self._b, value, self._of)
        if self._row is None:
            self._bits.include(sets.single(self._b, ordinal))
        else:
            sets.insert(self._b, self._row, ordinal)

    def value(self) -> Operand:
        return self._bits.get() if self._row is None else self._row


def _set_sort(expr: Expr) -> SetSort:
    if not isinstance(expr.sort, SetSort):
        raise TypeError(f"not a set: {expr}")
    return expr.sort


def contains(expressions: Expressions, element: Expr, collection: Expr) -> ir.Value:
    """Whether a set or a sequence has the element, which is evaluated first."""
    b = expressions.code.b
    value = expressions.value(element)
    match collection:
        case NumberRange(left, right):
            low = expressions.value(left)
            within = b.both(b.at_most(low, value), b.at_most(value, expressions.value(right)))
            return b.both(within, b.negate(values.is_none(b, value, element.sort)))
        case SetLiteral(members):
            found = [expressions.value(member) for member in members]
            return b.any_of([b.equal(value, member) for member in found])
        case _ if isinstance(collection.sort, SetSort):
            of = universe(collection.sort.element)
            bits = expressions.value(collection)
            return sets.has(b, bits, sets.ordinal_of(b, value, of), of)
        case _:
            return _is_entry(expressions, value, element.sort, collection)


def _is_entry(expressions: Expressions, value: Operand, of: Sort, sequence: Expr) -> ir.Value:
    b, sort = expressions.code.b, _seq_sort(sequence.sort)
    row = expressions.value(sequence)
    found = b.variable(0)
    with b.loop(0, b.load(row)) as each:
        entry = values.sequence_entry(b, row, sort, each.index)
        values.jump_unless_equal(b, value, of, entry, sort.element, each.again)
        found.set(1)
        b.jump(each.end)
    return b.differ(found.get(), 0)


def subset(expressions: Expressions, left: Expr, right: Expr) -> ir.Value:
    b = expressions.code.b
    both = sets.joined(_set_sort(left), _set_sort(right))
    one = expressions.value_as(left, both)
    other = expressions.value_as(right, both)
    of = universe(both.element)
    return sets.is_empty(b, sets.operation(b, SetOperator.MINUS, one, other, of), of)


def size(expressions: Expressions, collection: Expr) -> Operand:
    b = expressions.code.b
    value = expressions.value(collection)
    match collection.sort:
        case SetSort(of):
            return sets.size(b, value, universe(of))
        case _:
            return b.load(value)


# --- maps ------------------------------------------------------------------------------------------------------------


def map_build(expressions: Expressions, expr: MapBuild) -> Operand:
    """The entries of keys that are objects which do not exist are zero."""
    code, of = expressions.code, expr.sort.value
    b, keys, width = code.b, universe(expr.sort.key), cells(expr.sort.value)
    row = b.array(max(cells(expr.sort), 1))
    gathering = Gathering(code)
    with b.loop(0, keys.size) as ordinal, gathering.within(ordinal.again):
        place = b.at(row, b.multiply(ordinal.index, width))
        key = sets.value_of(b, ordinal.index, keys)
        alive = exists(code, plain(expr.sort.key), key, expr.moment)
        absent = b.block("absent")
        if alive is not None:
            is_there = b.one_of(alive, values.is_none(b, key, expr.sort.key))
            b.jump_unless(is_there, absent)
        code.bind(expr.key, key)
        values.store(b, place, expressions.value(expr.body), expr.body.sort, of)
        b.jump(ordinal.again)
        b.place(absent)
        values.store(b, place, values.literal(code.shared.constants, zero(of), of), of, of)
    gathering.fail()
    return row


def map_read(expressions: Expressions, expr: MapRead) -> Operand:
    row, sort = expressions.value(expr.map), _map_sort(expr.map.sort)
    number = _entry(expressions, expr.key, sort)
    return values.read(expressions.code.b, row, sort.value, expressions.code.b.multiply(number, cells(sort.value)))


def map_with(expressions: Expressions, expr: MapWith) -> Operand:
    b = expressions.code.b
    before = expressions.value_as(expr.map, expr.sort)
    number = _entry(expressions, expr.key, expr.sort)
    value, of = expressions.value(expr.value), expr.sort.value
    row = b.array(max(cells(expr.sort), 1))
    b.copy(row, before, cells(expr.sort))
    values.store(b, b.at(row, b.multiply(number, cells(of))), value, expr.value.sort, of)
    return row


def _entry(expressions: Expressions, key: Expr, sort: MapSort) -> Operand:
    """The number of a key's entry. Fails where a number is not among the keys."""
    b, keys = expressions.code.b, universe(sort.key)
    number = sets.ordinal_of(b, expressions.value(key), keys)
    if isinstance(plain(sort.key), IntSort):
        b.jump_unless(b.less_unsigned(number, keys.size), expressions.code.failure(FailureKind.RANGES))
    return number


def _map_sort(sort: Sort) -> MapSort:
    if not isinstance(sort, MapSort):
        raise TypeError(f"not a map: {sort}")
    return sort


# --- sequences -------------------------------------------------------------------------------------------------------


def seq_literal(expressions: Expressions, expr: SeqLiteral) -> Operand:
    b, sort = expressions.code.b, _seq_sort(expr.sort)
    found = [expressions.value(element) for element in expr.elements]
    row = b.array(cells(sort))
    b.store(row, 0, len(found))
    for number, (element, value) in enumerate(zip(expr.elements, found, strict=True)):
        values.store(b, values.sequence_place(b, row, sort, number), value, element.sort, sort.element)
    return row


def first(expressions: Expressions, expr: First) -> Operand:
    b, sort = expressions.code.b, _seq_sort(expr.sequence.sort)
    row = _not_empty(expressions, expr.sequence)
    return values.sequence_entry(b, row, sort, 0)


def push(expressions: Expressions, expr: Push) -> Operand:
    b, sort = expressions.code.b, _seq_sort(expr.sort)
    before = expressions.value(expr.sequence)
    element = expressions.value(expr.element)
    row = b.array(cells(sort))
    values.store(b, row, before, expr.sequence.sort, sort)
    length = b.load(before)
    values.store(b, values.sequence_place(b, row, sort, length), element, expr.element.sort, sort.element)
    b.store(row, 0, b.add(length, 1))
    return row


def pop(expressions: Expressions, expr: Pop) -> Operand:
    b, sort = expressions.code.b, _seq_sort(expr.sort)
    before, of = _not_empty(expressions, expr.sequence), _seq_sort(expr.sequence.sort)
    row = b.array(cells(sort))
    length = b.subtract(b.load(before), 1)
    b.store(row, 0, length)
    with b.loop(0, length) as each:
        entry = values.sequence_entry(b, before, of, b.add(each.index, 1))
        place = values.sequence_place(b, row, sort, each.index)
        values.store(b, place, entry, of.element, sort.element)
    return row


def _not_empty(expressions: Expressions, sequence: Expr) -> Operand:
    """The cells of a sequence. Fails where it has no entries."""
    b = expressions.code.b
    row = expressions.value(sequence)
    b.jump_when(b.equal(b.load(row), 0), expressions.code.failure(FailureKind.RANGES))
    return row


def _seq_sort(sort: Sort) -> SeqSort:
    if not isinstance(sort, SeqSort):
        raise TypeError(f"not a sequence: {sort}")
    return sort
