"""What is missing or fails ends a benchmark with one line that says so."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from benchmarks.__main__ import main
from benchmarks.errors import Failed
from benchmarks.experiments import Bench
from benchmarks.figures import Figure, Section, markdown
from benchmarks.page import markers
from benchmarks.process import run

needs_time = pytest.mark.skipif(shutil.which("time") is None, reason="needs GNU time")


@pytest.mark.parametrize(
    ("found", "missing", "package"), [((), "g++", "g++"), (("g++", "gcc", "time"), "spin", "spin")]
)
def test_a_missing_tool_is_named_with_its_package(
    found: tuple[str, ...],
    missing: str,
    package: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in found:
        (tmp_path / name).touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "argv", ["benchmarks", "search"])
    assert main() == 2
    assert capsys.readouterr().err == f"benchmarks: {missing} is missing: apt-get install {package}\n"


def test_an_experiment_that_does_not_exist(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["benchmarks", "serch"])
    with pytest.raises(SystemExit, match="2"):
        main()
    assert "there is no 'serch'; there are search, process" in capsys.readouterr().err


@needs_time
def test_a_process_is_measured(tmp_path: Path) -> None:
    taken = 50 * 2**20
    code = f"import os; block = b'x' * {taken}; print(os.environ['KSPEC_TEST'])"
    ended = run([sys.executable, "-c", code], tmp_path, {"KSPEC_TEST": "told"})
    assert ended.output == "told\n"
    assert ended.bytes > taken


@needs_time
def test_memory_of_this_process_is_not_that_of_another(tmp_path: Path) -> None:
    block = bytearray(b"x" * 100 * 2**20)
    assert run(["true"], tmp_path).bytes < len(block) // 2


@needs_time
def test_a_process_that_fails(tmp_path: Path) -> None:
    with pytest.raises(Failed, match="ended with 3: what went wrong"):
        run([sys.executable, "-c", "import sys; print('what went wrong', file=sys.stderr); sys.exit(3)"], tmp_path)


def test_a_table_is_told_and_written_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also where the next experiment fails."""

    def broken(bench: Bench) -> Section:
        raise Failed("it broke")

    page = tmp_path / "performance.md"
    page.write_text("".join(markers("search")), encoding="utf-8")
    monkeypatch.setattr("benchmarks.page.PAGE", page)
    section = Section("Title", (Figure("speed", 2),))
    monkeypatch.setattr("benchmarks.__main__.EXPERIMENTS", {"search": lambda bench: section, "process": broken})
    monkeypatch.setattr("benchmarks.tools.must_be_installed", lambda: None)
    monkeypatch.setattr("benchmarks.plot.must_be_installed", lambda: None)
    monkeypatch.setattr(sys, "argv", ["benchmarks", "--write"])
    assert main() == 2
    told = capsys.readouterr()
    assert told.out == markdown(section) + "\n"
    assert told.err == "benchmarks: it broke\n"
    assert markdown(section) in page.read_text(encoding="utf-8")
