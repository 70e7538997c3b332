"""The front door of the language: from a path to a checked model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kspec.language import checked
from kspec.language.checker.check import Asked, check_program
from kspec.language.codes import Code
from kspec.language.diagnostics import Diagnostic
from kspec.language.modules import load_program
from kspec.system.spans import Span


@dataclass(frozen=True, slots=True)
class Loaded:
    """`model` is None where something is wrong, and `diagnostics` says what. `selected`: the clusters asked for, in
    order. `sources`: the text of every file, by the name that spans have for it, and of every override."""

    model: checked.Model | None
    selected: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]
    sources: dict[str, str]


def load_model(
    path: Path, *, defines: Sequence[str] = (), scopes: Sequence[str] = (), clusters: Sequence[str] = ()
) -> Loaded:
    """Reads, parses and checks a model. `defines` and `scopes` are the texts of `-D` and `--scope`, which change the
    clusters that `clusters` (globs, or `all`; none: the first) selects."""
    program = load_program(path)
    if program.diagnostics or program.root is None:
        return Loaded(None, (), program.diagnostics, program.sources)
    try:
        found = check_program(program, Asked(clusters, defines, scopes))
    except RecursionError:
        place = Span(program.root.name, 1, 1, 1, 1)
        problem = Diagnostic(Code.KS004, "something in this model is nested too deeply", place, "split it with `def`")
        return Loaded(None, (), (problem,), program.sources)
    return Loaded(found.model, found.selected, found.diagnostics, program.sources)
