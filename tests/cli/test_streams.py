"""Standard output and standard error that cannot be written, and Ctrl-C while modules are imported."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import COUNTER

ROOT = Path(__file__).parents[2]
FULL = Path("/dev/full")

needs_full_device = pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full")

COMMANDS = ["check counter.kspec", "check --format json counter.kspec", "replay bad.json", "init new.kspec", "--help"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model, and a trace of it."""
    place = tmp_path_factory.mktemp("streams")
    (place / "counter.kspec").write_text(COUNTER, encoding="utf-8")
    shell(place, "check --trace bad.json counter.kspec", "")
    return place


def shell(folder: Path, command: str, redirection: str) -> subprocess.CompletedProcess[str]:
    line = f"{sys.executable} -m kspec.cli.main {command} {redirection}"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(["sh", "-c", line], cwd=folder, env=environment, capture_output=True, text=True, check=False)
    (folder / "new.kspec").unlink(missing_ok=True)
    return done


@needs_full_device
@pytest.mark.parametrize("command", COMMANDS)
def test_output_that_is_full(folder: Path, command: str) -> None:
    done = shell(folder, command, ">/dev/full")
    assert done.returncode == 2
    assert done.stderr == "KS906: the output cannot be written: No space left on device\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_output_that_is_closed(folder: Path, command: str) -> None:
    done = shell(folder, command, ">&-")
    assert (done.returncode, done.stderr) == (2, "KS906: the output cannot be written: it is closed\n")


@needs_full_device
@pytest.mark.parametrize("redirection", ["2>&-", "2>/dev/full"])
def test_errors_that_nobody_can_read(folder: Path, redirection: str) -> None:
    assert shell(folder, "check missing.kspec", redirection).returncode == 2
    checked = shell(folder, "check --trace bad.json counter.kspec", redirection)
    assert checked.returncode == 1
    assert "Small is violated" in checked.stdout


def test_an_interruption_of_an_import() -> None:
    code = """
import sys
from importlib.abc import MetaPathFinder

class Interrupting(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == "click":
            raise KeyboardInterrupt

sys.meta_path.insert(0, Interrupting())
from kspec.cli.main import main
main(["--help"])
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (3, "", "")


def test_a_request_to_end_gives_the_verdicts_so_far(folder: Path) -> None:
    """SIGTERM, as from a job runner whose time is over."""
    code = """
import os, signal
from kspec.check import engines
from kspec.cli.main import main

engines.prove_invariants = lambda *_, **__: os.kill(os.getpid(), signal.SIGTERM)
main(["check", "counter.kspec"])
"""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (3, "")
    assert "Small           invariant  unknown (interrupted)" in done.stdout
