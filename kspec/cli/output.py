"""Where the results of a command go: text for a person, or one JSON object a line."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from kspec.check.audit import AuditResult
from kspec.check.result import CheckResult
from kspec.check.verdicts import ExitCode
from kspec.cli.diagnosed import show_diagnostics
from kspec.cli.streams import write_error
from kspec.language.diagnostics import Diagnostic

if TYPE_CHECKING:
    from kspec.report.styled import Line


class Output(Protocol):
    """Results go to stdout; `note` goes to stderr. `is_live`: somebody looks on, and may see how far a check is."""

    @property
    def is_live(self) -> bool: ...

    def result(self, result: CheckResult) -> None: ...

    def audit(self, result: AuditResult) -> None: ...

    def diagnostics(
        self, model: str, diagnostics: Sequence[Diagnostic], sources: Mapping[str, str], exit_code: ExitCode
    ) -> None: ...

    def note(self, text: str) -> None: ...


def write_note(text: str) -> None:
    """A remark on stderr."""
    from kspec.report.styled import encodable

    write_error(encodable(f"note: {text}\n", sys.stderr))


class TextOutput:
    """For a person: colour on a terminal."""

    def __init__(self, *, no_color: bool, witness: bool) -> None:
        self._no_color = no_color
        self._witness = witness
        self._is_first = True

    @property
    def is_live(self) -> bool:
        return sys.stdout.isatty() and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"

    def result(self, result: CheckResult) -> None:
        from kspec.report.terminal import result_lines

        self._write(result_lines(result, witness=self._witness))

    def audit(self, result: AuditResult) -> None:
        from kspec.report.audit import audit_lines

        self._write(audit_lines(result, witness=self._witness))

    def _write(self, lines: Iterable[Line]) -> None:
        from kspec.report.styled import EMPTY, wants_colour, write

        before = [] if self._is_first else [EMPTY]
        self._is_first = False
        write([*before, *lines], sys.stdout, colour=wants_colour(sys.stdout, no_color=self._no_color))
        sys.stdout.flush()

    def diagnostics(
        self, model: str, diagnostics: Sequence[Diagnostic], sources: Mapping[str, str], exit_code: ExitCode
    ) -> None:
        sys.stdout.flush()
        show_diagnostics(diagnostics, sources, no_color=self._no_color)

    def note(self, text: str) -> None:
        write_note(text)


class JsonOutput:
    """For a program: stdout has nothing but one JSON object a line, of this schema."""

    def __init__(self, schema: str) -> None:
        self._schema = schema

    @property
    def is_live(self) -> bool:
        return False

    def result(self, result: CheckResult) -> None:
        from kspec.report.jsonlines import result_json

        sys.stdout.write(result_json(result, self._schema))
        sys.stdout.flush()

    def audit(self, result: AuditResult) -> None:
        from kspec.report.jsonlines import audit_json

        sys.stdout.write(audit_json(result))
        sys.stdout.flush()

    def diagnostics(
        self, model: str, diagnostics: Sequence[Diagnostic], sources: Mapping[str, str], exit_code: ExitCode
    ) -> None:
        from kspec.report.jsonlines import diagnostics_json

        sys.stdout.write(diagnostics_json(model, diagnostics, exit_code, self._schema))
        sys.stdout.flush()

    def note(self, text: str) -> None:
        write_note(text)
