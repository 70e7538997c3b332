"""`--crash 1` finds the interrupted expansion (F37) by itself, in texts that say nothing of crashes."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Ended
from tests.shipped import MODELS

Kspec = Callable[..., Ended]
Changes = tuple[tuple[str, str], ...]

CRASHES = "  crashes at most 1\n\n"

WITHOUT_YIELD = (("      yield\n", ""),)
"""What lets the operator's process make two requests in one step."""

ONE_STEP = (("fair process", "fair action"), *WITHOUT_YIELD, ("for each", "for"))
"""What makes an action of it: the audit finds by itself where it makes requests."""

AROUND_ONE_STEP = (
    ("reachable Orphaned: not exists s: StatefulSet: true\n", ""),
    ("  Claim data0, data1\n", "  Claim data0, data1\n  StatefulSet at most 2\n"),
)
"""There is no moment between deleting and creating, and the slot of what one step deletes is not free in it."""

CHANGES = pytest.mark.parametrize("changes", [(), WITHOUT_YIELD, ONE_STEP], ids=["process", "larger steps", "action"])


def change(path: Path, changes: Changes) -> None:
    text = path.read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    path.write_text(text, encoding="utf-8")


def without_crashes(folder: Path, name: str, changes: Changes) -> Path:
    shutil.copytree(MODELS / "failures" / "f37_interrupted_expansion", folder, dirs_exist_ok=True)
    expected = (("expect violation TemplateIsTrue\n", ""), ("expect violation Expands", ""))
    change(folder / "broken.kspec", expected)
    change(folder / name, ((CRASHES, ""), *changes))
    change(folder / "common.kspec", AROUND_ONE_STEP if changes == ONE_STEP else ())
    return folder / name


@CHANGES
def test_the_repaired_operator_passes(kspec: Kspec, tmp_path: Path, changes: Changes) -> None:
    model = without_crashes(tmp_path, "repaired.kspec", changes)
    ended = kspec("check", model, "--crash", "1", "--format", "json")
    (audit,) = json.loads(ended.out)["audits"]
    assert ended.code == 0
    assert (audit["component"], audit["fault"], audit["broken"]) == ("operator", "crash", [])
    assert {found["verdict"] for found in audit["properties"]} <= {"holds", "proved"}


@CHANGES
def test_the_broken_operator_fails(kspec: Kspec, tmp_path: Path, changes: Changes) -> None:
    model = without_crashes(tmp_path, "broken.kspec", changes)
    assert kspec("check", model).code == 0
    ended = kspec("check", model, "--crash", "1")
    assert ended.code == 1
    assert "TemplateIsTrue is violated with operator, crash 1 after 4 steps" in ended.out
    assert "operator restarts: loses reconcile" in ended.out
    assert ended.out.endswith("\naudit failed: operator, crash 1: TemplateIsTrue violated, Expands violated\n")
