"""What the comments of models/practice say: changes of the repaired models that bring the bug back, or do not."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kspec.check.options import Engine
from kspec.check.verdicts import ExitCode, Verdict
from tests.models.checking import check_model
from tests.shipped import FILES, MODELS

PRACTICE = MODELS / "practice"
REPAIRED = [path for path in FILES if path.with_name(f"{path.stem}_naive.kspec").exists()]


def verdict(folder: Path, name: str, claim: str, *changes: tuple[str, str]) -> Verdict:
    """Of one property of a model, after changes of its text."""
    (folder / "pyproject.toml").touch()
    shutil.copytree(MODELS / "kubernetes", folder / "kubernetes", dirs_exist_ok=True)
    shutil.copytree(PRACTICE, folder / "practice", dirs_exist_ok=True)
    model = folder / "practice" / name
    text = model.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    model.write_text(text, encoding="utf-8")
    checked = check_model(model, engine=Engine.EXPLORE)
    assert checked.diagnostics == ()
    assert checked.result is not None
    (found,) = (found.verdict for found in checked.result.properties if found.name == claim)
    return found


def test_there_are_three_pairs() -> None:
    assert [path.stem for path in REPAIRED] == ["operator", "rollout", "statefulset"]


@pytest.mark.parametrize("path", REPAIRED, ids=lambda path: path.stem)
def test_the_repaired_model_reads_as_its_naive_twin_but_for_one_component(path: Path) -> None:
    models = (path, path.with_name(f"{path.stem}_naive.kspec"))
    repaired, naive = (check_model(model, engine=Engine.EXPLORE).result for model in models)
    assert repaired is not None
    assert naive is not None
    assert [found.name for found in repaired.properties] == [found.name for found in naive.properties]
    assert repaired.exploration is not None
    assert repaired.exploration.cut is None
    assert all(found.verdict is Verdict.HOLDS for found in repaired.properties)
    assert repaired.exit_code is ExitCode.OK


WAITS = ("watches Database, Volume, Pod lag 1", "watches Database, Volume, Pod lag 1  reads own writes")


def test_reading_own_writes_is_enough_where_the_new_view_is_as_new_as_the_store(tmp_path: Path) -> None:
    from_the_store = ("crashes at most 1 from stale 1", "crashes at most 1")
    assert verdict(tmp_path, "operator_naive.kspec", "OneVolume", WAITS, from_the_store) is Verdict.HOLDS


def test_reading_own_writes_is_not_enough_after_a_crash(tmp_path: Path) -> None:
    assert verdict(tmp_path, "operator_naive.kspec", "OneVolume", WAITS) is Verdict.VIOLATED


def test_a_crash_alone_is_enough_for_a_second_volume(tmp_path: Path) -> None:
    fresh = ("lag 1", "lag 0")
    assert verdict(tmp_path, "operator_naive.kspec", "OneVolume", fresh) is Verdict.VIOLATED
    assert verdict(tmp_path, "operator.kspec", "OneVolume", fresh) is Verdict.HOLDS


def test_a_late_informer_counts_evicted_pods_unless_the_status_names_them(tmp_path: Path) -> None:
    forgets = (" and not p in status.taken", "")
    assert verdict(tmp_path, "rollout.kspec", "InService", forgets) is Verdict.VIOLATED


def test_a_late_attacher_that_writes_without_looking_detaches_a_volume_in_use(tmp_path: Path) -> None:
    detach = ("update volume { attached = none  in_use = false }", "Volume.attached = none  Volume.in_use = false")
    assert verdict(tmp_path, "statefulset.kspec", "OneWriter", detach) is Verdict.VIOLATED
