"""How a command ends: its exit code, and what is said when it does not end by itself."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path

import click

from kspec import __version__
from kspec.check.verdicts import ExitCode
from kspec.cli.diagnosed import Diagnosed, show_diagnostics
from kspec.language.codes import Code
from kspec.language.diagnostics import Diagnostic
from kspec.system.spans import NOWHERE

RECURSION_LIMIT = 20_000
"""Enough for every pass over the deepest text that the parser accepts."""


class CodedError(Exception):
    """An error of the command line or of a trace: a code, a sentence, and what to do."""

    def __init__(self, code: Code, message: str, hint: str | None = None, exit_code: ExitCode = ExitCode.USAGE) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint
        self.exit_code = exit_code


def ended(command: Callable[[], object], arguments: list[str]) -> int:
    """Runs a command and says how it ended. Commands end by returning an exit code, or by raising."""
    sys.setrecursionlimit(max(sys.getrecursionlimit(), RECURSION_LIMIT))
    try:
        result = command()
        sys.stdout.flush()
        return result if isinstance(result, int) else ExitCode.OK.value
    except CodedError as error:
        say(error.code, error.message, error.hint)
        return error.exit_code.value
    except Diagnosed as found:
        show_diagnostics(found.diagnostics, found.sources)
        return ExitCode.USAGE.value
    except click.ClickException as error:
        say(Code.KS905, error.format_message(), _usage_hint(error))
        return ExitCode.USAGE.value
    except click.exceptions.Exit as request:
        return request.exit_code
    except (KeyboardInterrupt, click.Abort):
        sys.stderr.write("\ninterrupted\n")
        return ExitCode.UNKNOWN.value
    except BrokenPipeError:
        _leave_pipe()
        return ExitCode.OK.value
    except MemoryError:
        say(Code.KS999, "kspec ran out of memory", "set a lower --memory, or make the cluster smaller")
        return ExitCode.INTERNAL_ERROR.value
    except Exception as error:  # whatever it is, a user shall not see a traceback
        say(Code.KS999, internal_error(error, arguments))
        return ExitCode.INTERNAL_ERROR.value


def say(code: Code, message: str, hint: str | None = None) -> None:
    """One error on stderr."""
    show_diagnostics((Diagnostic(code, message, NOWHERE, hint),), {})


def internal_error(error: Exception, arguments: list[str], source: str = "") -> str:
    """Leaves a file that shows how kspec is at fault, and gives the words for it."""
    first_line = (str(error).splitlines() or [""])[0][:200]
    path = _reproducer(error, arguments, source)
    sent = f"please report it with the file {path}" if path else "no file for a report could be written"
    return f"{Code.KS999.value}: {type(error).__name__}: {first_line}; {sent}"


def _reproducer(error: Exception, arguments: list[str], source: str) -> Path | None:
    """A new file with the command line, the versions, the model's text and the traceback."""
    parts = [
        f"kspec {__version__}, Python {platform.python_version()}, {platform.platform()}",
        f"arguments: {arguments!r}",
        "".join(traceback.format_exception(error, limit=-60)),
        source,
    ]
    try:
        handle, name = tempfile.mkstemp(prefix="kspec-internal-error-", suffix=".txt")
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write("\n\n".join(part for part in parts if part))
    except OSError:
        return None
    return Path(name)


def _usage_hint(error: click.ClickException) -> str | None:
    context = error.ctx if isinstance(error, click.UsageError) else None
    return f"see `{context.command_path} --help`" if context is not None else None


def _leave_pipe() -> None:
    """Keeps the interpreter from writing to the closed pipe again when it exits."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        return
