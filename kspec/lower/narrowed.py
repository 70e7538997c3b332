"""Values that the text shows not to be none.

What it shows is sure where the model is the one that was checked. An audit gives a component views, in which its own
write may not be yet, and points between its requests at which others act: such a read fails where the value is none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from kspec.language import checked
from kspec.language.walk import subexpressions
from kspec.lower import build, names
from kspec.lower.scope import Scope
from kspec.lower.views.reading import eyes
from kspec.system.expressions import Expr, FailureKind, Let, Require, Use
from kspec.system.sorts import OptionSort

if TYPE_CHECKING:
    from kspec.lower.context import Context

Stored: TypeAlias = checked.GlobalUse | checked.FieldRead | checked.ComponentRead | checked.MapRead
"""What reads the state."""


def narrow(context: Context, expr: Stored, value: Expr, scope: Scope) -> Expr:
    """The value of a read; where the text shows that it is not none, without that case."""
    if not expr.narrowed or not isinstance(value.sort, OptionSort):
        return value
    if not _is_doubtful(context, expr, scope):
        return build.unwrap(value)
    local = context.fresh("value", value.sort)
    present = build.negate(build.equal(Use(local), build.none(value.sort)))
    message = f"{_describe(expr)} is none here, where it is read again"
    failing = Require(present, build.unwrap(Use(local)), FailureKind.LIVE_REFERENCES, message, expr.span)
    return Let(local, value, failing)


def _is_doubtful(context: Context, expr: Stored, scope: Scope) -> bool:
    """Whether the reader may not see yet what the body wrote on the way to the value."""
    if scope.doubts:
        return True
    written = {write.variable for write in scope.writes}
    reads = (part for part in subexpressions(expr) if isinstance(part, checked.FieldRead))
    return any(
        names.field(part.kind, part.field) in written and eyes(context, scope, part.kind) is not None for part in reads
    )


def _root(expr: checked.Expr) -> checked.Expr:
    """The field or variable of which an entry is read."""
    while isinstance(expr, checked.MapRead):
        expr = expr.map
    return expr


def _describe(expr: Stored) -> str:
    match _root(expr):
        case checked.FieldRead(_, kind, field):
            text = names.field(kind, field)
        case checked.ComponentRead(component, _, variable):
            text = names.component_variable(component, variable)
        case checked.GlobalUse(name):
            text = name
        case _:
            text = "a map"
    return f"an entry of {text}" if isinstance(expr, checked.MapRead) else text
