"""All ways to search a model count the same."""

from __future__ import annotations

import shutil
from itertools import product
from pathlib import Path

import pytest

from benchmarks.contenders import kspec as contender
from benchmarks.contenders.kspec import ROOT, Cache, Check, Search, compile_clusters
from benchmarks.contenders.reference import ModelReference, PodsReference
from benchmarks.contenders.spin import Spin, read_report
from benchmarks.errors import BenchmarkError, Failed
from benchmarks.measure import Contender, Counts
from benchmarks.pods import MODEL, ORBITS, STATES, Scope
from kspec.check.verdicts import ExitCode
from kspec.explore import compiled
from kspec.explore.result import Limits
from kspec.language.grammar import tables_to_package
from kspec.language.load import load_model
from kspec.lower.lower import lower
from tests.models.checking import check_model, clusters_of

MODELS = ROOT / "benchmarks" / "models"
SMALL = "p2n2r2c2"
WIDE = Counts(146, 370, 9)
MAPS = Counts(289, 1_394, 14)


def needs(*programs: str) -> pytest.MarkDecorator:
    missing = [program for program in programs if shutil.which(program) is None]
    return pytest.mark.skipif(bool(missing), reason=f"needs {', '.join(missing)}")


def counts_of(way: Contender) -> Counts:
    way.prepare()
    run = way.run()
    assert 0 <= run.search <= run.whole
    assert run.bytes >= 0
    return run.counts


@needs("g++", "time")
@pytest.mark.parametrize("threads", [1, 2])
def test_the_reference_of_pods(threads: int, tmp_path: Path) -> None:
    assert counts_of(PodsReference(SMALL, tmp_path, threads)) == STATES[SMALL]


@needs("g++", "time")
@pytest.mark.parametrize(
    ("model", "sizes", "expected"),
    [
        ("wide", (("PODS", 2), ("EDITS", 3), ("THREADS", 1)), WIDE),
        ("maps", (("PODS", 2), ("NODES", 2), ("THREADS", 2)), MAPS),
    ],
)
def test_references_of_other_models(
    model: str, sizes: tuple[tuple[str, int], ...], expected: Counts, tmp_path: Path
) -> None:
    assert counts_of(ModelReference(model, sizes, expected, tmp_path)) == expected


@needs("spin", "gcc", "time")
def test_spin(tmp_path: Path) -> None:
    assert counts_of(Spin(SMALL, tmp_path)) == STATES[SMALL]


@pytest.mark.parametrize(("model", "expected"), [("wide", WIDE), ("maps", MAPS)])
def test_models(model: str, expected: Counts) -> None:
    """The plain explorer agrees with the expectations in the file; the machine with the plain explorer."""
    path = MODELS / f"{model}.kspec"
    checked = check_model(path, "small").result
    assert checked is not None
    assert checked.exit_code is ExitCode.OK
    loaded = load_model(path).model
    assert loaded is not None
    system = lower(loaded, "small").system
    assert system is not None
    found = compiled.explore(system, Limits(), workers=2)
    assert Counts(found.states, found.transitions, found.depth) == expected


@needs("time")
def test_kspec_search_alone() -> None:
    path = MODELS / "maps.kspec"
    assert counts_of(Search(path, "small", MAPS)) == MAPS
    assert counts_of(Search(MODEL, SMALL, ORBITS[SMALL], workers=2, symmetric=True)) == ORBITS[SMALL]
    assert counts_of(Search(MODEL, SMALL, STATES[SMALL], workers=2, graph=True)) == STATES[SMALL]


@needs("time")
def test_kspec_check(tmp_path: Path) -> None:
    expected = Counts(7_272, 41_464, 16)
    model = ROOT / "models" / "replicaset.kspec"
    check = Check(model, "small", expected, tmp_path, Cache.WARM, symmetric=True, engine="auto")
    assert counts_of(check) == expected


@needs("time")
def test_kspec_check_with_nothing_cached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an installation has is there; where it is not, nothing is measured."""
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    copy = tmp_path / "checkout"
    for folder in ("kspec", "grammar", "models"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("*.pyc", "kspec.tables"))
    monkeypatch.setattr(contender, "ROOT", copy)
    expected = Counts(7_272, 41_464, 16)
    check = Check(copy / "models" / "replicaset.kspec", "small", expected, tmp_path, symmetric=True)
    with pytest.raises(Failed, match="the grammar's tables are missing or old"):
        check.prepare()
    (copy / "grammar" / "kspec.tables").write_bytes(tables_to_package())
    assert counts_of(check) == expected
    assert list(copy.glob("kspec/language/__pycache__/load.*.pyc"))


@needs("time")
def test_code_of_every_cluster_is_made(tmp_path: Path) -> None:
    compiled = compile_clusters(ROOT / "models" / "replicaset.kspec", tmp_path, rounds=1)
    assert [(one.cluster, one.symmetric) for one in compiled] == list(product(("small", "medium"), (False, True)))
    assert all(one.quick > 0 and one.thorough > 0 for one in compiled)
    assert compiled[0].instructions < compiled[1].instructions
    assert list((tmp_path / "compiling" / "kspec").glob("object-*"))


def test_scopes_are_clusters() -> None:
    assert {*STATES, *ORBITS} <= set(clusters_of(MODEL))
    assert Scope.of("p4n2r3c1") == Scope(pods=4, nodes=2, replicas=3, capacity=1)
    with pytest.raises(BenchmarkError, match="p4n2 is no name"):
        Scope.of("p4n2")


REPORT = """\
State-vector 28 byte, depth reached 12, errors: 0
     4428 states, stored
    22941 states, matched
    27369 transitions (= stored+matched)
pan: elapsed time 0.01 seconds
"""


def test_what_spin_tells() -> None:
    assert read_report(REPORT) == (Counts(4_428, 27_368, 12), 0.01)


@pytest.mark.parametrize("text", [REPORT.replace("errors: 0", "errors: 1"), REPORT + "Warning: Search not completed\n"])
def test_spin_finds_a_violation_or_does_not_end(text: str) -> None:
    with pytest.raises(Failed):
        read_report(text)
