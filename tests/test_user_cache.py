from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import kspec
from kspec.user_cache import Kept, name_of, version_of

TEXTS = Kept("text", bytes, 1 << 20)

DAMAGE = {
    "another byte": lambda content: content[:-1] + bytes([content[-1] ^ 1]),
    "cut short": lambda content: content[:-1],
    "nothing but a checksum": lambda content: content[:32],
    "empty": lambda _: b"",
    "something else": lambda _: b"no object code " * 10,
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "kspec"


def test_what_was_stored_is_loaded(folder: Path) -> None:
    TEXTS.store(name_of("a", "b"), b"code")
    assert TEXTS.load(name_of("a", "b")) == b"code"
    assert TEXTS.load(name_of("ab")) is None
    assert [path.suffix for path in folder.iterdir()] == [".kept"]


def test_different_texts_have_different_names() -> None:
    texts = [("a", "b"), ("ab",), ("a", "b", ""), ("b", "a"), ("a1:b",)]
    assert len({name_of(*parts) for parts in texts}) == len(texts)


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_file_is_not_loaded_and_is_replaced(folder: Path, damage: str) -> None:
    name = name_of("a")
    TEXTS.store(name, b"code")
    (file,) = folder.iterdir()
    file.write_bytes(DAMAGE[damage](file.read_bytes()))
    assert TEXTS.load(name) is None
    TEXTS.store(name, b"code")
    assert TEXTS.load(name) == b"code"


def test_a_file_under_the_name_of_another_is_not_loaded(folder: Path) -> None:
    TEXTS.store(name_of("a"), b"code")
    (file,) = folder.iterdir()
    other = name_of("b")
    file.rename(folder / f"text-{other[:32]}.kept")
    assert TEXTS.load(other) is None


def test_what_was_not_used_for_the_longest_time_goes_first(folder: Path) -> None:
    names = {text: name_of(text) for text in "abc"}
    for age, text in ((30, "a"), (20, "b")):
        TEXTS.store(names[text], bytes(1000))
        os.utime(folder / f"text-{names[text][:32]}.kept", (1_000_000 - age, 1_000_000 - age))
    assert TEXTS.load(names["a"]) is not None
    Kept("text", bytes, 2500).store(names["c"], bytes(1000))
    assert [text for text in "abc" if TEXTS.load(names[text]) is not None] == ["a", "c"]


def test_files_that_nobody_finished_are_removed(folder: Path) -> None:
    TEXTS.store(name_of("a"), b"code")
    old, new, other = folder / "text-1.new", folder / "text-2.new", folder / "grammar.lark"
    for file in (old, new, other):
        file.touch()
    for file in (old, other):
        os.utime(file, (1, 1))
    TEXTS.store(name_of("b"), b"code")
    assert (old.exists(), new.exists(), other.exists()) == (False, True, True)


def test_a_folder_that_others_can_write_to_is_not_used(folder: Path) -> None:
    folder.mkdir()
    folder.chmod(0o777)
    TEXTS.store("a" * 64, b"code")
    assert list(folder.iterdir()) == []
    assert TEXTS.load("a" * 64) is None


def test_a_folder_behind_a_link_is_not_used(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    folder.symlink_to(tmp_path / "other")
    TEXTS.store("a" * 64, b"code")
    assert list((tmp_path / "other").iterdir()) == []


def test_a_folder_is_made_for_this_user_alone(folder: Path) -> None:
    TEXTS.store("a" * 64, b"code")
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_folder_that_cannot_be_made_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    TEXTS.store("a" * 64, b"code")
    assert TEXTS.load("a" * 64) is None


STORING = """
from kspec.user_cache import Kept, name_of
texts = Kept("text", bytes, 1 << 20)
name = name_of("shared")
for number in range(100):
    texts.store(name, bytes([number]) * 20_000)
    found = texts.load(name)
    assert found is not None and len(set(found)) == 1 and len(found) == 20_000
"""


def test_processes_that_store_and_load_at_once_see_whole_files() -> None:
    processes = [subprocess.Popen([sys.executable, "-c", STORING]) for _ in range(3)]
    assert [process.wait() for process in processes] == [0, 0, 0]


def test_a_value_of_another_type_is_not_loaded(folder: Path) -> None:
    Kept("text", str, 1 << 20).store(name_of("a"), "code")
    assert TEXTS.load(name_of("a")) is None
    assert len(list(folder.iterdir())) == 1


def test_the_version_changes_with_the_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kspec, "__file__", str(tmp_path / "__init__.py"))
    (tmp_path / "one" / "deep").mkdir(parents=True)
    versions = [version_of("one")]
    for file, text in (("a.py", "1"), ("a.py", "2"), ("deep/a.py", "2")):
        (tmp_path / "one" / file).write_text(text)
        versions.append(version_of("one"))
    assert len(set(versions)) == 4
    (tmp_path / "one" / "a.txt").write_text("no code")
    assert version_of("one") == versions[-1]
