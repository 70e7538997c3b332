"""Diagnostics: what is wrong with a model, where, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from kspec.language.codes import Code
from kspec.system.spans import Span

MAX_KNOWN: Final = 6
"""How many words a hint lists."""


OPTIONS: Final = ("-D", "--scope")
"""The options whose texts are written in the language."""


def source_of_option(option: str, text: str) -> str:
    """What spans call the text of an option: no name of a file, but what the user wrote."""
    return f'{option} "{text}"'


def option_of_source(name: str) -> str | None:
    """The option whose text spans call so; None for a file."""
    option = name.partition(" ")[0]
    return option if option in OPTIONS and name.startswith(f'{option} "') else None


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """`related`: other places with a few words each, such as the first of two declarations."""

    code: Code
    message: str
    span: Span
    hint: str | None = None
    related: tuple[tuple[Span, str], ...] = ()


def closest(name: str, known: Iterable[str]) -> list[str]:
    """The known words that a misspelt one may mean, the likeliest first."""
    return get_close_matches(name, sorted(known), n=3, cutoff=0.6)


def did_you_mean(name: str, known: Iterable[str]) -> str | None:
    """A hint that names the known words closest to a misspelt one; None if none is close."""
    close = closest(name, known)
    if not close:
        return None
    return "did you mean " + " or ".join(f"`{word}`" for word in close) + "?"


def near_or_known(name: str, known: Iterable[str]) -> str | None:
    """A hint that names the known words closest to a misspelt one, or else a few of all; None if nothing is known."""
    words = sorted(known)
    near = did_you_mean(name, words)
    if near is not None or not words:
        return near
    shown = ", ".join(f"`{word}`" for word in words[:MAX_KNOWN])
    return f"there is {shown}{', …' if len(words) > MAX_KNOWN else ''}"
