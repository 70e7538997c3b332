"""Quantifiers and aggregates: nested loops over bindings, outermost first."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from kspec.evaluate.walk import may_fail
from kspec.explore.machine import values
from kspec.explore.machine.builder import Block, Operand, Variable
from kspec.explore.machine.logic import is_simple
from kspec.explore.machine.numbers import interval
from kspec.explore.machine.shapes import NO_NUMBER
from kspec.system.expressions import TRUE, Aggregate, Aggregation, Expr, Not, Quantified, Quantifier
from kspec.system.sorts import IntSort

if TYPE_CHECKING:
    from kspec.explore.machine.expressions import Expressions


def jump_unless(expressions: Expressions, expr: Quantifier, otherwise: Block) -> None:
    """Goes on where the quantifier is true."""
    b = expressions.code.b
    match expr.quantified:
        case Quantified.FORALL:
            _jump_where_some(expressions, expr, Not(expr.body), otherwise)
        case Quantified.EXISTS:
            witness = b.block("witness")
            _jump_where_some(expressions, expr, expr.body, witness)
            b.jump(otherwise)
            b.place(witness)
        case Quantified.EXACTLY_ONE:
            witnesses = b.variable(0)
            with expressions.domains.each_of(expr.bindings) as again:
                _jump_unless_counted(expressions, expr.where, again)
                expressions.jump_unless(expr.body, again)
                witnesses.add(1)
            b.jump_unless(b.equal(witnesses.get(), 1), otherwise)
        case _:
            assert_never(expr.quantified)


def _jump_where_some(expressions: Expressions, expr: Quantifier, wanted: Expr, target: Block) -> None:
    """Jumps where some binding that counts has `wanted`: at the first one; if any may fail, once all are evaluated."""
    b = expressions.code.b
    if not may_fail((expr.bindings[1:], expr.where, wanted)):
        with expressions.domains.each_of(expr.bindings) as again:
            _jump_unless_counted(expressions, expr.where, again)
            expressions.jump_when(wanted, target)
        return
    found = b.variable(0)
    with expressions.domains.each_of(expr.bindings) as again:
        _jump_unless_counted(expressions, expr.where, again)
        expressions.jump_unless(wanted, again)
        found.set(1)
    b.jump_when(b.differ(found.get(), 0), target)


def _jump_unless_counted(expressions: Expressions, where: Expr, otherwise: Block) -> None:
    if where != TRUE:
        expressions.jump_unless(where, otherwise)


def aggregate(expressions: Expressions, expr: Aggregate) -> Operand:
    b = expressions.code.b
    match expr.aggregation:
        case Aggregation.COUNT | Aggregation.SUM:
            return _sum(expressions, expr)
        case Aggregation.MIN | Aggregation.MAX:
            best = b.variable(NO_NUMBER)
            with expressions.domains.each_of(expr.bindings) as again:
                _jump_unless_counted(expressions, expr.where, again)
                _improve(expressions, expr, best)
            return best.get()
        case _:
            assert_never(expr.aggregation)


def _sum(expressions: Expressions, expr: Aggregate) -> Operand:
    b = expressions.code.b
    if isinstance(expr.sort, IntSort):
        interval(expr)
    total = b.variable(0)
    with expressions.domains.each_of(expr.bindings) as again:
        if expr.aggregation is Aggregation.COUNT and is_simple(expr.where):
            total.add(b.bit(expressions.condition(expr.where)))
        else:
            _jump_unless_counted(expressions, expr.where, again)
            total.add(expressions.value(expr.body))
    return total.get()


def _improve(expressions: Expressions, expr: Aggregate, best: Variable) -> None:
    """The least or greatest number so far; a body that is none does not count."""
    b = expressions.code.b
    value = b.number(expressions.value(expr.body))
    is_first = b.equal(best.get(), NO_NUMBER)
    smaller, greater = (value, best.get()) if expr.aggregation is Aggregation.MIN else (best.get(), value)
    is_better = b.one_of(is_first, b.less(smaller, greater))
    counts = b.negate(values.is_none(b, value, expr.body.sort))
    best.set(b.select(b.both(counts, is_better), value, best.get()))
