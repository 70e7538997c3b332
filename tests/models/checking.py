"""Checking a model file as the command line does, without the command line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kspec.check.check import check_system
from kspec.check.options import CheckOptions, Engine
from kspec.check.result import CheckResult
from kspec.check.verdicts import Verdict
from kspec.language.diagnostics import Diagnostic
from kspec.language.load import load_model
from kspec.lower.lower import lower


@dataclass(frozen=True, slots=True)
class Checked:
    """`cluster` and `result` are None where there are diagnostics, and of a library."""

    diagnostics: tuple[Diagnostic, ...]
    cluster: str | None = None
    result: CheckResult | None = None


def clusters_of(path: Path) -> tuple[str, ...]:
    loaded = load_model(path)
    assert loaded.model is not None, loaded.diagnostics
    return tuple(loaded.model.clusters)


def check_model(path: Path, cluster: str | None = None, engine: Engine = Engine.PLAIN) -> Checked:
    """Checks one cluster of a file, the first by default."""
    loaded = load_model(path)
    if loaded.model is None or not loaded.model.clusters:
        return Checked(loaded.diagnostics)
    name = cluster if cluster is not None else next(iter(loaded.model.clusters))
    lowered = lower(loaded.model, name)
    if lowered.system is None:
        return Checked(lowered.diagnostics, name)
    return Checked((), name, check_system(lowered.system, CheckOptions(engine=engine)))


def violated(path: Path, cluster: str | None = None) -> set[str]:
    """The properties of one cluster for which the explorer finds a counterexample."""
    checked = check_model(path, cluster, engine=Engine.EXPLORE)
    assert checked.diagnostics == (), checked.diagnostics
    assert checked.result is not None
    return {found.name for found in checked.result.properties if found.verdict is Verdict.VIOLATED}
