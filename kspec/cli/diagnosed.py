"""Diagnostics on stderr: with an excerpt of the source, in colour on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence

from kspec.cli.streams import write_error
from kspec.language.diagnostics import Diagnostic


class Diagnosed(Exception):
    """A model that cannot be used, and why."""

    def __init__(self, diagnostics: Sequence[Diagnostic], sources: Mapping[str, str]) -> None:
        super().__init__(f"{len(diagnostics)} diagnostics")
        self.diagnostics = tuple(diagnostics)
        self.sources = dict(sources)


def show_diagnostics(diagnostics: Sequence[Diagnostic], sources: Mapping[str, str], *, no_color: bool = False) -> None:
    """Everything that is wrong with a model."""
    from kspec.report.excerpt import coloured, plain
    from kspec.report.styled import wants_colour

    if not wants_colour(sys.stderr, no_color=no_color):
        write_error(plain(diagnostics, sources))
        return
    from rich.console import Console

    Console(file=sys.stderr, highlight=False).print(coloured(diagnostics, sources), soft_wrap=True, end="")
