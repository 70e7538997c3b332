"""The command `kspec`. What it needs is imported inside of the guard, so that Ctrl-C shows no traceback then either."""

from __future__ import annotations

import gc
import os
import signal
import sys
from contextlib import suppress
from typing import NoReturn

INTERRUPTED = 3
"""The exit code `ExitCode.UNKNOWN`, which may not be imported yet."""

OBJECTS_UNTIL_GARBAGE = 50_000
"""Python looks for garbage after so many new objects. Imports and models make many, which stay."""


def main(arguments: list[str] | None = None) -> None:
    """Runs the command line; the process ends with its exit code, and never with a traceback."""
    gc.set_threshold(OBJECTS_UNTIL_GARBAGE)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C: the verdicts so far are not lost
    _leave(run(sys.argv[1:] if arguments is None else arguments))


def _leave(code: int) -> NoReturn:
    """Ends the process at once. Python would give back each object by itself, which takes as long as many a check; and
    where Ctrl-C met an `exec`, as of a dataclass, it would end by the signal, whatever the exit code."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):  # closed or full
            stream.flush()
    os._exit(code)


def run(arguments: list[str]) -> int:
    """The exit code of one command line."""
    try:
        from kspec.cli.ending import ended
        from kspec.cli.group import kspec

        return ended(lambda: kspec.main(arguments, prog_name="kspec", standalone_mode=False), arguments)
    except KeyboardInterrupt:
        return INTERRUPTED


if __name__ == "__main__":
    main()
