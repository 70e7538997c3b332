"""`kspec check --checkpoint` and `--resume`: what they say, and that the answers are those of one search."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from kspec.explore.checkpoint import MANIFEST
from tests.cli.conftest import COUNTER, Ended
from tests.cli.test_compact import GRID

Kspec = Callable[..., Ended]
Write = Callable[[str, str], Path]


def without_notes(report: str) -> str:
    lines = [line for line in report.splitlines() if "kept in" not in line]
    return re.sub(r"\d+\.\d s\b", "0.0 s", "\n".join(lines))


@pytest.mark.parametrize("compact", [[], ["--compact"]])
def test_a_search_in_three_parts_ends_like_one(kspec: Kspec, write: Write, compact: list[str]) -> None:
    model = write("grid.kspec", GRID + "invariant Near: x + y != 70\n")
    check = ["check", model, "--engine", "explore", *compact]
    whole = kspec(*check)
    first = kspec(*check, "--checkpoint", "saved/grid", "--max-depth", "35")
    assert "the search up to depth 35 is kept in saved/grid: go on with --resume" in first.out
    second = kspec(*check, "--checkpoint", "saved/grid", "--resume", "--max-states", "1500")
    assert "(limit: states)" in second.out
    third = kspec(*check, "--checkpoint", "saved/grid", "--resume")
    assert "the search is kept in saved/grid" in third.out
    assert (without_notes(third.out), third.code) == (without_notes(whole.out), whole.code)


def test_a_short_search_leaves_a_checkpoint_too(kspec: Kspec, write: Write) -> None:
    model = write("counter.kspec", COUNTER)
    whole = kspec("check", model)
    ended = kspec("check", "--checkpoint", "saved", model)
    assert "kept in saved" in ended.out
    again = kspec("check", "--checkpoint", "saved", "--resume", model)
    assert [without_notes(found.out) for found in (ended, again)] == [without_notes(whole.out)] * 2


def test_where_everything_is_proved_there_is_a_checkpoint_too(kspec: Kspec, write: Write) -> None:
    model = write("proved.kspec", "var x: 0..9 = 0\ncomponent c { action rise when x < 9 { x += 1 } }\n")
    ended = kspec("check", "--checkpoint", "saved", model)
    assert "the search is kept in saved" in ended.out
    assert kspec("check", "--checkpoint", "saved", "--resume", model).code == 0


def test_another_model_is_refused(kspec: Kspec, write: Write) -> None:
    model = write("grid.kspec", GRID)
    assert kspec("check", model, "--engine", "explore", "--checkpoint", "saved", "--max-depth", "40").code == 3
    write("grid.kspec", "# Only a comment.\n" + GRID)
    assert kspec("check", model, "--engine", "explore", "--checkpoint", "saved", "--resume").code == 0
    write("grid.kspec", GRID.replace("x < 40 {", "x < 39 {"))
    ended = kspec("check", model, "--engine", "explore", "--checkpoint", "saved", "--resume")
    assert ended.code == 2
    assert ended.err.startswith("KS907: the checkpoint is of another model: the text, a -D or a --scope has changed\n")


def test_a_folder_that_cannot_be_used(kspec: Kspec, write: Write) -> None:
    write("saved", "a file")
    ended = kspec("check", write("grid.kspec", GRID), "--engine", "explore", "--checkpoint", "saved")
    assert (ended.code, ended.err) == (2, "KS907: the folder saved cannot be used: File exists\n")


def test_a_damaged_checkpoint(kspec: Kspec, write: Write) -> None:
    write(f"saved/{MANIFEST}", "{}")
    write("saved/kspec-states.bin", "")
    ended = kspec("check", write("grid.kspec", GRID), "--engine", "explore", "--checkpoint", "saved", "--resume")
    assert (ended.code, ended.err.splitlines()[0]) == (
        2,
        "KS907: the checkpoint is damaged: its manifest is of something else",
    )
