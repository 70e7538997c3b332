"""The tour: each part holds, says what to try, and its what-if clusters fail as their comments say."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

import pytest

from kspec.check.check import check_system
from kspec.check.options import CheckOptions, Engine
from kspec.check.result import CheckResult
from kspec.check.verdicts import ExitCode, Verdict
from kspec.language import tree
from kspec.language.load import load_model
from kspec.language.parse import parse_file
from kspec.lower.lower import lower
from tests.models.checking import check_model, clusters_of, violated
from tests.models.tries import Try, change, tries_of
from tests.shipped import ROOT, TOUR

WHAT_IF = "what_if"
"""How the names of the clusters begin in which something is to fail."""

EACH = pytest.mark.parametrize("path", TOUR, ids=lambda path: path.stem)
TRIES = [(path, tried) for path in TOUR for tried in tries_of(path)]
WHAT_IFS = [(path, cluster) for path in TOUR for cluster in clusters_of(path) if cluster.startswith(WHAT_IF)]


def named(found: object) -> str | None:
    return found.stem if isinstance(found, Path) else None


@cache
def checked(path: Path, cluster: str | None = None) -> CheckResult:
    found = check_model(path, cluster, engine=Engine.AUTO)
    assert found.diagnostics == ()
    assert found.result is not None
    return found.result


def within(path: Path, cluster: str, depth: int) -> dict[str, int]:
    """What bounded model checking finds violated in so many steps, and after how many."""
    loaded = load_model(path)
    assert loaded.model is not None
    system = lower(loaded.model, cluster).system
    assert system is not None
    result = check_system(system, CheckOptions(engine=Engine.BMC, depth=depth))
    return {
        found.name: len(found.trace.steps)
        for found in result.properties
        if found.verdict is Verdict.VIOLATED and found.trace is not None
    }


@EACH
def test_all_properties_hold_in_the_first_cluster(path: Path) -> None:
    result = checked(path)
    assert result.exit_code is ExitCode.OK, result.causes
    assert {found.verdict for found in result.properties} <= {Verdict.HOLDS, Verdict.PROVED}
    assert result.exploration is not None
    assert result.exploration.cut is None
    assert result.findings == ()


@EACH
def test_something_is_reachable_and_every_other_claim_can_be_broken(path: Path) -> None:
    """So that nothing holds for a trivial reason."""
    claims = [
        node
        for node in parse_file(path.name, path.read_text(encoding="utf-8")).file.declarations
        if isinstance(node, tree.Property)
    ]
    reachable = {node.name.text for node in claims if node.kind == "reachable"}
    broken = {name for tried in tries_of(path) for name in tried.breaks}
    assert reachable
    assert {node.name.text for node in claims} - reachable <= broken


@pytest.mark.parametrize(("path", "tried"), TRIES, ids=named)
def test_what_there_is_to_try(path: Path, tried: Try, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").touch()
    shutil.copytree(ROOT / "models" / "kubernetes", tmp_path / "kubernetes")
    model = tmp_path / "tour" / path.name
    shutil.copytree(path.parent, model.parent)
    change(model, tried)
    assert set(tried.breaks) <= violated(model)


@EACH
def test_there_is_a_what_if(path: Path) -> None:
    assert path in {found for found, _ in WHAT_IFS}


@pytest.mark.parametrize(("path", "cluster"), WHAT_IFS, ids=named)
def test_what_if(path: Path, cluster: str) -> None:
    """Also by bounded model checking, where the violation is one of a finite run: not one step earlier."""
    result = checked(path, cluster)
    assert result.exit_code is ExitCode.OK, result.causes
    expected = [found for found in result.properties if found.expected]
    assert expected
    for found in expected:
        assert found.trace is not None
        if found.trace.loop is None:
            depth = len(found.trace.steps)
            assert within(path, cluster, depth)[found.name] == depth


@pytest.mark.parametrize(("path", "cluster"), WHAT_IFS, ids=named)
def test_nothing_fails_so_early_in_the_first_cluster(path: Path, cluster: str) -> None:
    depths = [len(found.trace.steps) for found in checked(path, cluster).properties if found.expected and found.trace]
    first, *_ = clusters_of(path)
    assert within(path, first, max(depths)) == {}
