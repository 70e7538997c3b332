"""How large a formula may become when its patterns and quantifiers are written out."""

from __future__ import annotations

from typing import Final

from kspec.language.codes import Code
from kspec.lower.problems import Problem
from kspec.system.spans import Span

PART_LIMIT: Final = 10_000
"""The most parts of one formula: more than any engine can look at, and few enough to be written out at once."""


class Parts:
    """Counts the parts of one formula."""

    def __init__(self) -> None:
        self._count = 0

    def spend(self, span: Span, count: int = 1) -> None:
        """Raises Problem where there are too many."""
        self._count += count
        if self._count > PART_LIMIT:
            message = f"with its patterns and quantifiers written out, this formula has more than {PART_LIMIT:,} parts"
            hint = "quantify at the head of the property, or over fewer values"
            raise Problem(Code.KS609, message, span, hint)
