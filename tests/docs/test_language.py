"""docs/language.md says nothing that is not so: its examples run, its lists are complete."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from kspec.check.options import Engine
from kspec.check.verdicts import ExitCode
from kspec.cli.main import run
from kspec.language.codes import Code
from kspec.language.grammar import MAX_DEPTH
from kspec.language.modules import MAX_MODULES
from kspec.language.parse_recovery import MAX_BRACKETS
from kspec.language.reserved import RESERVED
from kspec.language.source import MAX_BYTES
from kspec.language.tokens import MAX_DIGITS
from tests.docs.examples import Example, blocks, commands, examples
from tests.models.checking import check_model

PAGE = Path(__file__).parents[2] / "docs" / "language.md"
EXAMPLES = examples(PAGE)
CODE = re.compile(r"KS\d{3}")


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every example as a file of its own, so that examples can import each other."""
    place = tmp_path_factory.mktemp("examples")
    for example in EXAMPLES:
        (place / example.name).write_text(example.text, encoding="utf-8")
    return place


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"line {example.line}")
def test_example(example: Example, folder: Path) -> None:
    checked = check_model(folder / example.name, engine=Engine.PLAIN)
    codes = [line for line in example.expected if CODE.fullmatch(line)]
    assert sorted({found.code.name for found in checked.diagnostics}) == codes, checked.diagnostics
    if codes or checked.cluster is None:
        return
    assert checked.result is not None
    verdicts = {
        found.name: f"{found.name} {found.verdict.value} {found.reason}".strip() for found in checked.result.properties
    }
    for line in example.expected:
        assert verdicts[line.split()[0]] == line
    if not example.expected:
        assert checked.result.exit_code is ExitCode.OK, checked.result


@pytest.mark.parametrize("command", commands(PAGE))
def test_command(command: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    assert run(shlex.split(command)[1:]) == 0


def test_reserved_words_are_listed() -> None:
    (words,) = (block.text.split() for block in blocks(PAGE) if block.language == "words")
    assert words == sorted(RESERVED)


def test_limits_are_those_of_the_program() -> None:
    rows = dict(re.findall(r"^\| (.*) \| ([\d,]+(?: MiB)?) \| ", _section("Limits"), re.MULTILINE))
    assert rows["a file"] == f"{MAX_BYTES // 2**20} MiB"
    assert rows["files of a model"] == f"{MAX_MODULES}"
    assert rows["digits of a number"] == f"{MAX_DIGITS}"
    assert rows["brackets inside each other"] == f"{MAX_BRACKETS}"
    assert f"{MAX_DEPTH}" in rows.values()


def test_every_code_is_listed_with_its_meaning() -> None:
    rows = re.findall(r"^\| (KS\d{3}) \| (.*) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert rows == [(code.name, code.value) for code in Code]


def _section(title: str) -> str:
    return PAGE.read_text(encoding="utf-8").split(f"\n## {title}\n")[1].split("\n## ")[0]
