"""The live line on a terminal: there while a check runs, gone at its end; and nowhere else."""

from __future__ import annotations

import fcntl
import io
import os
import pty
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from kspec.check.options import Activity
from kspec.cli.progress import ProgressLine
from kspec.explore.progress import Progress
from tests.cli.conftest import COUNTER

ROOT = Path(__file__).parents[2]
ERASE = "\r\x1b[K"


def searched(expanded: int, seconds: float) -> Activity:
    return Activity("explore", search=Progress((expanded + 50,), expanded + 60, 0, 50, seconds, 1 << 20))


def written(stream: io.StringIO) -> list[str]:
    return stream.getvalue().split(ERASE)


def test_each_line_takes_the_place_of_the_last_and_the_last_goes_away() -> None:
    stream = io.StringIO()
    progress = ProgressLine(stream, is_live=True)
    progress(Activity("bmc", depth=1, last_depth=2))
    progress(Activity("bmc", depth=2, last_depth=2))
    progress.clear()
    progress.clear()
    assert written(stream) == ["", "bmc: depth 1 of 2", "bmc: depth 2 of 2", ""]


def test_nothing_is_written_where_nobody_looks_on() -> None:
    stream = io.StringIO()
    progress = ProgressLine(stream, is_live=False)
    progress(Activity("bmc", depth=1, last_depth=2))
    progress.clear()
    assert stream.getvalue() == ""


def test_the_speed_is_that_of_the_last_seconds() -> None:
    stream = io.StringIO()
    progress = ProgressLine(stream, is_live=True)
    for expanded, seconds in ((0, 0.0), (100, 1.0), (200, 2.0), (600, 4.0), (1_100, 5.0), (1_600, 6.0)):
        progress(searched(expanded, seconds))
    assert "states/s" not in written(stream)[1]
    assert " 100 states/s" in written(stream)[2]
    assert f" {(1_600 - 200) // 4} states/s" in written(stream)[6]


def test_a_second_search_has_a_speed_of_its_own() -> None:
    stream = io.StringIO()
    progress = ProgressLine(stream, is_live=True)
    for expanded, seconds in ((0, 0.0), (900, 1.0), (10, 0.5), (30, 1.5)):
        progress(searched(expanded, seconds))
    assert "states/s" not in written(stream)[3]
    assert " 20 states/s" in written(stream)[4]


def test_a_terminal_that_goes_away_does_not_end_the_check() -> None:
    stream = io.StringIO()
    progress = ProgressLine(stream, is_live=True)
    stream.close()
    progress(Activity("bmc", depth=1, last_depth=2))
    progress.clear()


# --- on a terminal ----------------------------------------------------------------------------------------------------


def on_terminal(folder: Path, *arguments: str, columns: int = 80, piped: bool = False, **environment: str) -> str:
    """All that `kspec check` writes on a terminal; `piped`: standard output goes elsewhere."""
    (folder / "counter.kspec").write_text(COUNTER, encoding="utf-8")
    outside, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-m", "kspec.cli.main", "check", *arguments, "counter.kspec"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", **environment},
        stdout=subprocess.DEVNULL if piped else terminal,
        stderr=terminal,
    )
    os.close(terminal)
    shown = _all_of(outside)
    os.close(outside)
    assert process.wait() == 1
    return shown.replace("\r\n", "\n")


def _all_of(terminal: int) -> str:
    read = b""
    while True:
        try:
            more = os.read(terminal, 1 << 16)
        except OSError:  # how Linux tells that the other side is closed
            more = b""
        if not more:
            return read.decode()
        read += more


def test_it_appears_and_goes_away(tmp_path: Path) -> None:
    lines = on_terminal(tmp_path, "--no-color").split(ERASE)
    assert lines[0] == ""
    assert lines[1] == "induction: starting"
    assert any(line.startswith("induction: ") and line.endswith(" left") for line in lines)
    assert "explore: starting" in lines
    assert lines[-1].startswith("counter.kspec  cluster default\n")
    assert all("\n" not in line for line in lines[:-1])


def test_it_has_no_colours(tmp_path: Path) -> None:
    shown = on_terminal(tmp_path, "--engine", "bmc", NO_COLOR="1")
    assert "bmc: depth 1 of 20" in shown
    assert "\x1b" not in shown.replace(ERASE, "")


def test_it_fits_a_narrow_terminal(tmp_path: Path) -> None:
    lines = on_terminal(tmp_path, "--no-color", columns=12).split(ERASE)
    assert lines[1] == "induction: "


@pytest.mark.parametrize("arguments", [("--format", "json"), ()])
def test_it_is_only_for_people(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """JSON on a terminal; text whose reader is no terminal; a terminal that cannot erase."""
    assert ERASE not in on_terminal(tmp_path, *arguments, piped=not arguments)
    assert ERASE not in on_terminal(tmp_path, *arguments, TERM="dumb")
