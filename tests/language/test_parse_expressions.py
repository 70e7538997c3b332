"""Precedence and associativity, each form of expression, each form of type."""

from __future__ import annotations

import pytest

from kspec.language import tree
from kspec.language.parse import parse_expression, parse_file
from tests.language.shapes import shape_of, type_shape


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("a + b - c", "((a + b) - c)"),
        ("a + b * c", "(a + (b * c))"),
        ("a * b div c mod d", "(((a * b) div c) mod d)"),
        ("-a * b", "((- a) * b)"),
        ("- - a", "(- (- a))"),
        ("-a.b", "(- a.b)"),
        ("1 .. n + 1", "(1 .. (n + 1))"),
        ("1..2 union 3..4", "((1 .. 2) union (3 .. 4))"),
        ("a union b minus c intersect d", "(((a union b) minus c) intersect d)"),
        ("x in a union b", "(x in (a union b))"),
        ("a subset of b minus c", "(a subset of (b minus c))"),
        ("a + 1 <= b", "((a + 1) <= b)"),
        ("not a == b", "(not (a == b))"),
        ("not not a", "(not (not a))"),
        ("always a and b", "((always a) and b)"),
        ("eventually next a", "(eventually (next a))"),
        ("a and b or c and d", "((a and b) or (c and d))"),
        ("a and b and c", "((a and b) and c)"),
        ("a or b implies c or d", "((a or b) implies (c or d))"),
        ("a implies b implies c", "(a implies (b implies c))"),
        ("a iff b or c", "(a iff (b or c))"),
        ("(a iff b) implies c", "((a iff b) implies c)"),
        ("a implies b leads to c", "((a implies b) leads to c)"),
        ("a until b or c", "(a until (b or c))"),
        ("(a leads to b) leads to c", "((a leads to b) leads to c)"),
        ("forall p: Pod: a and b leads to c", "(forall p: Pod: ((a and b) leads to c))"),
        ("a and forall p: Pod: b or c", "(a and (forall p: Pod: (b or c)))"),
        ("a leads to exists p: Pod: b", "(a leads to (exists p: Pod: b))"),
        ("a implies b implies let x = c: d implies e", "(a implies (b implies (let x = c: (d implies e))))"),
        ("a == if b then c else d + 1", "(a == (if b then c else (d + 1)))"),
        ("not forall p: Pod: a or b", "(not (forall p: Pod: (a or b)))"),
        ("if a then if b then c else d else e", "(if a then (if b then c else d) else e)"),
        ("seen by kubelet(n): a and b", "(seen by kubelet(n): (a and b))"),
    ],
)
def test_precedence(text: str, shape: str) -> None:
    assert shape_of(text) == shape
    assert shape_of(shape) == shape


@pytest.mark.parametrize(
    "text",
    [
        "a < b < c",
        "x in a in b",
        "a == b == c",
        "a iff b iff c",
        "a iff b implies c",
        "a implies b iff c",
        "a leads to b leads to c",
        "a until b until c",
        "a until b leads to c",
        "1..2..3",
        "1 + if a then b else c",
        "a < not b",
        "forall p: Pod: a) and b",
        "if a then b",
        "min(1, 2)",
        "count(p: Pod: p.x)",
        "sum(p: Pod)",
        "map(n in s: n)",
    ],
)
def test_what_needs_parentheses_or_is_not_the_language(text: str) -> None:
    expression, diagnostics = parse_expression("test", text)
    assert expression is None
    assert len(diagnostics) == 1


@pytest.mark.parametrize(
    "text",
    [
        "true",
        "none",
        "a.b.c",
        "nodes.kubelet(n).running[p, 2].x(1).y",
        "Pod[rs, 0]",
        "f()",
        "{}",
        "{1, a}",
        "[]",
        "[1, a]",
        "{a}[b].c",
        "set(p: Pod where p.x)",
        "map(n: Node: n.x)",
        "count(p: Pod where p.x)",
        "sum(p: Pod: p.x)",
        "min(x in {a, b}: x)",
        "max(x, y: 0..3, z in s where (x < y): z)",
        "(exactly one p: Pod: p.x)",
        "(forall created p: Pod: p.x)",
        "(exists deleted p: Pod: p.x)",
        "(forall created: Pod: created.x)",
        "(forall p, q: Pod, n: Node where (p != q): p.x)",
        "(forall p in s: p.x)",
        "(by controller)",
        "(by scheduler.bind)",
        "(by environment.scale)",
        "(writes Pod)",
        "(enabled scheduler.bind)",
        "(enabled kubelet(n).start)",
        "(enabled environment.scale)",
        "old(p.x)",
        "fresh(p)",
    ],
)
def test_every_form_parses_to_itself(text: str) -> None:
    assert shape_of(text) == text


def test_reserved_words_are_names_in_backquotes_and_after_a_dot() -> None:
    assert shape_of("`when`.where.`if`") == "when.where.if"


def test_requests_inside_of_expressions() -> None:
    assert shape_of("fresh(get p)") == "fresh(get p)"
    allowed = "allowed(controller update Owner.finalizers)"
    assert shape_of(allowed) == allowed
    assert [found.message for found in parse_expression("test", "f(get p)")[1]] == [
        "`get` stands alone, after `=`, or in `fresh(get p)`"
    ]
    assert parse_expression("test", "f(controller update Owner)")[1] != ()


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("bool", "bool"),
        ("nodes.Node", "nodes.Node"),
        ("int", "int"),
        ("any int", "any int"),
        ("0..MAX", "0..MAX"),
        ("-2..n * 2 - 1", "(- 2)..((n * 2) - 1)"),
        ("Node?", "(Node)?"),
        ("set Node?", "(set(Node))?"),
        ("set (Node?)", "set((Node)?)"),
        ("set set Node", "set(set(Node))"),
        ("set Node -> bool", "(set(Node) -> bool)"),
        ("A -> B -> C?", "(A -> (B -> (C)?))"),
        ("(A -> B)?", "((A -> B))?"),
        ("seq Node? at most 3", "seq((Node)? at most 3)"),
        ("seq A -> B at most n + 1", "seq((A -> B) at most (n + 1))"),
        ("component", "component"),
    ],
)
def test_types(text: str, shape: str) -> None:
    parsed = parse_file("test", f"const X: {text} kind K")
    assert parsed.diagnostics == ()
    const = parsed.file.declarations[0]
    assert isinstance(const, tree.Const)
    assert type_shape(const.type) == shape


def test_spans_cover_the_text_of_an_expression() -> None:
    expression, _ = parse_expression("test", "(a +\n  b.c) * d")
    assert isinstance(expression, tree.Binary)
    assert isinstance(expression.left, tree.Binary)
    assert (expression.span.line, expression.span.column) == (1, 1)
    assert (expression.span.end_line, expression.span.end_column) == (2, 11)
    assert (expression.left.span.column, expression.left.span.end_column) == (2, 6)
    member = expression.left.right
    assert isinstance(member, tree.Member)
    assert (member.span.line, member.span.column, member.span.end_column) == (2, 3, 6)
