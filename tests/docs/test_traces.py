"""docs/traces.md: its command prints what it shows, and it names every field of a step."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kspec.report.story import trace_lines
from kspec.report.styled import plain
from kspec.trace.story import tell_lasso
from tests.docs.consoles import ROOT, assert_prints_what_is_shown, consoles, go_beside_the_models
from tests.schemas import schema
from tests.trace.lassos import BINDS, FLAPPING, S

PAGE = ROOT / "docs" / "traces.md"


def test_the_command_prints_what_the_page_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (block,) = consoles(PAGE)
    go_beside_the_models(PAGE, tmp_path, monkeypatch)
    assert_prints_what_is_shown(block, capsys)


def test_the_story_of_a_run_that_goes_on_is_what_is_printed() -> None:
    (block,) = re.findall(r"```story\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert block == plain(trace_lines(tell_lasso(S, FLAPPING, BINDS)))


def test_every_part_of_a_loop_is_named() -> None:
    table = PAGE.read_text(encoding="utf-8").partition("| part |")[2]
    named = {name for row in table.splitlines() for name in re.findall(r"`(\w+)`", row.partition(" | ")[0])}
    assert named == set(schema("trace-1")["$defs"]["loop"]["properties"])


def test_every_field_of_a_step_is_named() -> None:
    section = PAGE.read_text(encoding="utf-8").partition("## For programs")[2].partition("| part |")[0]
    before_table, _, table = section.partition("| field |")
    named = set(re.findall(r"`(\w+)`", before_table)) | set(re.findall(r"^\| `(\w+)`", table, re.MULTILINE))
    assert named == set(schema("trace-1")["$defs"]["step"]["properties"])


def test_fields_that_older_traces_lack_are_not_required() -> None:
    section = PAGE.read_text(encoding="utf-8").partition("| field |")[2].partition("| part |")[0]
    optional = set(re.findall(r"^\| `(\w+)`", section, re.MULTILINE))
    step = schema("trace-1")["$defs"]["step"]
    assert set(step["properties"]) - set(step["required"]) == optional
