"""How a command ends: its exit code, and what is said when it does not end by itself."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import traceback
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import click

from kspec import __version__
from kspec.check.verdicts import ExitCode
from kspec.cli.diagnosed import Diagnosed, show_diagnostics
from kspec.cli.streams import Unwritable, discard, must_have_output, write_error
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
    say = _Saying(_json_command(arguments))
    try:
        must_have_output()
        result = command()
        sys.stdout.flush()
        return result if isinstance(result, int) else ExitCode.OK.value
    except CodedError as error:
        return say(error.code, error.message, error.hint, error.exit_code)
    except Diagnosed as found:
        show_diagnostics(found.diagnostics, found.sources)
        return ExitCode.USAGE.value
    except click.ClickException as error:
        return say(Code.KS905, error.format_message(), _usage_hint(error))
    except click.exceptions.Exit as request:
        return request.exit_code
    except (KeyboardInterrupt, click.Abort):
        write_error("interrupted\n")
        return ExitCode.UNKNOWN.value
    except BrokenPipeError:
        discard(sys.stdout)
        return ExitCode.OK.value
    except Unwritable as error:
        return say.without_output(str(error))
    except MemoryError:
        hint = "set a lower --memory, or make the cluster smaller"
        return say(Code.KS999, "kspec ran out of memory", hint, ExitCode.INTERNAL_ERROR)
    except Exception as error:  # whatever it is, a user shall not see a traceback
        if isinstance(error, OSError) and error.filename is None:  # commands name the files that they cannot use
            return say.without_output(error.strerror or str(error))
        return say(Code.KS999, internal_error(error, arguments), exit_code=ExitCode.INTERNAL_ERROR)


class _Saying:
    """Says one error on stderr, and as an object on stdout too where a command was to print JSON; gives the exit
    code."""

    def __init__(self, json_command: str | None) -> None:
        self._json_command = json_command

    def __call__(self, code: Code, message: str, hint: str | None = None, exit_code: ExitCode = ExitCode.USAGE) -> int:
        diagnostic = Diagnostic(code, message, NOWHERE, hint)
        show_diagnostics((diagnostic,), {})
        if self._json_command is not None:
            from kspec.report.jsonlines import SCHEMAS, diagnostics_json

            try:
                sys.stdout.write(diagnostics_json("", (diagnostic,), exit_code, SCHEMAS[self._json_command]))
                sys.stdout.flush()
            except OSError:
                discard(sys.stdout)
        return exit_code.value

    def without_output(self, reason: str) -> int:
        """Says that stdout cannot be written."""
        if sys.stdout is not None:
            discard(sys.stdout)
        show_diagnostics((Diagnostic(Code.KS906, f"the output cannot be written: {reason}", NOWHERE),), {})
        return ExitCode.USAGE.value


def _json_command(arguments: list[str]) -> str | None:
    """The command that is to print JSON, if it is one; asked of the bare words, since they may be what is wrong."""
    wants_json = "--format=json" in arguments or ("--format", "json") in pairwise(arguments)
    return arguments[0] if wants_json and arguments[0] in ("check", "simulate") else None


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
