"""Running the command line in the same process."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from kspec.cli.main import run
from kspec.user_cache import cache_folder

COUNTER = """\
var n: 0..9 = 0
environment { action tick when n < LAST { n += 1 } }
const LAST: 0..9 = 5
invariant Small: n <= 3
reachable Three: n == 3
"""
"""Violates Small in four steps."""

PODS = """\
kind Node { ready: bool = true }
kind Pod { node: Node? = none }
component scheduler {
  action bind(p: Pod, n: Node) when p.node == none when n.ready { p.node = n }
}
invariant Unbound: forall p: Pod: p.node == none
cluster small { Node n1  Pod p1 }
cluster larger { Node n1, n2  Pod p1, p2 }
"""
"""Violates Unbound in one step, in every cluster."""


@dataclass(frozen=True, slots=True)
class Ended:
    code: int
    out: str
    err: str


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No model is known from an earlier test; the parser is, since making it takes long."""
    folder = tmp_path_factory.mktemp("cache")
    shared = cache_folder()
    if shared is not None:
        (folder / "kspec").mkdir(mode=0o700)
        for file in shared.glob("grammar-*"):
            shutil.copy(file, folder / "kspec")
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))


@pytest.fixture
def kspec(capsys: pytest.CaptureFixture[str]) -> Callable[..., Ended]:
    """Runs `kspec` with these arguments."""

    def call(*arguments: str | Path) -> Ended:
        code = run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        assert "Traceback" not in captured.out + captured.err
        return Ended(code, captured.out, captured.err)

    return call


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], Path]:
    """Writes a file in an empty folder, which is the current one."""
    monkeypatch.chdir(tmp_path)

    def file(name: str, text: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return Path(name)

    return file
