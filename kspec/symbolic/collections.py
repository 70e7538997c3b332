"""Operations on sets, maps and sequences as terms."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, assert_never

from kspec.evaluate.values import in_order
from kspec.symbolic import solver
from kspec.symbolic.bindings import for_each, occurs
from kspec.symbolic.limits import MOST_VALUES
from kspec.symbolic.solver import Bit, Number
from kspec.symbolic.values import (
    MapValue,
    SeqValue,
    SetValue,
    SymbolicValue,
    as_map,
    as_seq,
    as_set,
    domain,
    literal,
)
from kspec.system.expressions import (
    Contains,
    Expr,
    FailureKind,
    First,
    MapBuild,
    MapRead,
    MapWith,
    Moment,
    NumberRange,
    Order,
    Pop,
    Push,
    SeqLiteral,
    SetComprehension,
    SetLiteral,
    SetOperation,
    SetOperator,
    Size,
    Subset,
)
from kspec.system.sorts import IntSort, MapSort, ObjectSort, OptionSort, SetSort, Sort, Value, zero

if TYPE_CHECKING:
    from kspec.symbolic.expressions import Encoder

Collection: TypeAlias = (
    SetLiteral
    | NumberRange
    | SetComprehension
    | SetOperation
    | Contains
    | Subset
    | Size
    | MapBuild
    | MapRead
    | MapWith
    | SeqLiteral
    | First
    | Push
    | Pop
)


def encode_collection(encoder: Encoder, expr: Collection) -> SymbolicValue:
    match expr:
        case Contains(element, collection):
            return _contains(encoder, element, collection)
        case Size(collection):
            return _size(encoder, encoder.encode(collection))
        case SetLiteral() | NumberRange() | SetComprehension() | SetOperation() | Subset():
            return _encode_set(encoder, expr)
        case MapBuild():
            return _map_build(encoder, expr)
        case MapRead():
            return _map_read(encoder, expr)
        case MapWith():
            return _map_with(encoder, expr)
        case SeqLiteral() | First() | Push() | Pop():
            return _encode_sequence(encoder, expr)
        case _:
            assert_never(expr)


# --- sets ------------------------------------------------------------------------------------------------------------


def _encode_set(
    encoder: Encoder, expr: SetLiteral | NumberRange | SetComprehension | SetOperation | Subset
) -> SymbolicValue:
    match expr:
        case SetLiteral(elements, sort):
            return encoder.values.set_of([(encoder.encode(element), True) for element in elements], sort.element)
        case NumberRange():
            return _number_range(encoder, expr)
        case SetComprehension():
            return _comprehension(encoder, expr)
        case SetOperation(operator, left, right):
            return _operation(operator, as_set(encoder.encode(left)), as_set(encoder.encode(right)))
        case Subset(left, right):
            return _subset(as_set(encoder.encode(left)), as_set(encoder.encode(right)))
        case _:
            assert_never(expr)


def _number_range(encoder: Encoder, expr: NumberRange) -> SetValue:
    left, right = encoder.number(expr.left), encoder.number(expr.right)
    if isinstance(left, int) and isinstance(right, int) and right - left < MOST_VALUES:
        return SetValue(dict.fromkeys(range(left, right + 1), True))
    numbers = encoder.numbers
    members: dict[Value, Bit] = {}
    for number in domain(expr.sort.element):
        assert isinstance(number, int)
        above = numbers.compare(Order.AT_MOST, left, number)
        members[number] = solver.both(above, numbers.compare(Order.AT_MOST, number, right))
    return SetValue(members)


def _comprehension(encoder: Encoder, expr: SetComprehension) -> SetValue:
    elements: list[tuple[SymbolicValue, Bit]] = []

    def visit(condition: Bit) -> None:
        where = solver.both(condition, encoder.bit(expr.where))
        elements.append((encoder.locals[expr.binding.local.id], where))

    for_each(encoder, (expr.binding,), visit)
    return encoder.values.set_of(elements, expr.sort.element)


def _operation(operator: SetOperator, left: SetValue, right: SetValue) -> SetValue:
    mine, others = left.members, right.members
    match operator:
        case SetOperator.UNION:
            elements = in_order({**mine, **others})
            return SetValue({e: solver.either(mine.get(e, False), others.get(e, False)) for e in elements})
        case SetOperator.MINUS:
            return SetValue({e: solver.both(bit, solver.negate(others.get(e, False))) for e, bit in mine.items()})
        case SetOperator.INTERSECT:
            return SetValue({e: solver.both(bit, others[e]) for e, bit in mine.items() if e in others})
        case _:
            assert_never(operator)


def _contains(encoder: Encoder, element: Expr, collection: Expr) -> Bit:
    """One of the two may be of options of what the other has."""
    value, held = encoder.encode(element), encoder.encode(collection)
    if isinstance(held, SeqValue):
        return occurs(encoder, held, value)
    members = as_set(held).members
    if isinstance(value, int):
        return members.get(value, False)
    assert isinstance(collection.sort, SetSort)
    sort = collection.sort.element if isinstance(collection.sort.element, OptionSort) else element.sort
    return solver.disjunction(
        solver.both(members[candidate], is_value)
        for candidate, is_value in encoder.values.matches(value, list(members), sort)
    )


def _subset(left: SetValue, right: SetValue) -> Bit:
    return solver.conjunction(solver.implies(bit, right.members.get(e, False)) for e, bit in left.members.items())


def _size(encoder: Encoder, collection: SymbolicValue) -> Number:
    if isinstance(collection, SeqValue):
        return collection.length
    return encoder.numbers.count(list(as_set(collection).members.values()))


# --- maps ------------------------------------------------------------------------------------------------------------


def _map_build(encoder: Encoder, expr: MapBuild) -> MapValue:
    key_sort, empty = expr.sort.key, literal(zero(expr.sort.value), expr.sort.value)
    entries: list[SymbolicValue] = []
    with encoder.every_binding() as next_binding:
        for key in domain(key_sort):
            next_binding()
            present = _is_key(encoder, key, key_sort, expr.moment)
            encoder.locals[expr.key.id] = literal(key, key_sort)
            built = empty if present is False else encoder.under(present, expr.body)
            entries.append(encoder.values.choose(present, built, empty))
    return MapValue(tuple(entries))


def _is_key(encoder: Encoder, key: Value, sort: Sort, moment: Moment) -> Bit:
    """Whether a key is no object, or one that is alive."""
    if isinstance(sort, OptionSort) and key is not None:
        return _is_key(encoder, key, sort.inner, moment)
    if isinstance(sort, ObjectSort) and isinstance(key, int):
        return encoder.layout.alive(encoder.state(moment), sort.kind, key)
    return True


def _map_read(encoder: Encoder, expr: MapRead) -> SymbolicValue:
    entries = as_map(encoder.encode(expr.map)).entries
    keys = _keys(encoder, encoder.encode(expr.key), expr.map.sort)
    chosen = encoder.values.select((condition, entries[position]) for position, condition in keys)
    return literal(zero(expr.sort), expr.sort) if chosen is None else chosen


def _map_with(encoder: Encoder, expr: MapWith) -> MapValue:
    entries = list(as_map(encoder.encode(expr.map)).entries)
    keys = _keys(encoder, encoder.encode(expr.key), expr.map.sort)
    value = encoder.encode(expr.value)
    for position, condition in keys:
        entries[position] = encoder.values.choose(condition, value, entries[position])
    return MapValue(tuple(entries))


def _keys(encoder: Encoder, key: SymbolicValue, sort: Sort) -> list[tuple[int, Bit]]:
    """The positions of the entries that a key may stand for, each with the condition that it does."""
    assert isinstance(sort, MapSort)
    if isinstance(sort.key, IntSort | OptionSort):
        encoder.fail_unless(encoder.values.belongs(key, sort.key), FailureKind.RANGES)
    keys = domain(sort.key)
    positions = {value: position for position, value in enumerate(keys)}
    return [(positions[value], is_value) for value, is_value in encoder.values.matches(key, keys, sort.key)]


# --- sequences -------------------------------------------------------------------------------------------------------


def _encode_sequence(encoder: Encoder, expr: SeqLiteral | First | Push | Pop) -> SymbolicValue:
    match expr:
        case SeqLiteral(elements):
            return SeqValue(len(elements), tuple(encoder.encode(element) for element in elements))
        case First(sequence, sort):
            entries = _not_empty(encoder, sequence).entries
            return entries[0] if entries else literal(zero(sort), sort)
        case Push(sequence, element):
            return _push(encoder, as_seq(encoder.encode(sequence)), encoder.encode(element))
        case Pop(sequence):
            return _pop(encoder, _not_empty(encoder, sequence))
        case _:
            assert_never(expr)


def _not_empty(encoder: Encoder, expr: Expr) -> SeqValue:
    sequence = as_seq(encoder.encode(expr))
    encoder.fail_unless(encoder.values.reaches(sequence, 0), FailureKind.RANGES)
    return sequence


def _push(encoder: Encoder, sequence: SeqValue, element: SymbolicValue) -> SeqValue:
    values, numbers = encoder.values, encoder.numbers
    entries = [
        values.choose(values.reaches(sequence, position), entry, element)
        for position, entry in enumerate(sequence.entries)
    ]
    length = numbers.add(sequence.length, 1, IntSort(0, len(entries) + 1))
    return SeqValue(length, (*entries, element))


def _pop(encoder: Encoder, sequence: SeqValue) -> SeqValue:
    """Of an empty sequence, which fails, anything: here an empty one."""
    numbers = encoder.numbers
    some = encoder.values.reaches(sequence, 0)
    shorter = numbers.add(sequence.length, -1, IntSort(-1, max(0, len(sequence.entries) - 1)))
    return SeqValue(numbers.choose(some, shorter, 0), sequence.entries[1:])
