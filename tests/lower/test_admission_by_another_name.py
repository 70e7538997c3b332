"""The variable of an admission has the fields that are asked for, under whatever name it is looked at; another variable
with the same object sees the store before the request."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.models.checking import check_model

TEXT = """
kind Pod {{ level: 0..3 = 0 }}
def low(p: Pod): bool = p.level <= 2
def below(p: Pod, bound: int): bool = low(p) and p.level < bound
admit update Pod(p) when {condition}
component writer {{
  action rise(p: Pod) when p.level < 3 {{ p.level += 1 }}
}}
cluster one {{ Pod p1 }}
"""


@pytest.mark.parametrize(
    ("condition", "highest"),
    [
        ("p.level <= 2", 2),
        ("low(p)", 2),
        ("below(p, 2)", 1),
        ("(let q = p: q.level <= 1)", 1),
        ("(let q = p: below(q, 2))", 1),
        ("old(p.level <= 1)", 2),
        ("old(low(p))", 3),
        ("(forall q: Pod where q == p: low(q))", 3),
        ("(forall q: Pod where q == p: q.level < p.level)", 3),
        ("alive(p) and low(p)", 2),
    ],
)
def test_highest_level(condition: str, highest: int, tmp_path: Path) -> None:
    path = tmp_path / "model.kspec"
    path.write_text(TEXT.format(condition=condition) + f"expect states {highest + 1}\n", encoding="utf-8")
    result = check_model(path).result
    assert result is not None
    assert result.exploration is not None
    assert result.exploration.states == highest + 1
