"""What variables range over: the values of domains, in order, each with the condition that it belongs.

Where the domain is known the values are known too, so that reading at them needs no case distinction.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, assert_never

from kspec.evaluate.values import in_order
from kspec.symbolic import solver
from kspec.symbolic.solver import Bit
from kspec.symbolic.values import SeqValue, SymbolicValue, as_number, as_set, domain, literal
from kspec.system.expressions import (
    AllValues,
    Binding,
    Created,
    Deleted,
    Domain,
    Existing,
    ExistingInBoth,
    Members,
    Moment,
    Order,
    Slots,
)
from kspec.system.sorts import IntSort, ObjectSort, SeqSort, SetSort, Sort, cardinality

if TYPE_CHECKING:
    from kspec.symbolic.expressions import Encoder

FEW_VALUES = 256
"""Up to so many values of its type, the members of a sequence are found by looking for each value."""


def domain_values(encoder: Encoder, ranged: Domain) -> list[tuple[SymbolicValue, Bit]]:
    """What a variable may be, in order, each with the condition that it belongs to the domain."""
    match ranged:
        case Existing(kind, moment):
            return _objects(kind, lambda slot: _alive(encoder, kind, slot, moment))
        case Slots(kind):
            return _objects(kind, lambda slot: True)
        case ExistingInBoth(kind):
            return _objects(kind, lambda slot: solver.both(*_alive_before_and_after(encoder, kind, slot)))
        case Created(kind):
            return _objects(kind, lambda slot: _only_second(*_alive_before_and_after(encoder, kind, slot)))
        case Deleted(kind):
            return _objects(kind, lambda slot: _only_second(*reversed(_alive_before_and_after(encoder, kind, slot))))
        case AllValues(sort):
            return [(literal(value, sort), True) for value in domain(sort)]
        case Members(collection):
            return _members(encoder, encoder.encode(collection), collection.sort)
        case _:
            assert_never(ranged)


def _objects(kind: ObjectSort, belongs: Callable[[int], Bit]) -> list[tuple[SymbolicValue, Bit]]:
    return [(slot, condition) for slot in range(kind.slots) if (condition := belongs(slot)) is not False]


def _alive(encoder: Encoder, kind: ObjectSort, slot: int, moment: Moment) -> Bit:
    return encoder.layout.alive(encoder.state(moment), kind.kind, slot)


def _alive_before_and_after(encoder: Encoder, kind: ObjectSort, slot: int) -> tuple[Bit, Bit]:
    return _alive(encoder, kind, slot, Moment.OLD), _alive(encoder, kind, slot, Moment.NEW)


def _only_second(first: Bit, second: Bit) -> Bit:
    return solver.both(solver.negate(first), second)


def for_each(
    encoder: Encoder, bindings: Sequence[Binding], visit: Callable[[Bit], None], condition: Bit = True
) -> None:
    """Calls `visit` for every binding, with its locals set and the condition that it is one."""
    if not bindings:
        visit(condition)
        return
    values = domain_values(encoder, bindings[0].domain)
    with encoder.every_binding() as next_binding:
        for value, belongs in values:
            next_binding()
            encoder.locals[bindings[0].local.id] = value
            encoder.path.append(belongs)
            for_each(encoder, bindings[1:], visit, solver.both(condition, belongs))
            encoder.path.pop()


def _members(encoder: Encoder, collection: SymbolicValue, sort: Sort) -> list[tuple[SymbolicValue, Bit]]:
    """The members of a set, or of a sequence (each value once), smallest first."""
    match sort:
        case SetSort(element):
            members = as_set(collection).members
            return [(literal(member, element), members[member]) for member in in_order(members)]
        case SeqSort(element):
            assert isinstance(collection, SeqValue)
            count = cardinality(element)
            if isinstance(element, IntSort) and (count is None or count > FEW_VALUES):
                return _sorted_numbers(encoder, collection)
            return [
                (literal(value, element), occurs(encoder, collection, literal(value, element)))
                for value in domain(element)
            ]
        case _:
            raise AssertionError(f"neither a set nor a sequence: {sort}")


def occurs(encoder: Encoder, sequence: SeqValue, value: SymbolicValue) -> Bit:
    """Whether a sequence has the value among its entries."""
    return solver.disjunction(
        solver.both(encoder.values.reaches(sequence, position), encoder.values.equal(entry, value))
        for position, entry in enumerate(sequence.entries)
    )


def _sorted_numbers(encoder: Encoder, sequence: SeqValue) -> list[tuple[SymbolicValue, Bit]]:
    """The different numbers of a sequence, smallest first: a network of compare-and-exchange (bubble sort)."""
    numbers = encoder.numbers
    rows = [(as_number(entry), encoder.values.reaches(sequence, i)) for i, entry in enumerate(sequence.entries)]
    for last in range(len(rows) - 1, 0, -1):
        for i in range(last):
            (low, has_low), (high, has_high) = rows[i], rows[i + 1]
            wrong = solver.both(has_low, numbers.compare(Order.LESS, high, low))
            exchange = solver.both(has_high, solver.either(solver.negate(has_low), wrong))
            rows[i] = (numbers.choose(exchange, high, low), solver.either(has_low, has_high))
            rows[i + 1] = (numbers.choose(exchange, low, high), solver.both(has_low, has_high))
    return [
        (number, present if i == 0 else solver.both(present, solver.negate(numbers.equal(rows[i - 1][0], number))))
        for i, (number, present) in enumerate(rows)
    ]
