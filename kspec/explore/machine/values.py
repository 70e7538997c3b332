"""Reading, storing, converting and comparing values of any sort. A scalar is a number, other values are rows of cells.

Values of one meaning may have different sorts (a set of a smaller range, a shorter sequence, a value that is no
option), and so different cells.
"""

from __future__ import annotations

from typing import TypeAlias

from llvmlite import ir

from kspec.explore.machine import sets
from kspec.explore.machine.builder import Block, Builder, Operand
from kspec.explore.machine.constants import Constants
from kspec.explore.machine.shapes import cells, is_scalar, none_cell, plain, to_cells, universe
from kspec.system.expressions import SetOperator
from kspec.system.sorts import IntSort, MapSort, OptionSort, SeqSort, SetSort, Sort, Value

Row: TypeAlias = ir.Value
"""A pointer to the first cell of a value that is no scalar."""


def literal(constants: Constants, value: Value, sort: Sort) -> Operand:
    found = to_cells(value, sort)
    return found[0] if is_scalar(sort) else constants.row(found)


def read(b: Builder, row: Row, sort: Sort, index: Operand = 0) -> Operand:
    """The value at an index of a row."""
    return b.load(row, index) if is_scalar(sort) else b.at(row, index)


def converted(b: Builder, value: Operand, source: Sort, target: Sort) -> Operand:
    """The value with the cells of another sort, which has room for it."""
    if same_cells(source, target):
        return value
    if isinstance(source, SetSort) and isinstance(target, SetSort):
        return sets.convert(b, value, universe(source.element), universe(target.element))
    row = b.array(cells(target))
    store(b, row, value, source, target)
    return row


def same_cells(source: Sort, target: Sort) -> bool:
    """Whether a value has the same cells in both sorts."""
    match source, target:
        case SetSort(one), SetSort(other):
            return universe(one) == universe(other)
        case MapSort(_, one), MapSort(_, other):
            return same_cells(one, other)
        case SeqSort(one, capacity), SeqSort(other, room):
            return capacity == room and same_cells(one, other)
        case OptionSort(one), OptionSort(other):
            return is_scalar(source) or same_cells(one, other)
        case _:
            return is_scalar(target)


def store(b: Builder, row: Row, value: Operand, source: Sort, target: Sort) -> None:
    """Stores a value as one of another sort."""
    if is_scalar(target):
        b.store(row, 0, converted(b, value, source, target))
        return
    if same_cells(source, target):
        b.copy(row, value, cells(target))
        return
    match source, target:
        case SetSort(one), SetSort(other):
            b.copy(row, sets.convert(b, value, universe(one), universe(other)), cells(target))
        case OptionSort(one), OptionSort(other):
            present = b.load(value)
            b.store(row, 0, present)
            with b.when(b.differ(present, 0)):
                store(b, b.at(row, 1), read(b, value, one, 1), one, other)
        case _, OptionSort(other):
            b.store(row, 0, 1)
            store(b, b.at(row, 1), value, source, other)
        case MapSort(_, one), MapSort(key, other):
            with b.loop(0, universe(key).size) as each:
                entry = read(b, value, one, b.multiply(each.index, cells(one)))
                store(b, b.at(row, b.multiply(each.index, cells(other))), entry, one, other)
        case SeqSort(), SeqSort():
            _store_sequence(b, row, value, source, target)
        case _:
            raise TypeError(f"{source} is stored as {target}")


def _store_sequence(b: Builder, row: Row, value: Row, source: SeqSort, target: SeqSort) -> None:
    length = b.load(value)
    b.store(row, 0, length)
    with b.loop(0, length) as each:
        entry = sequence_entry(b, value, source, each.index)
        store(b, sequence_place(b, row, target, each.index), entry, source.element, target.element)


def sequence_place(b: Builder, row: Row, sort: SeqSort, index: Operand) -> Row:
    """Where an entry of a sequence is."""
    return b.at(row, b.add(b.multiply(index, cells(sort.element)), 1))


def sequence_entry(b: Builder, row: Row, sort: SeqSort, index: Operand) -> Operand:
    return read(b, sequence_place(b, row, sort, index), sort.element)


# --- comparing -------------------------------------------------------------------------------------------------------


def is_none(b: Builder, value: Operand, sort: Sort) -> ir.Value:
    if not isinstance(sort, OptionSort):
        return b.differ(0, 0)
    if is_scalar(sort):
        return b.equal(value, none_cell(sort))
    return b.equal(b.load(value), 0)


def equal_scalars(b: Builder, left: Operand, of_left: Sort, right: Operand, of_right: Sort) -> ir.Value:
    if isinstance(of_left, SetSort) and isinstance(of_right, SetSort):
        both = sets.joined(of_left, of_right)
        left, right = converted(b, left, of_left, both), converted(b, right, of_right, both)
    return b.equal(left, right)


def compares_at_once(of_left: Sort, of_right: Sort) -> bool:
    """Whether `equal_scalars` compares values of these sorts."""
    if isinstance(of_left, SetSort) and isinstance(of_right, SetSort):
        return sets.is_small(universe(sets.joined(of_left, of_right).element))
    return is_scalar(of_left) and is_scalar(of_right)


def jump_unless_equal(
    b: Builder, left: Operand, of_left: Sort, right: Operand, of_right: Sort, otherwise: Block
) -> None:
    if compares_at_once(of_left, of_right):
        b.jump_unless(equal_scalars(b, left, of_left, right, of_right), otherwise)
        return
    match of_left, of_right:
        case SetSort(), SetSort():
            both = sets.joined(of_left, of_right)
            left, right = converted(b, left, of_left, both), converted(b, right, of_right, both)
            with b.loop(0, cells(both)) as each:
                b.jump_unless(b.equal(b.load(left, each.index), b.load(right, each.index)), otherwise)
        case OptionSort(one), OptionSort(other):
            present = b.load(left)
            b.jump_unless(b.equal(present, b.load(right)), otherwise)
            with b.when(b.differ(present, 0)):
                jump_unless_equal(b, read(b, left, one, 1), one, read(b, right, other, 1), other, otherwise)
        case OptionSort(one), _:
            b.jump_when(is_none(b, left, of_left), otherwise)
            jump_unless_equal(b, read(b, left, one, 1), one, right, of_right, otherwise)
        case _, OptionSort():
            jump_unless_equal(b, right, of_right, left, of_left, otherwise)
        case MapSort(key, one), MapSort(_, other):
            with b.loop(0, universe(key).size) as each:
                entry = read(b, left, one, b.multiply(each.index, cells(one)))
                its_other = read(b, right, other, b.multiply(each.index, cells(other)))
                jump_unless_equal(b, entry, one, its_other, other, otherwise)
        case SeqSort(one), SeqSort(other):
            length = b.load(left)
            b.jump_unless(b.equal(length, b.load(right)), otherwise)
            with b.loop(0, length) as each:
                entry = sequence_entry(b, left, of_left, each.index)
                its_other = sequence_entry(b, right, of_right, each.index)
                jump_unless_equal(b, entry, one, its_other, other, otherwise)
        case _:
            raise TypeError(f"{of_left} is compared with {of_right}")


# --- bounds ----------------------------------------------------------------------------------------------------------


def jump_unless_fits(b: Builder, value: Operand, sort: Sort, stored: Sort, otherwise: Block) -> None:
    """Jumps unless a value lies within the bounds of the sort it is to be stored in."""
    match sort, stored:
        case _, IntSort() if isinstance(plain(sort), IntSort):
            _jump_unless_in_range(b, value, sort, stored, otherwise)
        case OptionSort(), OptionSort(other) if is_scalar(sort):
            jump_unless_fits(b, value, sort, plain(other), otherwise)
        case _, OptionSort(other) if not isinstance(sort, OptionSort):
            jump_unless_fits(b, value, sort, other, otherwise)
        case OptionSort(one), _ if not is_scalar(sort):
            with b.unless(is_none(b, value, sort)):
                jump_unless_fits(b, read(b, value, one, 1), one, _of_some(stored), otherwise)
        case SetSort(), SetSort():
            _jump_unless_members_fit(b, value, sort, stored, otherwise)
        case MapSort(key, one), MapSort(_, other):
            with b.loop(0, universe(key).size) as each:
                entry = read(b, value, one, b.multiply(each.index, cells(one)))
                jump_unless_fits(b, entry, one, other, otherwise)
        case SeqSort(one, capacity), SeqSort(other, room):
            length = b.load(value)
            if capacity > room:
                b.jump_unless(b.at_most(length, room), otherwise)
            with b.loop(0, length) as each:
                jump_unless_fits(b, sequence_entry(b, value, sort, each.index), one, other, otherwise)
        case _:
            pass


def _of_some(sort: Sort) -> Sort:
    return sort.inner if isinstance(sort, OptionSort) else sort


def _jump_unless_in_range(b: Builder, value: Operand, sort: Sort, stored: IntSort, otherwise: Block) -> None:
    """None is never out of range."""
    onward = b.block("onward")
    if isinstance(sort, OptionSort):
        b.jump_when(is_none(b, value, sort), onward)
    number = plain(sort)
    lo, hi = (number.lo, number.hi) if isinstance(number, IntSort) else (None, None)
    if stored.lo is not None and (lo is None or lo < stored.lo):
        b.jump_unless(b.at_most(stored.lo, value), otherwise)
    if stored.hi is not None and (hi is None or hi > stored.hi):
        b.jump_unless(b.at_most(value, stored.hi), otherwise)
    b.place(onward)


def _jump_unless_members_fit(b: Builder, value: Operand, sort: SetSort, stored: SetSort, otherwise: Block) -> None:
    """The members that another sort has room for are all."""
    if not isinstance(plain(sort.element), IntSort):
        return
    kept = converted(b, value, sort, _with_none(stored, sort))
    back = converted(b, kept, _with_none(stored, sort), sort)
    values = universe(sort.element)
    lost = sets.operation(b, SetOperator.MINUS, value, back, values)
    b.jump_unless(sets.is_empty(b, lost, values), otherwise)


def _with_none(stored: SetSort, sort: SetSort) -> SetSort:
    """The stored sort, with none among the elements where the others have it: none always fits."""
    optional = isinstance(sort.element, OptionSort) and not isinstance(stored.element, OptionSort)
    return SetSort(OptionSort(stored.element)) if optional else stored
