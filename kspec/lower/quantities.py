"""Units of quantities: amounts are numbers of the system, counted in the largest unit that leaves every literal whole.

Sums, differences and multiples of whole numbers of units are whole, so that no amount of a run has a fraction, and the
state is as small as the literals allow.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from math import gcd
from typing import TYPE_CHECKING, Any

from kspec.language import checked
from kspec.language.codes import Code
from kspec.language.types import QuantityType
from kspec.lower.problems import STEP_LIMIT, Problem
from kspec.system.amounts import Unit, spell
from kspec.system.spans import Span

if TYPE_CHECKING:
    from kspec.lower.context import Context


def unit_of(context: Context, name: str) -> Unit:
    """The unit of a quantity: the greatest common divisor of all amounts that the model and its cluster write."""
    quantity = context.model.quantities[name]
    literals = [item for item in _amounts(_parts(context)) if item.type.name == name]
    binary = any(item.binary for item in (*literals, *_amounts(quantity.bound)))
    most = _thousandths(context, quantity.bound)
    if most <= 0:
        message = f"amounts of `{name}` are at most {spell(most, binary)}, so that there are none but 0"
        raise Problem(Code.KS602, message, quantity.bound.span, "write the greatest amount, such as `at most 64`")
    unit = Unit(name, gcd(*(item.thousandths for item in literals)) or most, most, binary)
    if unit.steps > STEP_LIMIT:
        finest = min((item for item in literals if item.thousandths), key=lambda item: item.thousandths)
        message = f"`{name}` has {unit.steps:,} amounts, counted in steps of {unit.spell(1)}"
        hint = f"write rounder amounts, or a lower bound; the finest here is {spell(finest.thousandths, binary)}"
        raise Problem(Code.KS603, message, finest.span, hint)
    return unit


def _thousandths(context: Context, bound: checked.Expr) -> int:
    """The exact value of a bound, which is no number of units: it need not be a whole one."""
    match bound:
        case checked.Amount(thousandths):
            return thousandths
        case checked.Negate(operand):
            return -_thousandths(context, operand)
        case checked.Arithmetic("+", left, right):
            return _thousandths(context, left) + _thousandths(context, right)
        case checked.Arithmetic("-", left, right):
            return _thousandths(context, left) - _thousandths(context, right)
        case checked.Arithmetic("*", left, right):
            return _factor(context, left) * _factor(context, right)
        case _:
            hint = "write an amount, or a multiple of one: `NODES * 8Gi`"
            message = "the bound of a quantity is an amount that the text writes"
            raise Problem(Code.KS601, message, bound.span, hint)


def _factor(context: Context, factor: checked.Expr) -> int:
    return _thousandths(context, factor) if isinstance(factor.type, QuantityType) else context.number(factor)


def _parts(context: Context) -> Iterator[object]:
    """Everything that is lowered, but for the bounds of quantities."""
    model, cluster = context.model, context.cluster
    given = context.cluster_values
    yield cluster
    yield from (const.type for const in model.consts.values())
    yield from (const.value for name, const in model.consts.items() if name not in given)
    yield from (variable.type for variable in model.globals.values())
    yield from (variable.initial for name, variable in model.globals.items() if name not in given)
    yield from (item for item in model.properties.values() if context.applies(item.only_in))
    for declared in (model.kinds, model.defs, model.components, model.requests, model.patterns):
        yield from declared.values()
    yield from (model.admissions, model.terminal)


def _amounts(root: Any) -> Iterator[checked.Amount]:
    """Every literal in a part of the checked tree, types included: their bounds are expressions too."""
    seen: set[int] = set()
    stack = [tuple(root) if isinstance(root, Iterator) else root]
    while stack:
        node = stack.pop()
        if isinstance(node, tuple):
            stack.extend(node)
        elif dataclasses.is_dataclass(node) and not isinstance(node, Span) and id(node) not in seen:
            seen.add(id(node))
            if isinstance(node, checked.Amount):
                yield node
            else:
                stack.extend(getattr(node, item.name) for item in dataclasses.fields(node))
