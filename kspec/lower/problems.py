"""What only the numbers of a cluster show to be wrong, and how much a system may hold."""

from __future__ import annotations

from kspec.language.codes import Code
from kspec.language.diagnostics import Diagnostic
from kspec.system.spans import Span

SLOT_LIMIT = 4_096
"""The most slots of one kind."""

VALUE_LIMIT = 65_536
"""The most keys of a map, members of a set, entries of a sequence."""

PLACE_LIMIT = 1_000_000
"""The most single values in one state."""

STEP_LIMIT = 1 << 48
"""The most amounts of one quantity."""

BIT_LIMIT = 4_096
"""The most bits of a number."""

NODE_LIMIT = 400_000
"""The most expressions of one system, definitions written out."""

PATH_LIMIT = 256
"""The most control paths of one action."""


class Problem(Exception):
    """Something that cannot be lowered; `diagnostic` says why to the user."""

    def __init__(self, code: Code, message: str, span: Span, hint: str | None = None) -> None:
        super().__init__(message)
        self.diagnostic = Diagnostic(code, message, span, hint)
