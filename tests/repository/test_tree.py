"""What holds for the repository as a whole."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "kspec").rglob("*.py"))
LONGEST = 600
"""Lines. A longer file needs a reason, and stands in `WITH_A_REASON`."""

WITH_A_REASON = {
    "kspec/language/tree.py": "one node a construct of the language",
    "kspec/language/checked.py": "one node a construct of the language",
}


def test_the_sources_are_found() -> None:
    assert len(SOURCES) > 50


def offenders(pattern: str, paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths if re.search(pattern, path.read_text(encoding="utf-8"))]


def test_nothing_is_left_unfinished() -> None:
    assert offenders(r"\b(TODO|FIXME|XXX|HACK|NotImplementedError)\b", SOURCES) == []


def test_files_are_small() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES}
    assert [name for name, lines in lengths.items() if lines > LONGEST and name not in WITH_A_REASON] == []


def test_only_reports_and_commands_print() -> None:
    others = [path for path in SOURCES if path.relative_to(ROOT).parts[1] not in ("report", "cli")]
    assert offenders(r"\bprint\(|sys\.std(out|err)\b|click\.echo", others) == []


def test_the_grammar_has_one_copy() -> None:
    found = [path for path in ROOT.rglob("*.lark") if not {".venv", "build", "dist"} & set(path.parts)]
    assert found == [ROOT / "grammar" / "kspec.lark"]


def test_links_between_pages_lead_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    for page in pages:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


HEAVY = ("z3", "rich", "lark", "llvmlite", "numpy")


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], ["check", "--help"], ["simulate", "--help"], ["init", "--help"]]
)
def test_help_is_fast_because_it_imports_nothing_heavy(arguments: list[str]) -> None:
    code = f"""
import sys
from kspec.cli.main import run
exit_code = run({arguments!r})
loaded = [name for name in {HEAVY!r} if name in sys.modules]
sys.exit(exit_code or (f"imported {{loaded}}" if loaded else 0))
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
