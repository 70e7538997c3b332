"""Files that can be read, and those that cannot."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kspec.language.codes import Code
from kspec.language.source import MAX_BYTES, read_source


def read(path: Path, content: bytes) -> str | None:
    path.write_bytes(content)
    text, diagnostics = read_source(path, "m.kspec")
    assert (text is None) == (diagnostics != ())
    return text


def problem(path: Path) -> tuple[Code, str]:
    text, (diagnostic,) = read_source(path, "m.kspec")
    assert text is None
    assert diagnostic.span.file == "m.kspec"
    return diagnostic.code, diagnostic.message


def test_lines_end_with_a_newline_only(tmp_path: Path) -> None:
    assert read(tmp_path / "a", b"a\r\nb\rc\nd") == "a\nb\nc\nd"


def test_byte_order_mark_is_skipped(tmp_path: Path) -> None:
    assert read(tmp_path / "a", b"\xef\xbb\xbfkind A") == "kind A"


def test_empty_file(tmp_path: Path) -> None:
    assert read(tmp_path / "a", b"") == ""


def test_size(tmp_path: Path) -> None:
    assert read(tmp_path / "a", b"#" * MAX_BYTES) is not None
    (tmp_path / "b").write_bytes(b"#" * (MAX_BYTES + 1))
    assert problem(tmp_path / "b") == (Code.KS003, "the file is larger than 1,024 KiB")
    with (tmp_path / "huge").open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    assert problem(tmp_path / "huge")[0] is Code.KS003


def test_encoding(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes("kind A\r\n# caf\xe9".encode("latin-1"))
    _, (diagnostic,) = read_source(path, "m.kspec")
    assert diagnostic.code is Code.KS002
    assert diagnostic.message == "the file is not UTF-8 text: byte 0xe9 cannot stand here"
    assert (diagnostic.span.line, diagnostic.span.column) == (2, 6)
    path.write_bytes("kind A".encode("utf-16"))
    assert problem(path) == (Code.KS002, "the file is UTF-16 text")


def test_what_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    os.mkfifo(tmp_path / "pipe")
    assert problem(tmp_path) == (Code.KS001, "cannot read the file: it is a directory")
    assert problem(tmp_path / "pipe") == (Code.KS001, "cannot read the file: it is not a regular file")
    assert problem(tmp_path / "absent") == (Code.KS001, "cannot read the file: no such file or directory")
    assert problem(tmp_path / "loop") == (Code.KS001, "cannot read the file: too many levels of symbolic links")
    assert problem(tmp_path / "a\0b")[0] is Code.KS001
    assert problem(tmp_path / ("x" * 10_000))[0] is Code.KS001
    assert problem(Path("/dev/zero"))[0] is Code.KS001


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_file_without_permission(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("kind A")
    (tmp_path / "a").chmod(0)
    assert problem(tmp_path / "a") == (Code.KS001, "cannot read the file: permission denied")
