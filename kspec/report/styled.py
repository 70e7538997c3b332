"""Lines of text with styles: printed plain, or in colour by rich, which is only imported then."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TextIO, TypeAlias


@dataclass(frozen=True, slots=True)
class Piece:
    """`style` is a style of rich, such as `bold red`; empty is none."""

    text: str
    style: str = ""


Line: TypeAlias = tuple[Piece, ...]

EMPTY: Line = ()


def line(*parts: str | Piece) -> Line:
    return tuple(Piece(part) if isinstance(part, str) else part for part in parts)


def plain(lines: Iterable[Line]) -> str:
    """The text alone, each line ended."""
    return "".join("".join(piece.text for piece in pieces).rstrip() + "\n" for pieces in lines)


def wants_colour(stream: TextIO, *, no_color: bool) -> bool:
    """Colour is for a terminal, unless an option or NO_COLOR says otherwise."""
    return not no_color and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb" and stream.isatty()


def write(lines: Iterable[Line], stream: TextIO, *, colour: bool) -> None:
    if not colour:
        stream.write(encodable(plain(lines), stream))
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(file=stream, highlight=False, force_terminal=True)
    for pieces in lines:
        text = Text()
        for piece in pieces:
            text.append(encodable(piece.text, stream), piece.style or None)
        console.print(text, soft_wrap=True)


def encodable(text: str, stream: TextIO) -> str:
    """The text with what the stream's encoding lacks, and what would steer a terminal, written as escapes."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    safe = "".join(char if char.isprintable() or char == "\n" else ascii(char)[1:-1] for char in text)
    return safe.encode(encoding, "backslashreplace").decode(encoding)
