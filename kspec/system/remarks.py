"""What a model's text shows before any search."""

from __future__ import annotations

from dataclasses import dataclass

from kspec.system.spans import Span


@dataclass(frozen=True, slots=True)
class Remark:
    """Something odd, which is no error: it accompanies every check as a finding with this code."""

    code: str
    message: str
    span: Span
