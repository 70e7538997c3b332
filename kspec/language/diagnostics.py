"""Diagnostics: what is wrong with a model, where, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from kspec.language.codes import Code
from kspec.system.spans import Span


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """`related`: other places with a few words each, such as the first of two declarations."""

    code: Code
    message: str
    span: Span
    hint: str | None = None
    related: tuple[tuple[Span, str], ...] = ()


def did_you_mean(name: str, known: Iterable[str]) -> str | None:
    """A hint that names the known words closest to a misspelt one; None if none is close."""
    close = get_close_matches(name, sorted(known), n=3, cutoff=0.6)
    if not close:
        return None
    return "did you mean " + " or ".join(f"`{word}`" for word in close) + "?"
