"""Constants: the expressions that a cluster makes values before any state exists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kspec.evaluate.errors import EnumerationTooLarge, EvaluationError
from kspec.evaluate.evaluator import evaluate_closed
from kspec.evaluate.walk import nodes
from kspec.language import checked
from kspec.language.codes import Code
from kspec.language.types import NumberType
from kspec.lower.build import literal
from kspec.lower.problems import Problem
from kspec.lower.scope import Scope
from kspec.lower.shapes import adapt, describe
from kspec.system.expressions import Existing, Expr, IsAlive, Literal, Lookup, MapBuild, Read
from kspec.system.sorts import IntSort, ObjectSort, OptionSort, Sort, Value, fits
from kspec.system.spans import Span

if TYPE_CHECKING:
    from kspec.lower.context import Context


def constant_value(context: Context, name: str) -> Literal | None:
    """The value of a const; None for one that is chosen initially, or that depends on the initial objects."""
    const = context.model.consts[name]
    value = context.cluster_values.get(name, const.value)
    if isinstance(value, checked.AnyOf | checked.AnyIn):
        return None
    if value is None:
        if isinstance(const.type, NumberType) and const.type.bounds is None:
            return None
        hint = f"write `{name} = …` in the cluster, or a value where it is declared"
        message = f"cluster `{context.cluster.name}` gives no value to `{name}`"
        raise Problem(Code.KS503, message, context.cluster.span, hint)
    expr = context.lowering.lower(value, Scope())
    if not is_closed(expr):
        return None
    sort = context.sort(const.type, const.span)
    found = compute(adapt(expr, sort), value.span)
    if not fits(found, sort):
        raise outside(f"`{name}`", found, sort, value.span)
    return literal(found, sort)


def constant_number(context: Context, expr: checked.Expr) -> int:
    lowered = context.lowering.lower(expr, Scope())
    if not is_closed(lowered):
        hint = "use numbers, and consts whose value the cluster fixes"
        raise Problem(Code.KS601, "this must be a number before the first state is known", expr.span, hint)
    value = compute(lowered, expr.span)
    assert isinstance(value, int)
    return value


def compute(expr: Expr, span: Span) -> Value:
    """The value of a closed expression."""
    if isinstance(expr, Literal):
        return expr.value
    try:
        return evaluate_closed(expr)
    except EvaluationError as error:
        message = f"this cannot be computed: {error.failure.message}"
        raise Problem(Code.KS606, message, span, "write a value that is defined") from None
    except EnumerationTooLarge as error:
        raise Problem(Code.KS603, str(error), span) from None


def is_closed(expr: Expr) -> bool:
    """Whether an expression depends on no state."""
    return not any(map(_looks_at_state, nodes(expr)))


def outside(what: str, value: Value, wanted: Sort, span: Span) -> Problem:
    number = wanted.inner if isinstance(wanted, OptionSort) else wanted
    unit = number.unit if isinstance(number, IntSort) else None
    shown = "its value" if not isinstance(value, int) else f"{value}" if unit is None else unit.spell(value)
    hint = "change the value, or the range of its type"
    if unit is not None:
        hint = f"change the value, or the bound of `{unit.quantity}`"
    return Problem(Code.KS602, f"{what}: {shown} is outside {describe(wanted)}", span, hint)


def _looks_at_state(node: object) -> bool:
    match node:
        case Read() | IsAlive() | Existing() | Lookup():
            return True
        case MapBuild(key):
            return isinstance(key.sort, ObjectSort)
        case _:
            return False
