"""What stands for an expression that has been reported."""

from __future__ import annotations

from kspec.language import checked
from kspec.language.types import ErrorType
from kspec.system.spans import Span


def erroneous(span: Span) -> checked.Expr:
    """An expression of ErrorType, which fits everywhere, so that nothing is reported twice."""
    return checked.Builtin("error", (), ErrorType(), span)
