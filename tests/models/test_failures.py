"""Real failures: each pair of models differs in one component, and the broken one tells the story of the report."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from kspec.check.options import Engine
from kspec.check.result import CheckResult
from kspec.check.verdicts import ExitCode, Verdict
from kspec.language import tree
from kspec.language.parse import parse_file
from kspec.system.properties import PropertyKind
from tests.models.checking import check_model
from tests.models.stories import assert_tells, story_of
from tests.shipped import FAILURES

BEHAVIOUR = (tree.Component, tree.Def, tree.Request, tree.Admit)
"""What the two files of a pair may have of their own."""

PAIRS = pytest.mark.parametrize("folder", FAILURES, ids=lambda folder: folder.name)


@cache
def checked(path: Path) -> CheckResult:
    found = check_model(path, engine=Engine.AUTO)
    assert found.diagnostics == ()
    assert found.result is not None
    return found.result


def declarations(path: Path) -> tuple[tree.Declaration, ...]:
    parsed = parse_file(path.name, path.read_text(encoding="utf-8"))
    return parsed.file.declarations


@PAIRS
def test_both_files_import_one_and_add_what_the_fix_changed(folder: Path) -> None:
    broken, repaired = declarations(folder / "broken.kspec"), declarations(folder / "repaired.kspec")
    for declared in (broken, repaired):
        assert [node.path for node in declared if isinstance(node, tree.Import)] == ["common.kspec"]
        others = [node for node in declared if not isinstance(node, tree.Import | tree.ExpectViolation)]
        assert others
        assert all(
            isinstance(node, tree.Component | tree.Def | tree.Var | tree.Request | tree.Admit) for node in others
        )
    assert any(isinstance(node, tree.ExpectViolation) for node in broken)
    assert not any(isinstance(node, tree.ExpectViolation) for node in repaired)


@PAIRS
def test_the_broken_model_fails_as_expected(folder: Path) -> None:
    result = checked(folder / "broken.kspec")
    assert result.exit_code is ExitCode.OK, result.causes
    assert all(met.verdict is Verdict.HOLDS for met in result.expectations)


@PAIRS
def test_the_broken_model_tells_the_story_of_the_report(folder: Path) -> None:
    events = story_of(folder / "broken.kspec")
    assert events
    (told, *_) = [found.trace for found in checked(folder / "broken.kspec").properties if found.expected]
    assert told is not None
    assert_tells(told, events)


@PAIRS
def test_everything_holds_in_the_repaired_model(folder: Path) -> None:
    result = checked(folder / "repaired.kspec")
    assert result.exit_code is ExitCode.OK, result.causes
    assert {found.verdict for found in result.properties} <= {Verdict.HOLDS, Verdict.PROVED}
    assert result.exploration is not None
    assert result.exploration.cut is None


@PAIRS
def test_the_fault_happens_in_both_and_the_repaired_one_makes_progress(folder: Path) -> None:
    """One `reachable` shows the fault, another one progress; a search that is settled may end before the second."""
    witnesses = [
        found for found in checked(folder / "repaired.kspec").properties if found.kind is PropertyKind.REACHABLE
    ]
    assert len(witnesses) >= 2
    in_broken = {found.name: found.verdict for found in checked(folder / "broken.kspec").properties}
    assert Verdict.HOLDS in {in_broken[found.name] for found in witnesses}
