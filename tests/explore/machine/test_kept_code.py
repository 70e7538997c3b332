"""Code that is kept: for which systems it is the same, and that it needs no compiler."""

from __future__ import annotations

import pickle
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from kspec.check.probes import with_probes
from kspec.explore.machine.make import kept_name
from kspec.explore.machine.search import build, search
from kspec.explore.result import Exploration, Limits
from kspec.language.load import load_model
from kspec.lower.lower import lower
from kspec.system.digest import behaviour
from kspec.system.system import System
from tests.explore.agreeing import assert_same

MODELS = Path(__file__).parents[3] / "models"


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def system_of(path: Path, cluster: str, *defines: str) -> System:
    loaded = load_model(path, defines=defines, clusters=(cluster,))
    assert loaded.model is not None, loaded.diagnostics
    system = lower(loaded.model, cluster).system
    assert system is not None
    return system


def searched(system: System, *, symmetric: bool) -> tuple[Exploration, bool]:
    """What was found, and whether the code for it was kept."""
    found = search(build(system, symmetric=symmetric), Limits())
    assert found.compilation is not None
    return found, found.compilation.is_cached


@pytest.mark.parametrize("symmetric", [False, True])
def test_kept_code_finds_the_same(symmetric: bool) -> None:
    system = system_of(MODELS / "replicaset_broken.kspec", "small")
    first, was_kept = searched(system, symmetric=symmetric)
    again, is_kept = searched(system, symmetric=symmetric)
    assert (was_kept, is_kept) == (False, True)
    assert first.is_reduced is again.is_reduced is symmetric
    assert again.violations
    assert_same(system, first, again)


def test_code_with_and_without_symmetry_is_kept_apart() -> None:
    system = system_of(MODELS / "pods.kspec", "p2n2r2c1")
    counts = [searched(system, symmetric=symmetric)[0].states for symmetric in (False, True, False, True)]
    assert counts == [2_916, counts[1], 2_916, counts[1]]
    assert counts[1] < 2_916


def test_damaged_code_is_compiled_again(tmp_path: Path) -> None:
    system = system_of(MODELS / "pods.kspec", "p2n1r2c1")
    first, _ = searched(system, symmetric=False)
    (file,) = (tmp_path / "cache" / "kspec").glob("object-*.kept")
    file.write_bytes(file.read_bytes()[:-100])
    again, is_kept = searched(system, symmetric=False)
    assert not is_kept
    assert again == replace(first, seconds=again.seconds)
    assert searched(system, symmetric=False)[1]


def test_places_names_of_files_and_comments_do_not_count(tmp_path: Path) -> None:
    moved = tmp_path / "moved.kspec"
    moved.write_text("# moved\n\n" + (MODELS / "replicaset.kspec").read_text())
    first, second = system_of(MODELS / "replicaset.kspec", "small"), system_of(moved, "small")
    assert first != second
    assert behaviour(first) == behaviour(second)


def formulas(tmp_path: Path, *properties: str) -> list[System]:
    """The same model with other formulas about runs, all of one name."""
    systems = []
    for number, formula in enumerate(properties):
        path = tmp_path / f"formula{number}.kspec"
        path.write_text((MODELS / "replicaset.kspec").read_text() + f"\nproperty P only in small: {formula}\n")
        systems.append(system_of(path, "small"))
    return systems


def test_formulas_about_runs_do_not_count(tmp_path: Path) -> None:
    runs = "forall p: Pod: eventually gone(p)"
    first, second = formulas(tmp_path, runs, "always (forall n: Node, k: 0..MAX: eventually n.ready or k == 0)")
    assert first.properties != second.properties
    assert behaviour(first) == behaviour(second)


def test_the_objects_that_formulas_name_count(tmp_path: Path) -> None:
    """They are not interchangeable."""
    names = "always eventually small.n1.ready", "always eventually small.n2.ready", "always eventually true"
    assert len({behaviour(system) for system in formulas(tmp_path, *names)}) == 3


CHANGES = {
    "a guard": ("when n.ready and used(n) < n.capacity", "when n.ready and used(n) <= n.capacity"),
    "a write": ("p.phase = Running", "p.phase = Failed"),
    "an initial value": ("replicas = 2 }", "replicas = 1 }"),
    "a budget": ("at most 2 { n.ready", "at most 3 { n.ready"),
    "a property": ("forall n: Node: used(n) <= n.capacity", "forall n: Node: used(n) < n.capacity"),
    "room": ("Pod at most 2", "Pod at most 3"),
    "a name": ("action node_up", "action node_upward"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_counts(tmp_path: Path, change: str) -> None:
    text = (MODELS / "replicaset.kspec").read_text()
    before, after = CHANGES[change]
    assert before in text
    changed = tmp_path / "changed.kspec"
    changed.write_text(text.replace(before, after))
    systems = system_of(MODELS / "replicaset.kspec", "small"), system_of(changed, "small")
    assert len({kept_name(system, symmetric=False, fingerprint=None) for system in systems}) == 2


def test_kinds_of_searches_count() -> None:
    system = system_of(MODELS / "replicaset.kspec", "small")
    kinds = [(False, None), (True, None), (True, 64), (True, 48)]
    assert len({kept_name(system, symmetric=symmetric, fingerprint=bits) for symmetric, bits in kinds}) == len(kinds)


def test_a_system_that_was_kept_has_the_same_code() -> None:
    """Parts that are one object in a new system are equal objects in one that was read and extended."""
    system = system_of(MODELS / "replicaset.kspec", "small")
    again = pickle.loads(pickle.dumps(system))
    assert behaviour(with_probes(again)) == behaviour(with_probes(system))


NAMING = """
import sys
from pathlib import Path
from tests.explore.machine.test_kept_code import MODELS, system_of
from kspec.check.probes import with_probes
from kspec.explore.machine.make import kept_name
print(kept_name(system_of(MODELS / "classics" / "readers_writers.kspec", "three"), symmetric=True, fingerprint=None))
"""


def test_the_name_does_not_depend_on_hash_seeds() -> None:
    names = {
        subprocess.run(
            [sys.executable, "-c", NAMING], env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            check=True, capture_output=True,
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(names) == 1


SEARCHING = """
import sys
from tests.explore.machine.test_kept_code import MODELS, searched, system_of
found, is_kept = searched(system_of(MODELS / "pods.kspec", "p2n1r2c1"), symmetric=True)
print(found.states, is_kept, "kspec.explore.machine.generate" in sys.modules)
"""


def test_where_code_is_kept_the_generator_is_not_loaded() -> None:
    def run() -> list[str]:
        return subprocess.run(
            [sys.executable, "-c", SEARCHING], check=True, capture_output=True, text=True
        ).stdout.split()

    first, second = run(), run()
    assert first[1:] == ["False", "True"]
    assert second[1:] == ["True", "False"]
    assert first[0] == second[0]
