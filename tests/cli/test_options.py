"""Options given twice, and command lines that are wrong for a program that reads JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import COUNTER, Ended
from tests.schemas import validator

Kspec = Callable[..., Ended]
Write = Callable[[str, str], Path]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--engine", "plain", "--engine", "bmc"],
        ["--timeout", "1s", "--timeout=2s"],
        ["-D", "LAST=3", "-D", "LAST = 4"],
        ["--scope", "Pod=3", "--scope", "Pod=4"],
    ],
)
def test_an_option_given_twice(kspec: Kspec, write: Write, arguments: list[str]) -> None:
    ended = kspec("check", *arguments, write("counter.kspec", COUNTER))
    assert ended.code == 2
    assert "KS903" in ended.err


def test_options_that_may_repeat(kspec: Kspec, write: Write) -> None:
    path = write("counter.kspec", COUNTER + "const FIRST: 0..9 = 0\n")
    assert kspec("check", "-D", "LAST=3", "-D", "FIRST=1", "--first", "--first", path).code == 0


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--format", "json", "--engine", "fast", "m.kspec"], "KS905"),
        (["--format=json"], "KS905"),
        (["--format", "json", "--depth", "3", "m.kspec"], "KS903"),
        (["--format", "json", "."], "KS904"),
        (["--format", "json", "--trace", "missing/bad.json", "m.kspec"], "KS906"),
    ],
)
def test_a_wrong_command_line_gives_one_json_object(
    kspec: Kspec, write: Write, arguments: list[str], code: str
) -> None:
    write("notes.txt", "")
    ended = kspec("check", *arguments)
    document = json.loads(ended.out)
    validator("check-1").validate(document)
    assert (document["model"], document["exit_code"]) == ("", 2)
    assert [found["code"] for found in document["diagnostics"]] == [code]
    assert code in ended.err
