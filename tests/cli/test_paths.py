"""Files and folders of a command line: links, odd names, and places where no trace may go."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import COUNTER, Ended
from tests.schemas import validator

Kspec = Callable[..., Ended]
Write = Callable[[str, str], Path]

GOOD = COUNTER.replace("n <= 3", "n <= 5")


def test_links_that_lead_out_of_a_folder_are_skipped(kspec: Kspec, write: Write) -> None:
    outside = write("outside.kspec", COUNTER)
    write("elsewhere/other.kspec", COUNTER)
    write("models/good.kspec", GOOD)
    Path("models/link.kspec").symlink_to(outside.absolute())
    Path("models/folder").symlink_to(Path("elsewhere").absolute())
    Path("models/again.kspec").symlink_to("good.kspec")
    ended = kspec("check", "--format", "json", "models")
    assert ended.code == 0
    assert [json.loads(line)["model"] for line in ended.out.splitlines()] == ["models/again.kspec", "models/good.kspec"]
    assert "models/link.kspec is a link that leads out of models, and is skipped" in ended.err
    assert "models/folder is a link" in ended.err
    assert kspec("check", "models/link.kspec").code == 1


def test_a_folder_may_be_a_link_itself(kspec: Kspec, write: Write) -> None:
    write("models/good.kspec", GOOD)
    Path("link").symlink_to("models")
    ended = kspec("check", "link")
    assert (ended.code, ended.err) == (0, "")


def test_paths_that_the_system_refuses(kspec: Kspec, write: Write) -> None:
    model = write("good.kspec", GOOD)
    Path("loop.kspec").symlink_to("loop.kspec")
    long = "a" * 300
    for name in ("loop.kspec", f"{long}.kspec", f"{long}/model.kspec"):
        ended = kspec("check", name)
        assert (ended.code, "KS001" in ended.err) == (2, True)
        ended = kspec("check", "--trace", name, model)
        assert (ended.code, "KS906" in ended.err) == (2, True)
        ended = kspec("init", name)
        assert (ended.code, "KS906" in ended.err) == (2, True)
        ended = kspec("replay", name)
        assert (ended.code, "KS901" in ended.err) == (2, True)


def test_a_name_that_is_not_unicode_gives_sound_json(kspec: Kspec, write: Write) -> None:
    write("good.kspec", GOOD)
    name = os.fsdecode(b"caf\xe9.kspec")
    try:
        Path("good.kspec").rename(name)
    except OSError:
        pytest.skip("the file system takes Unicode names only")
    ended = kspec("check", "--format", "json", name)
    document = json.loads(ended.out)
    validator("check-1").validate(document)
    assert document["model"] == "caf\\udce9.kspec"
    assert ended.code == 0


@pytest.mark.parametrize("name", ["counter.kspec", "notes.txt", "folder", "missing/bad.json", ""])
def test_a_trace_goes_only_where_nothing_is_lost(kspec: Kspec, write: Write, name: str) -> None:
    model = write("counter.kspec", COUNTER)
    write("notes.txt", "{}")
    Path("folder").mkdir()
    ended = kspec("check", "--trace", name, model)
    assert (ended.code, ended.out) == (2, "")
    assert "KS906" in ended.err
    assert model.read_text("utf-8") == COUNTER


def test_a_trace_or_an_empty_file_is_overwritten(kspec: Kspec, write: Write) -> None:
    model, trace = write("counter.kspec", COUNTER), write("bad.json", "")
    for _ in range(2):
        assert kspec("check", "--trace", trace, model).code == 1
        assert kspec("replay", trace).code == 0


def test_further_traces_overwrite_nothing_else(kspec: Kspec, write: Write) -> None:
    model = write("counter.kspec", COUNTER + "invariant Tiny: n <= 1\n")
    precious = write("bad-2.json", "precious")
    ended = kspec("check", "--trace", "bad.json", model)
    assert ended.code == 2
    assert "KS906: bad-2.json exists already" in ended.err
    assert precious.read_text("utf-8") == "precious"


@pytest.mark.parametrize("command", ["check", "replay", "init"])
def test_an_empty_name_is_an_error(kspec: Kspec, write: Write, command: str) -> None:
    write("counter.kspec", COUNTER)
    ended = kspec(command, "")
    assert ended.code == 2
    assert "KS905" in ended.err
