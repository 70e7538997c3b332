"""Diagnostics as text, with the line of the source that they speak of.

Nothing here fails, whatever the span: a message without an excerpt is better than none. What a source says reaches a
terminal only as printable characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final
from unicodedata import combining, east_asian_width

from kspec.language.diagnostics import Diagnostic, option_of_source
from kspec.system.spans import Span

if TYPE_CHECKING:
    from rich.text import Text

MAX_WIDTH: Final = 100
"""How much of a source line is shown."""

_TAB: Final = "    "
_CUT: Final = "…"
_LINE_END: Final = re.compile(r"\r\n|\r|\n")


class Role(Enum):
    """What a piece of text is; the value is its style in colour."""

    PLACE = "bold"
    CODE = "bold red"
    MESSAGE = "none"
    MARGIN = "blue"
    SOURCE = "not bold"
    MARK = "red"
    HINT = "green"


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    role: Role


def plain(diagnostics: Iterable[Diagnostic], sources: Mapping[str, str]) -> str:
    """`sources`: the texts of the files by the names that spans have."""
    return "".join(piece.text for piece in _all(diagnostics, sources))


def coloured(diagnostics: Iterable[Diagnostic], sources: Mapping[str, str]) -> Text:
    """The same text, with styles."""
    from rich.text import Text

    return Text.assemble(*((piece.text, piece.role.value) for piece in _all(diagnostics, sources)))


def _all(diagnostics: Iterable[Diagnostic], sources: Mapping[str, str]) -> Iterator[Piece]:
    lines = {name: _LINE_END.split(text) for name, text in sources.items()}
    for number, diagnostic in enumerate(diagnostics):
        if number > 0:
            yield Piece("\n", Role.MESSAGE)
        yield from _one(diagnostic, lines)


def _one(diagnostic: Diagnostic, lines: Mapping[str, list[str]]) -> Iterator[Piece]:
    yield from _place(diagnostic.span)
    yield Piece(diagnostic.code.name, Role.CODE)
    yield Piece(f": {_printable(diagnostic.message)}\n", Role.MESSAGE)
    yield from _excerpt(diagnostic.span, lines)
    if diagnostic.hint is not None:
        yield Piece("  hint: ", Role.HINT)
        yield Piece(f"{_printable(diagnostic.hint)}\n", Role.MESSAGE)
    for span, words in diagnostic.related:
        yield Piece("  ", Role.MESSAGE)
        yield from _place(span)
        yield Piece(f"{_printable(words)}\n", Role.MESSAGE)
        yield from _excerpt(span, lines)


def _place(span: Span) -> Iterator[Piece]:
    """Of the text of an option, the caret says where."""
    if span.file:
        has_lines = span.line > 0 and option_of_source(span.file) is None
        place = f"{_printable(span.file)}:{span.line}:{span.column}" if has_lines else _printable(span.file)
        yield Piece(f"{place}: ", Role.PLACE)


def _excerpt(span: Span, lines: Mapping[str, list[str]]) -> Iterator[Piece]:
    """The line, and the place underlined below it; nothing if the file has no such line."""
    text = lines.get(span.file, [])
    if not 1 <= span.line <= len(text):
        return
    line = text[span.line - 1]
    start = min(max(span.column - 1, 0), len(line))
    end = span.end_column - 1 if span.end_line == span.line else len(line)
    shown, before, marked = _window(line, start, min(max(end, start), len(line)))
    number = option_of_source(span.file) or str(span.line)
    yield Piece(f"  {number} | ", Role.MARGIN)
    yield Piece(f"{shown}\n", Role.SOURCE)
    yield Piece(f"  {' ' * len(number)} | ", Role.MARGIN)
    yield Piece(f"{' ' * before}{'^' * max(marked, 1)}\n", Role.MARK)


def _window(line: str, start: int, end: int) -> tuple[str, int, int]:
    """The part of a line around a place, and the widths of what stands before the place and of the place itself."""
    first, last = 0, len(line)
    if last > MAX_WIDTH:
        first = max(0, min(start - MAX_WIDTH // 3, last - MAX_WIDTH))
        last = min(last, first + MAX_WIDTH)
    end = min(end, last)
    head, place, tail = (_visible(line[a:b]) for a, b in ((first, start), (start, end), (end, last)))
    head = _CUT + head if first > 0 else head
    tail = tail + _CUT if last < len(line) else tail
    return (head + place + tail).rstrip(), _width(head), _width(place)


def _visible(text: str) -> str:
    """`text` with a sign for each character that is not printable."""
    return "".join(
        _TAB if character == "\t" else character if character.isprintable() else "\N{REPLACEMENT CHARACTER}"
        for character in text
    )


def _printable(text: str) -> str:
    return _visible(text.replace("\n", " "))


def _width(text: str) -> int:
    """The columns that a text takes in a terminal."""
    return sum(0 if combining(character) else 2 if east_asian_width(character) in "WF" else 1 for character in text)
