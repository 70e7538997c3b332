"""Names and paths."""

from __future__ import annotations

from dataclasses import dataclass

from kspec.system.spans import Span


@dataclass(frozen=True, slots=True)
class Name:
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Path:
    """Names joined by dots."""

    parts: tuple[Name, ...]
    span: Span

    def __str__(self) -> str:
        return ".".join(part.text for part in self.parts)
