"""docs/findings.md has every finding, each with an example that gives it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.examples import blocks
from tests.models.checking import check_model
from tests.schemas import schema

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "findings.md"
HEADINGS = re.findall(r"^## (.*)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
_CODE = re.compile(r'(?:Finding|Remark)\(\s*"([a-z-]+)"')
EXAMPLES = dict(zip(HEADINGS, (block.text for block in blocks(PAGE)), strict=True))


def test_the_page_names_what_the_code_gives() -> None:
    sources = [ROOT / "kspec" / "check" / "findings.py", *(ROOT / "kspec" / "lower" / "remarks").glob("*.py")]
    codes = {code for path in sources for code in _CODE.findall(path.read_text(encoding="utf-8"))}
    assert codes == set(HEADINGS)
    assert schema("check-1")["$defs"]["finding"]["properties"]["code"]["enum"] == HEADINGS


@pytest.mark.parametrize("code", HEADINGS)
def test_an_example_gives_its_finding(code: str, tmp_path: Path) -> None:
    model = tmp_path / "model.kspec"
    model.write_text(EXAMPLES[code], encoding="utf-8")
    checked = check_model(model)
    assert checked.result is not None, checked.diagnostics
    assert code in [finding.code for finding in checked.result.findings]
