from __future__ import annotations

import os
from pathlib import Path

import pytest

from kspec.explore.machine import object_cache


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "kspec"


def test_what_was_stored_is_loaded(folder: Path) -> None:
    object_cache.store(object_cache.digest("a", "b"), b"code")
    assert object_cache.load(object_cache.digest("a", "b")) == b"code"
    assert object_cache.load(object_cache.digest("ab")) is None
    assert [path.suffix for path in folder.iterdir()] == [".o"]


def test_a_damaged_file_is_none(folder: Path) -> None:
    name = object_cache.digest("a")
    object_cache.store(name, b"code")
    (file,) = folder.iterdir()
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    assert object_cache.load(name) is None


def test_the_oldest_files_go_first(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(object_cache, "KEPT", 2)
    for age, text in ((30, "a"), (20, "b"), (10, "c")):
        object_cache.store(object_cache.digest(text), text.encode())
        for file in folder.glob(f"*{object_cache.digest(text)[:32]}*"):
            os.utime(file, (1_000_000 - age, 1_000_000 - age))
    assert [object_cache.load(object_cache.digest(text)) for text in "abc"] == [None, b"b", b"c"]


def test_a_folder_that_others_can_write_to_is_not_used(folder: Path) -> None:
    folder.mkdir()
    folder.chmod(0o777)
    object_cache.store("a" * 64, b"code")
    assert list(folder.iterdir()) == []
    assert object_cache.load("a" * 64) is None
