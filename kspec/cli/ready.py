"""Models that are ready to be checked, kept between runs: reading, checking and lowering take longer than finding what
came of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kspec.language.grammar_file import grammar_text
from kspec.language.source import display_name, read_source
from kspec.system.spans import Span
from kspec.system.system import System
from kspec.user_cache import Kept, name_of, version_of


@dataclass(frozen=True, slots=True)
class Ready:
    """A model that there is nothing to complain of. `systems`: of each cluster that was asked for, in order; `spans`:
    where those are declared; `sources`: texts, by the names that spans have for them."""

    systems: dict[str, System]
    spans: dict[str, Span]
    sources: dict[str, str]


MODELS: Final = Kept("model", Ready, 32 << 20)

_MAKING: Final = ("system", "language", "evaluate", "lower", "cli")
"""The packages that a system is made by; the grammar is made to match by `language`, and counts as text."""

_IMPORT: Final = re.compile(r"\bimport\b")


@dataclass(frozen=True, slots=True)
class Asked:
    """A file, and the options that a system depends on."""

    path: Path
    defines: tuple[str, ...]
    scopes: tuple[str, ...]
    clusters: tuple[str, ...]


def find(asked: Asked) -> Ready | None:
    """The model, if it was kept."""
    text = _text_now(asked.path)
    name = None if text is None else _kept_name(asked, text)
    return None if name is None else MODELS.load(name)


def keep(asked: Asked, ready: Ready) -> None:
    """Keeps a model under the text that it was made of, which may not be that of the file any more."""
    name = _kept_name(asked, ready.sources.get(display_name(asked.path), ""))
    if name is not None:
        MODELS.store(name, ready)


def _text_now(path: Path) -> str | None:
    try:
        return read_source(path, display_name(path))[0]
    except OSError:
        return None


def _kept_name(asked: Asked, text: str) -> str | None:
    """Different for all that a model depends on. None for a file that may import others: what these are is known only
    from reading them."""
    if not text or _IMPORT.search(text):
        return None
    words = (part for group in (asked.defines, asked.scopes, asked.clusters) for part in (str(len(group)), *group))
    return name_of(version_of(*_MAKING), grammar_text(), display_name(asked.path), text, *words)
