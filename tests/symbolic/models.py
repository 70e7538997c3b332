"""Systems for tests: from text, and the pods model built by hand."""

from __future__ import annotations

from pathlib import Path

from kspec.language.load import load_model
from kspec.lower.lower import lower
from kspec.system.system import System
from tests.symbolic.comparing import bounded
from tests.systems import pods

ROOT = Path(__file__).parents[2]
SEMANTICS = sorted((ROOT / "tests/cases/semantics").glob("*.kspec"))


def system_of(path: Path, cluster: str | None = None, scopes: tuple[str, ...] = ()) -> System:
    """The system of a file with one cluster, by default its first."""
    loaded = load_model(path, scopes=scopes)
    assert loaded.model is not None, loaded.diagnostics
    lowered = lower(loaded.model, cluster or next(iter(loaded.model.clusters)))
    assert lowered.system is not None, lowered.diagnostics
    return lowered.system


def system_from(folder: Path, text: str) -> System:
    path = folder / "model.kspec"
    path.write_text(text, encoding="utf-8")
    return system_of(path)


def bounded_pods(pod_count: int, node_count: int, replicas: int, capacity: int) -> System:
    return bounded(pods(pod_count, node_count, replicas, capacity))
