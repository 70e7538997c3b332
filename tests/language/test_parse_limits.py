"""Texts that are made to break a parser: always diagnostics, soon, and never an exception."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kspec.language.codes import Code
from kspec.language.parse import parse_cluster_item, parse_expression, parse_file
from kspec.report.excerpt import plain

SAMPLE = (Path(__file__).parent / "sample.kspec").read_text(encoding="utf-8")

MANY = 5_000


@pytest.mark.parametrize(
    "text",
    [
        "(" * MANY + "a" + ")" * MANY,
        "[" * MANY,
        "{" * MANY,
        "-" * MANY + "a",
        "not " * MANY + "a",
        "not " * MANY,
        "a" + " + a" * MANY,
        "a" + " and a" * MANY,
        "a" + ".b" * MANY,
        "a" + "[b]" * MANY,
        "a" + "(b)" * MANY,
        "a" + " implies a" * MANY,
        "let a = b: " * MANY + "a",
        "if a then " * MANY + "b" + " else c" * MANY,
        "forall a in b: " * MANY + "c",
    ],
)
def test_nesting_of_expressions(text: str) -> None:
    (diagnostic,) = parse_file("m", f"invariant X: {text}").diagnostics
    assert diagnostic.code is Code.KS004
    (diagnostic,) = parse_expression("e", text)[1]
    assert diagnostic.code is Code.KS004


@pytest.mark.parametrize(
    "text",
    [
        "component c { action a { " + "if b { } else " * MANY + "{ } } }",
        "component c { action a " + "{ if b " * MANY + "}" * MANY,
        "const X: A" + "?" * MANY,
        "const X: " + "A -> " * MANY + "B",
        "const X: " + "set " * MANY + "B",
        "const X: 0..1" + " + 1" * MANY,
    ],
)
def test_nesting_of_other_things(text: str) -> None:
    (diagnostic,) = parse_file("m", text).diagnostics
    assert diagnostic.code is Code.KS004


@pytest.mark.parametrize(
    "text",
    [
        "invariant X: a" + " or a" * 450,
        "invariant X: " + "not " * 450 + "a",
        "invariant X: " + "(" * 190 + "a" + ")" * 190,
        "invariant X: " + "let a = b: " * 450 + "a",
        "component c { action a { " + "if b { } else " * 450 + "{ } } }",
        "invariant X: {" + "a, " * 2_000 + "a}",
        "component c { action a { " + "x = 1 " * 2_000 + "} }",
        "const A: bool\n" * 2_000,
    ],
)
def test_what_is_large_but_not_deep(text: str) -> None:
    """Without Python recursion: the limit is far below the depth of these trees."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(_frames() + 150)
    try:
        assert parse_file("m", text).diagnostics == ()
    finally:
        sys.setrecursionlimit(limit)


def _frames() -> int:
    depth, frame = 0, sys._getframe()
    while frame.f_back is not None:
        depth, frame = depth + 1, frame.f_back
    return depth


def test_long_numbers_and_names() -> None:
    (diagnostic,) = parse_file("m", "const X: int = " + "9" * 1_000_000).diagnostics
    assert diagnostic.code is Code.KS009
    assert diagnostic.message == "a number has at most 100 digits, this one has 1,000,000"
    name = "x" * 1_000_000
    assert parse_file("m", f"const {name}: int").diagnostics == ()
    (diagnostic,) = parse_file("m", f"const {name} {name}").diagnostics
    assert len(diagnostic.message) < 100


@pytest.mark.parametrize(
    "text", ["kind " * MANY, "}" * MANY, "{ }" * MANY, "\0" * MANY, "\u20ac a " * MANY, "`" * MANY]
)
def test_many_errors(text: str) -> None:
    found = parse_file("m", text).diagnostics
    assert 1 <= len(found) <= 20
    assert len(plain(found, {"m": text})) < 20_000


def never_fails(text: str) -> None:
    parsed = parse_file("m", text)
    plain(parsed.diagnostics, {"m": text})
    for _, diagnostics in (parse_expression("m", text), parse_cluster_item("m", text)):
        plain(diagnostics, {"m": text})


quick = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@quick
@given(st.binary(max_size=200))
def test_random_bytes(data: bytes) -> None:
    never_fails(data.decode("utf-8", errors="replace"))


@quick
@given(st.lists(st.sampled_from(sorted({*SAMPLE.split(), *"{}()[]:;,.=+-*?<>!&|\"'`\n"})), max_size=40))
@example(["only", "in"])
@example(["expect", "violation", "in", "("])
def test_random_words(words: list[str]) -> None:
    never_fails(" ".join(words))


@quick
@given(st.data())
def test_sample_with_a_piece_cut_out_or_put_in(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(SAMPLE)))
    length = data.draw(st.integers(0, 30))
    new = data.draw(st.one_of(st.just(""), st.sampled_from(sorted(set(SAMPLE.split()))), st.text(max_size=3)))
    text = SAMPLE[:start] + new + SAMPLE[start + length :]
    parsed = parse_file("m", text)
    plain(parsed.diagnostics, {"m": text})
    assert parsed.diagnostics or parsed.file.declarations
