"""Quantifiers and aggregates as terms: unrolled over what their variables range over.

Numbers that are too many to unroll become a quantifier of the solver's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, assert_never

from kspec.symbolic import solver
from kspec.symbolic.bindings import for_each
from kspec.symbolic.limits import MOST_VALUES
from kspec.symbolic.solver import Bit, Number
from kspec.symbolic.values import OptionValue, SymbolicValue, as_number
from kspec.system.expressions import (
    Aggregate,
    Aggregation,
    AllValues,
    Binding,
    FailureKind,
    Order,
    Quantified,
    Quantifier,
)
from kspec.system.sorts import IntSort, cardinality

if TYPE_CHECKING:
    from kspec.symbolic.expressions import Encoder


def encode_quantifier(encoder: Encoder, expr: Quantifier) -> Bit:
    match expr.quantified:
        case Quantified.FORALL:
            return _for_all(encoder, expr.bindings, expr, True)
        case Quantified.EXISTS:
            return solver.negate(_for_all(encoder, expr.bindings, expr, False))
        case Quantified.EXACTLY_ONE:
            return encoder.numbers.equal(encoder.numbers.count(_having(encoder, expr)), 1)
        case _:
            assert_never(expr.quantified)


def _having(encoder: Encoder, expr: Quantifier) -> list[Bit]:
    """For every binding, whether it has both `where` and `body`."""
    bits: list[Bit] = []

    def visit(condition: Bit) -> None:
        where = encoder.bit(expr.where)
        if where is not False:
            bits.append(solver.conjunction((condition, where, encoder.bit_under(where, expr.body))))

    for_each(encoder, expr.bindings, visit)
    return bits


def _for_all(encoder: Encoder, bindings: Sequence[Binding], expr: Quantifier, wanted: bool) -> Bit:
    """Whether the body is `wanted` for every binding."""
    if not bindings:
        where = encoder.bit(expr.where)
        if where is False:
            return True
        body = encoder.bit_under(where, expr.body)
        return solver.implies(where, body if wanted else solver.negate(body))
    first, rest = bindings[0], bindings[1:]
    if isinstance(first.domain, AllValues) and isinstance(first.domain.of, IntSort) and too_many(first.domain.of):
        return _for_all_numbers(encoder, first.domain.of, bindings, expr, wanted)
    kept: list[Bit] = []

    def visit(belongs: Bit) -> None:
        kept.append(solver.implies(belongs, _for_all(encoder, rest, expr, wanted)))

    for_each(encoder, (first,), visit)
    return solver.conjunction(kept)


def too_many(sort: IntSort) -> bool:
    """Whether the numbers of an interval are not written out one by one."""
    count = cardinality(sort)
    return count is None or count > MOST_VALUES


def _for_all_numbers(
    encoder: Encoder, sort: IntSort, bindings: Sequence[Binding], expr: Quantifier, wanted: bool
) -> Bit:
    """A quantifier of the solver's."""
    encoder.layout.quantified = True
    local = bindings[0].local
    number = encoder.numbers.variable(f"any.{local.name}.{encoder.layout.parts}", sort)
    within = encoder.numbers.within(number, sort)
    inner = encoder.fork()
    inner.path = []
    inner.locals[local.id] = number
    keeps = _for_all(inner, bindings[1:], expr, wanted)
    for kind in FailureKind:
        never = solver.for_all([number], solver.negate(solver.both(within, inner.failures.first(kind))))
        encoder.fail_unless(never, kind)
    return solver.for_all([number], solver.implies(within, keeps))


# --- aggregates ------------------------------------------------------------------------------------------------------


def encode_aggregate(encoder: Encoder, expr: Aggregate) -> SymbolicValue:
    match expr.aggregation:
        case Aggregation.COUNT:
            return encoder.numbers.count([condition for condition, _ in _counted(encoder, expr)])
        case Aggregation.SUM:
            return _sum(encoder, expr)
        case Aggregation.MIN:
            return _extreme(encoder, expr, lambda new, old: encoder.numbers.compare(Order.LESS, new, old))
        case Aggregation.MAX:
            return _extreme(encoder, expr, lambda new, old: encoder.numbers.compare(Order.LESS, old, new))
        case _:
            assert_never(expr.aggregation)


def _counted(encoder: Encoder, expr: Aggregate) -> list[tuple[Bit, Number]]:
    """For every binding, whether it has `where`, and its `body`."""
    found: list[tuple[Bit, Number]] = []

    def visit(condition: Bit) -> None:
        where = encoder.bit(expr.where)
        if where is not False:
            body = as_number(encoder.under(where, expr.body))
            found.append((solver.both(condition, where), body))

    for_each(encoder, expr.bindings, visit)
    return found


def _sum(encoder: Encoder, expr: Aggregate) -> Number:
    assert isinstance(expr.sort, IntSort)
    total: Number = 0
    for condition, body in _counted(encoder, expr):
        total = encoder.numbers.add(total, encoder.numbers.choose(condition, body, 0), expr.sort)
    return total


def _extreme(encoder: Encoder, expr: Aggregate, better: Callable[[Number, Number], Bit]) -> OptionValue:
    present: Bit = False
    best: Number = 0
    for condition, body in _counted(encoder, expr):
        takes = solver.both(condition, solver.either(solver.negate(present), better(body, best)))
        best = encoder.numbers.choose(takes, body, best)
        present = solver.either(present, condition)
    return OptionValue(present, best)
