"""Audits of small model texts, and what a search says of them."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from kspec.audit.change import Change
from kspec.audit.changes import changes
from kspec.explore import plain
from kspec.explore.result import Limits
from kspec.language import checked
from kspec.language.load import load_model
from kspec.lower.lower import lower
from kspec.system.system import System
from tests.lower.texts import system


def model(text: str) -> checked.Model:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "model.kspec"
        path.write_text(text, encoding="utf-8")
        loaded = load_model(path)
    assert loaded.model is not None, [f"{found.span}: {found.message}" for found in loaded.diagnostics]
    return loaded.model


def audits(text: str, lag: int | None = None, crash: int | None = None) -> dict[str, Change]:
    """By component, in the first cluster."""
    of = model(text)
    return {change.component: change for change in changes(of, next(iter(of.clusters)), lag, crash)}


def changed_system(change: Change) -> System:
    assert change.model is not None, change.reason
    lowered = lower(change.model, next(iter(change.model.clusters)))
    assert lowered.system is not None, [found.message for found in lowered.diagnostics]
    return lowered.system


def graph(of: System) -> tuple[int, int, int, tuple[int, ...], frozenset[str]]:
    """What tells two graphs apart: states, transitions, depth, how often each action fires, what is violated."""
    found = plain.explore(of, Limits())
    return (found.states, found.transitions, found.depth, found.action_counts, frozenset(found.violations))


def same(change: Change, by_hand: str) -> bool:
    """Whether the changed model has the graph of one in which the fault is written by hand."""
    return graph(changed_system(change)) == graph(system(by_hand))
