"""models/tour/README.md: what it says about asking one's own questions is so.

Its models lie beside the parts of the tour. The lines below a command are properties with the verdicts that it prints.
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
from itertools import pairwise
from pathlib import Path

import pytest

from kspec.cli.main import run
from tests.docs.examples import Block, blocks
from tests.shipped import MODELS, ROOT, TOUR

PAGE = MODELS / "tour" / "README.md"
BLOCKS = blocks(PAGE)
ANSWERED = [pair for pair in pairwise(BLOCKS) if pair[0].language == "console"]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy of the tour and its library, with the models of the page in it."""
    (tmp_path / "pyproject.toml").touch()
    for folder in ("kubernetes", "tour"):
        shutil.copytree(MODELS / folder, tmp_path / "models" / folder)
    for block in BLOCKS:
        if block.language == "kspec":
            (tmp_path / "models" / "tour" / block.role).write_text(block.text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)


def test_a_word_is_new_where_the_page_says_so() -> None:
    rows = re.findall(r"^\| (\d\d) \| (.*) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(rows) > 10
    code = {path.name[:2]: re.sub(r"#.*", "", path.read_text(encoding="utf-8")) for path in TOUR}
    for part, new in rows:
        for word in re.findall(r"`(.+?)`", new):
            parts = [other for other, text in code.items() if re.search(rf"\b{re.escape(word)}\b", text)]
            assert parts[0] == part, word


def test_every_command_has_an_answer() -> None:
    assert len(ANSWERED) == 4
    assert {answer.language for _, answer in ANSWERED} == {"result"}


@pytest.mark.parametrize(("command", "answer"), ANSWERED, ids=lambda block: block.text.splitlines()[0])
def test_a_command_answers_so(command: Block, answer: Block, project: None, capsys: pytest.CaptureFixture[str]) -> None:
    run([*shlex.split(command.text.removeprefix("$ kspec ")), "--format", "json"])
    document = json.loads(capsys.readouterr().out)
    verdicts = {f"{found['name']} {found['verdict']}" for found in document["properties"]}
    assert set(answer.text.splitlines()) - verdicts == set()


def test_the_page_says_how_long_the_story_is(project: None, capsys: pytest.CaptureFixture[str]) -> None:
    run(["check", "models/tour/mine.kspec", "--format", "json"])
    (found,) = [each for each in json.loads(capsys.readouterr().out)["properties"] if each["name"] == "StillSelected"]
    told = [step["action"] for step in found["trace"]["steps"]]
    assert sorted(told) == sorted(["probe_succeeds", "give_address", "connect", "relabel"])
    assert "has four steps" in PAGE.read_text(encoding="utf-8").replace("\n", " ")


def test_the_first_page_has_the_first_of_the_commands_and_leads_here() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert ANSWERED[0][0].text.removeprefix("$ ") in text
    assert "](models/tour/README.md#ask-your-own-question)" in text
