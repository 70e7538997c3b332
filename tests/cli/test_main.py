"""The command line as a whole: versions, pipes, limits."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from kspec import __version__
from kspec.cli.limits import as_bytes, as_seconds, default_memory
from tests.cli.conftest import COUNTER, Ended

Kspec = Callable[..., Ended]

CONTEXT = click.Context(click.Command("test"))
OPTION = click.Option(["--option"])


def test_the_version(kspec: Kspec) -> None:
    ended = kspec("--version")
    assert (ended.code, ended.out) == (0, f"kspec {__version__}\n")


def test_no_command_says_where_help_is(kspec: Kspec) -> None:
    ended = kspec()
    assert ended.code == 2
    assert "kspec --help" in ended.err


def test_an_unknown_command_has_a_code(kspec: Kspec) -> None:
    ended = kspec("chekc")
    assert ended.code == 2
    assert "KS905" in ended.err


@pytest.mark.parametrize(
    ("text", "size"),
    [("1", 1), ("64B", 64), ("2GiB", 2 << 30), ("500MB", 500_000_000), ("1.5 KiB", 1536), (None, None)],
)
def test_sizes(text: str | None, size: int | None) -> None:
    assert as_bytes(CONTEXT, OPTION, text) == size


@pytest.mark.parametrize("text", ["", "GiB", "-1", "2 gigs", "1e9", "9" * 100])
def test_what_is_no_size(text: str) -> None:
    with pytest.raises(click.BadParameter):
        as_bytes(CONTEXT, OPTION, text)


@pytest.mark.parametrize(("text", "seconds"), [("90", 90), ("0.5s", 0.5), ("5min", 300), ("1h", 3600), (None, None)])
def test_times(text: str | None, seconds: float | None) -> None:
    assert as_seconds(CONTEXT, OPTION, text) == seconds


@pytest.mark.parametrize("text", ["", "s", "-1", "inf", "nan", "1 day"])
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(click.BadParameter):
        as_seconds(CONTEXT, OPTION, text)


def test_memory_is_limited_by_default() -> None:
    memory = default_memory()
    assert memory is None or memory > 1 << 20


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "counter.kspec").write_text(COUNTER, encoding="utf-8")
    command = [sys.executable, "-m", "kspec.cli.main", "check", str(tmp_path / "counter.kspec")]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        errors = process.stderr.read()
    assert "Traceback" not in errors
    assert "BrokenPipe" not in errors
