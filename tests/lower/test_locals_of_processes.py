"""Locals that live across steps have their values there; those that nothing needs any more are given new ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from kspec.check.verdicts import Verdict
from tests.models.checking import check_model

TEXT = """
enum Phase {{ A, B }}
kind Pod {{ level: 0..3 = 0 }}
var log: 0..9 = 0
component c {{ process run(p: Pod) at most 1 {{ {body} }} }}
reachable Logged: log == {logged}
cluster one {{ Pod p1  Pod at most 1 as quota }}
"""


@pytest.mark.parametrize(
    ("body", "logged"),
    [
        ("var i: 0..9 = 3  yield  i = 4  yield  log = i", 4),
        ("var i: 0..9 = 3  yield  i += 4  yield  log = i", 7),
        ("var i: 0..9 = 3  yield  if log == 0 { i = 1 } else { i = 2 }  yield  log = i", 1),
        ("var i: 0..9 = 3  yield  if log == 0 { i = 1 }  yield  log = i", 1),
        ("var i: 0..9 = 3  yield  if log == 1 { i = 1 }  yield  log = i", 3),
        ("var i: 0..9 = 3  yield  either { i = 1 } or { i = 2 }  yield  log = i", 2),
        (
            "var m: Phase -> bool = map(f: Phase: f == B)  yield  m[A] = true  yield  log = count(f: Phase where m[f])",
            2,
        ),
        ("var m: Phase -> bool = map(f: Phase: f == B)  yield  m[A] = true  log = 1", 1),
        ("var x: Pod? = p  yield  x = create Pod { } on denied { }  yield  if x == none { log = 1 }", 1),
        ("var x: Pod? = p  yield  x = create Pod { } on denied { if x == p { log = 1 } }  yield  assert x == none", 1),
        ("let x = get p  yield  p.level = 2  yield  log = x.level + 1", 1),
        ("let x = get p  yield  update x { level = 2 }  yield  log = x.level + 1", 3),
    ],
)
def test_logged(body: str, logged: int, tmp_path: Path) -> None:
    path = tmp_path / "model.kspec"
    path.write_text(TEXT.format(body=body, logged=logged), encoding="utf-8")
    result = check_model(path).result
    assert result is not None
    assert {found.verdict for found in result.properties} == {Verdict.HOLDS}


def test_range_of_what_nothing_needs(tmp_path: Path) -> None:
    path = tmp_path / "model.kspec"
    path.write_text(TEXT.format(body="var i: 0..3 = 3  yield  i = 4", logged=0), encoding="utf-8")
    result = check_model(path).result
    assert result is not None
    assert [found.name for found in result.properties if found.verdict is Verdict.VIOLATED] == ["Ranges"]
