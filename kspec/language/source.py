"""Reading a source file: whatever is wrong with the file is a diagnostic."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final

from kspec.language.codes import Code
from kspec.language.diagnostics import Diagnostic
from kspec.system.spans import Span

MAX_BYTES: Final = 1024 * 1024
"""The largest source file. Models are written by hand; parsing one of this size takes ten seconds."""

_UTF8_MARK: Final = b"\xef\xbb\xbf"
_UTF16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")


def read_source(path: Path, name: str) -> tuple[str | None, tuple[Diagnostic, ...]]:
    """The text of a file, with one newline character after each line and no byte order mark; None if it
    cannot be had.

    `name` is the file as messages show it.
    """
    try:
        data = _read_bytes(path)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        return None, (_problem(Code.KS001, f"cannot read the file: {_reason(error)}", name),)
    if len(data) > MAX_BYTES:
        message = f"the file is larger than {MAX_BYTES // 1024:,} KiB"
        return None, (_problem(Code.KS003, message, name, "split the model into files, and import them"),)
    if data.startswith(_UTF16_MARKS):
        return None, (_problem(Code.KS002, "the file is UTF-16 text", name, "save it as UTF-8"),)
    data = data.removeprefix(_UTF8_MARK)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return None, (_undecodable(data, error.start, name),)
    return text.replace("\r\n", "\n").replace("\r", "\n"), ()


def display_name(path: Path) -> str:
    """A path as messages show it: relative to the working directory where it lies below it."""
    try:
        return str(Path.cwd().joinpath(os.path.normpath(path)).relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def unreadable(path: Path) -> str | None:
    """Why a path is not that of a source file: there is none, it is a folder, it cannot be looked at."""
    try:
        _require_file(path)
    except (OSError, ValueError) as error:
        return _reason(error)
    return None


def _require_file(path: Path) -> None:
    mode = path.stat().st_mode
    if stat.S_ISDIR(mode):
        raise IsADirectoryError("it is a directory")
    if not stat.S_ISREG(mode):
        raise OSError("it is not a regular file")


def _read_bytes(path: Path) -> bytes:
    """At most one byte more than a source file may have. Devices and pipes are not opened: they may never end."""
    _require_file(path)
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def _reason(error: OSError | ValueError) -> str:
    return (getattr(error, "strerror", None) or str(error)).lower()


def _undecodable(data: bytes, position: int, name: str) -> Diagnostic:
    before = data[:position].decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    line = before.count("\n") + 1
    column = len(before) - (before.rfind("\n") + 1) + 1
    message = f"the file is not UTF-8 text: byte 0x{data[position]:02x} cannot stand here"
    return Diagnostic(Code.KS002, message, Span(name, line, column, line, column + 1), "save it as UTF-8")


def _problem(code: Code, message: str, name: str, hint: str | None = None) -> Diagnostic:
    return Diagnostic(code, message, Span(name, 1, 1, 1, 1), hint)
