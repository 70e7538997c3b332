"""Standard output and standard error, which may be closed, full, or read by nobody any more."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TextIO


class Unwritable(Exception):
    """Standard output cannot be written; the message says why."""


def must_have_output() -> None:
    """Raises Unwritable if standard output is closed. Where standard error is, what goes there is dropped."""
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  # to the end of the process
    if sys.stdout is None:
        raise Unwritable("it is closed")


def write_error(text: str) -> None:
    """Writes on standard error. If that fails nobody can be told, and the command goes on."""
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except (OSError, ValueError):
        discard(sys.stderr)


def discard(stream: TextIO) -> None:
    """Sends what the stream still holds, and all that follows, nowhere: else the interpreter fails on it at its end."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
    except (OSError, ValueError):
        return
