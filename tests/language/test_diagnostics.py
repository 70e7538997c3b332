"""Golden tests of diagnostics: every model of tests/cases/diagnostics with what is said about it.

A case is `NAME.kspec` and `NAME.expected`, where NAME begins with the code that the case is about. Write or change the
expected texts with `python -m tests.language.test_diagnostics`, and read the difference.
"""

from __future__ import annotations

from contextlib import chdir
from pathlib import Path

import pytest

from kspec.language.codes import Code
from kspec.language.load import load_model
from kspec.lower.lower import lower
from kspec.report.excerpt import plain

CASES = Path(__file__).parents[1] / "cases" / "diagnostics"


def rendered(case: Path) -> str:
    with chdir(CASES):
        loaded = load_model(Path(case.name))
    diagnostics = loaded.diagnostics
    if loaded.model is not None:
        diagnostics = lower(loaded.model, loaded.selected[0]).diagnostics
    return plain(diagnostics, loaded.sources)


def cases() -> list[Path]:
    return sorted(CASES.glob("*.kspec"))


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.stem)
def test_case(case: Path) -> None:
    assert rendered(case) == case.with_suffix(".expected").read_text(encoding="utf-8")


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.stem)
def test_case_is_about_its_code(case: Path) -> None:
    code = case.stem[:5]
    assert code in Code.__members__
    assert f": {code}: " in rendered(case)


def test_every_expected_text_has_a_case() -> None:
    assert {file.stem for file in CASES.glob("*.expected")} == {case.stem for case in cases()}


if __name__ == "__main__":
    for path in cases():
        path.with_suffix(".expected").write_text(rendered(path), encoding="utf-8")
