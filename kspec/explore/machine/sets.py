"""Sets as bits: one number for small ones, else a row of chunks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from llvmlite import ir

from kspec.explore.machine.builder import Builder, Loop, Operand
from kspec.explore.machine.shapes import CHUNK, SMALL, Universe, chunks, universe
from kspec.system.expressions import SetOperator
from kspec.system.sorts import IntSort, OptionSort, SetSort, Sort

_CHUNK_SHIFT = CHUNK.bit_length() - 1


def joined(left: SetSort, right: SetSort) -> SetSort:
    """A sort that the sets of both have."""
    return SetSort(_joined_element(left.element, right.element))


def _joined_element(left: Sort, right: Sort) -> Sort:
    match left, right:
        case OptionSort(one), OptionSort(other):
            return OptionSort(_joined_element(one, other))
        case (OptionSort(one), other) | (other, OptionSort(one)):
            return OptionSort(_joined_element(one, other))
        case IntSort(), IntSort():
            if None in (left.lo, left.hi, right.lo, right.hi):
                return IntSort(None, None)
            return IntSort(min(left.lo or 0, right.lo or 0), max(left.hi or 0, right.hi or 0))
        case _:
            return left


def is_small(values: Universe) -> bool:
    return values.size <= SMALL


# --- elements --------------------------------------------------------------------------------------------------------


def ordinal_of(b: Builder, value: Operand, values: Universe) -> Operand:
    """The ordinal of a value; negative or too large where it is not among the values."""
    if isinstance(value, int):
        return 0 if value == values.none else value - values.origin
    ordinal = b.subtract(value, values.origin) if values.origin else value
    if values.none is None or values.none == values.origin:
        return ordinal
    return b.select(b.equal(value, values.none), 0, ordinal)


def value_of(b: Builder, ordinal: ir.Value, values: Universe) -> ir.Value:
    value = b.add(ordinal, values.origin) if values.origin else ordinal
    if values.none is None or values.none == values.origin:
        return value
    return b.select(b.equal(ordinal, 0), values.none, value)


def has(b: Builder, bits: Operand, ordinal: Operand, values: Universe) -> ir.Value:
    """Whether a set has a value, which may be none of its values."""
    inside = b.less_unsigned(ordinal, values.size)
    if is_small(values):
        shifted = b.shift_right(bits, b.select(inside, ordinal, 0))
        return b.both(inside, b.differ(b.bit_and(shifted, 1), 0))
    safe = b.select(inside, ordinal, 0)
    chunk = b.load(bits, b.shift_right(safe, _CHUNK_SHIFT))
    shifted = b.shift_right(chunk, b.bit_and(safe, CHUNK - 1))
    return b.both(inside, b.differ(b.bit_and(shifted, 1), 0))


def single(b: Builder, ordinal: Operand) -> ir.Value:
    """The small set of one value."""
    return b.shift_left(1, ordinal)


def insert(b: Builder, row: ir.Value, ordinal: Operand) -> None:
    """Adds a value to a large set."""
    index = b.shift_right(ordinal, _CHUNK_SHIFT)
    bit = b.shift_left(1, b.bit_and(ordinal, CHUNK - 1))
    b.store(row, index, b.bit_or(b.load(row, index), bit))


def clear(b: Builder, row: ir.Value, values: Universe) -> None:
    with b.loop(0, chunks(values.size)) as each:
        b.store(row, each.index, 0)


@contextmanager
def each_member(b: Builder, bits: ir.Value, values: Universe) -> Iterator[Loop]:
    """For each value of a set, smallest first; `index` is the value."""
    if is_small(values):
        with b.each_bit(bits) as loop:
            yield Loop(value_of(b, loop.index, values), loop.again, loop.end)
        return
    with b.loop(0, chunks(values.size)) as chunk, b.each_bit(b.load(bits, chunk.index)) as loop:
        ordinal = b.add(b.shift_left(chunk.index, _CHUNK_SHIFT), loop.index)
        yield Loop(value_of(b, ordinal, values), loop.again, chunk.end)


# --- whole sets ------------------------------------------------------------------------------------------------------


def convert(b: Builder, bits: Operand, source: Universe, target: Universe) -> Operand:
    """The set over other values; those that are not among them are left out."""
    if source == target:
        return bits
    if is_small(source) and is_small(target):
        return _shifted(b, bits, source, target)
    if is_small(target):
        result = b.variable(0)
        with each_member(b, bits, source) as member:
            ordinal = ordinal_of(b, member.index, target)
            b.jump_unless(b.less_unsigned(ordinal, target.size), member.again)
            result.include(single(b, ordinal))
        return result.get()
    row = b.array(chunks(target.size))
    clear(b, row, target)
    with each_member(b, bits, source) as member:
        ordinal = ordinal_of(b, member.index, target)
        b.jump_unless(b.less_unsigned(ordinal, target.size), member.again)
        insert(b, row, ordinal)
    return row


def _shifted(b: Builder, bits: Operand, source: Universe, target: Universe) -> ir.Value:
    """Bit by bit at once: the values keep their distances, and none stays the first."""
    apart = source.none is not None and source.none != source.origin
    rest = b.bit_and(bits, -2) if apart else bits
    by = source.origin - target.origin
    if abs(by) > SMALL:
        moved: Operand = 0
    else:
        moved = b.shift_left(rest, by) if by >= 0 else b.shift_right(rest, -by)
    moved = b.bit_and(moved, (1 << target.size) - 1)
    if target.none is not None and target.none != target.origin:
        moved = b.bit_and(moved, -2)
        if apart:
            moved = b.bit_or(moved, b.bit_and(bits, 1))
    return moved


def operation(b: Builder, operator: SetOperator, left: Operand, right: Operand, values: Universe) -> Operand:
    """Of two sets over the same values."""
    if is_small(values):
        return _of_bits(b, operator, left, right)
    row = b.array(chunks(values.size))
    with b.loop(0, chunks(values.size)) as each:
        of_chunk = _of_bits(b, operator, b.load(left, each.index), b.load(right, each.index))
        b.store(row, each.index, of_chunk)
    return row


def _of_bits(b: Builder, operator: SetOperator, left: Operand, right: Operand) -> ir.Value:
    match operator:
        case SetOperator.UNION:
            return b.bit_or(left, right)
        case SetOperator.INTERSECT:
            return b.bit_and(left, right)
        case SetOperator.MINUS:
            return b.bit_and(left, b.bit_xor(right, -1))


def is_empty(b: Builder, bits: Operand, values: Universe) -> ir.Value:
    if is_small(values):
        return b.equal(bits, 0)
    found = b.variable(0)
    with b.loop(0, chunks(values.size)) as each:
        found.include(b.load(bits, each.index))
    return b.equal(found.get(), 0)


def size(b: Builder, bits: Operand, values: Universe) -> ir.Value:
    if is_small(values):
        return b.count_bits(bits)
    total = b.variable(0)
    with b.loop(0, chunks(values.size)) as each:
        total.add(b.count_bits(b.load(bits, each.index)))
    return total.get()


def universe_of(sort: Sort) -> Universe:
    """The values that members of a set sort may be."""
    if not isinstance(sort, SetSort):
        raise TypeError(f"not a set: {sort}")
    return universe(sort.element)
