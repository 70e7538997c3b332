"""Models that were checked before: nothing is told otherwise than the first time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kspec.user_cache import cache_folder
from tests.cli.conftest import COUNTER, PODS, Ended

ROOT = Path(__file__).parents[2]
Kspec = Callable[..., Ended]
Write = Callable[[str, str], Path]

INITIALLY = """\
kind Web { n: 0..3 = 0 }
environment { action grow(w: Web) when w.n < 3 { w.n += 1 } }
cluster never { Web w1  initially w1.n > 2 }
"""


def kept() -> list[Path]:
    folder = cache_folder()
    assert folder is not None
    return sorted(folder.glob("model-*.kept"))


def told(ended: Ended) -> tuple[object, ...]:
    """All but the seconds, where code comes from, and the example in a note: Z3 picks another one in a process that it
    answered in before."""
    documents = [json.loads(line) for line in ended.out.splitlines()]
    for document in documents:
        document.pop("seconds")
        for varying in ("seconds", "code", "compile_seconds"):
            (document.get("exploration") or {}).pop(varying, None)
        for property in document["properties"]:
            property["note"] = property["note"].partition(":")[0]
    return ended.code, documents, ended.err


def no_language(*_: object, **__: object) -> None:
    raise AssertionError("the model is read again")


@pytest.mark.parametrize(
    "arguments", [(), ("--cluster", "larger"), ("--cluster", "all"), ("--scope", "Pod=3"), ("--trace", "bad.json")]
)
def test_a_model_is_read_once(
    kspec: Kspec, write: Write, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    path = write("pods.kspec", PODS)
    first = kspec("check", "--format", "json", *arguments, path)
    assert len(kept()) == 1
    monkeypatch.setattr("kspec.language.load.load_model", no_language)
    monkeypatch.setattr("kspec.lower.lower.lower", no_language)
    again = kspec("check", "--format", "json", *arguments, path)
    assert first.code == 1
    assert told(again) == told(first)


def test_another_text_or_other_options_are_another_model(kspec: Kspec, write: Write) -> None:
    path = write("counter.kspec", COUNTER)
    states = []
    for text, arguments in (
        (COUNTER, ()),
        (COUNTER, ("-D", "LAST=2")),
        (COUNTER.replace("n += 1", "n = n + 1"), ()),
        (COUNTER.replace("= 5", "= 1"), ()),
        (COUNTER, ()),
    ):
        path.write_text(text, "utf-8")
        (document,) = map(json.loads, kspec("check", "--format", "json", *arguments, path).out.splitlines())
        states.append(document["exploration"]["states"])
    assert states == [5, 3, 5, 2, 5]
    assert len(kept()) == 4


@pytest.mark.parametrize(
    ("text", "arguments"),
    [(COUNTER + "invariant\n", ()), (PODS, ("--cluster", "none")), ("# import\n" + COUNTER, ()), ("", ())],
    ids=["errors", "an unknown cluster", "perhaps an import", "empty"],
)
def test_what_is_not_kept(kspec: Kspec, write: Write, text: str, arguments: tuple[str, ...]) -> None:
    path = write("model.kspec", text)
    first = kspec("check", *arguments, path)
    again = kspec("check", *arguments, path)
    assert kept() == []
    assert (again.code, again.err) == (first.code, first.err)


def test_a_model_without_an_initial_state_is_told_so_again(kspec: Kspec, write: Write) -> None:
    path = write("model.kspec", INITIALLY)
    first, again = kspec("check", path), kspec("check", path)
    assert first.code == 2
    assert "KS607" in first.err
    assert (again.code, again.err) == (first.code, first.err)


def test_an_imported_file_that_changes_is_read(kspec: Kspec, write: Write) -> None:
    write("last.kspec", "const LAST: 0..9 = 5\n")
    path = write("counter.kspec", 'import "last.kspec"\n' + COUNTER.replace("const LAST: 0..9 = 5\n", ""))
    first = kspec("check", path)
    write("last.kspec", "const LAST: 0..9 = 3\n")
    assert (first.code, kspec("check", path).code) == (1, 0)


def test_the_language_is_not_imported_for_a_model_that_is_kept(write: Write) -> None:
    path = write("counter.kspec", COUNTER.replace("n <= 3", "n <= 5"))
    code = (
        "import sys; from kspec.cli.main import run; code = run(['check', sys.argv[1]]);"
        "print(code, 'lark' in sys.modules, 'kspec.language.load' in sys.modules)"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ends = [
        subprocess.run(
            [sys.executable, "-c", code, path], check=True, capture_output=True, text=True, env=environment
        ).stdout
        for _ in range(2)
    ]
    assert [end.splitlines()[-1] for end in ends] == ["0 True True", "0 False False"]
