"""Sets, maps and sequences."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from llvmlite import ir

from kspec.explore.machine import sets, values
from kspec.explore.machine.builder import Operand
from kspec.explore.machine.places import exists
from kspec.explore.machine.shapes import Universe, cells, chunks, is_scalar, plain, universe
from kspec.system.expressions import (
    Contains,
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
)
from kspec.system.sorts import IntSort, MapSort, ObjectSort, OptionSort, SeqSort, SetSort, Sort, zero

if TYPE_CHECKING:
    from kspec.explore.machine.expressions import Expressions

SetExpr = SetLiteral | NumberRange | SetComprehension | SetOperation


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
            return _number_range(expressions, left, right, universe(sort.element))
        case SetComprehension(binding, where, sort):
            collected = _Collected(expressions, universe(sort.element))
            with expressions.domains.each(binding.local, binding.domain) as each:
                expressions.jump_unless(where, each.again)
                collected.add(each.index)
            return collected.value()
        case SetOperation(operator, left, right, sort):
            one = expressions.value_as(left, _whole(left.sort, sort))
            other = expressions.value_as(right, _whole(right.sort, sort))
            both = universe(_whole(left.sort, sort).element)
            result = sets.operation(expressions.code.b, operator, one, other, _joint(both, right.sort, sort))
            return result
        case _:
            assert_never(expr)
