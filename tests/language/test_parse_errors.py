"""Syntax errors: their places, their words, and that all of a text are found."""

from __future__ import annotations

import pytest

from kspec.language import tree
from kspec.language.diagnostics import Diagnostic
from kspec.language.parse import parse_cluster_item, parse_expression, parse_file


def errors(text: str) -> list[str]:
    return [brief(diagnostic) for diagnostic in parse_file("m", text).diagnostics]


def brief(diagnostic: Diagnostic) -> str:
    return f"{diagnostic.code.name} {diagnostic.span.line}:{diagnostic.span.column} {diagnostic.message}"


def hint(text: str) -> str | None:
    (diagnostic,) = parse_file("m", text).diagnostics
    return diagnostic.hint


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("kind", "KS007 1:5 expected a name, found the end of the text"),
        ("kind {", "KS006 1:6 expected a name, found `{`"),
        ("foo", "KS006 1:1 expected a declaration, found `foo`"),
        ("const x", "KS007 1:8 expected `:`, found the end of the text"),
        ("const x: ", "KS007 1:9 expected a type, found the end of the text"),
        ("const x: bool =", "KS007 1:16 expected an expression, found the end of the text"),
        ("kind A { x y }", "KS006 1:12 expected `:`, found `y`"),
        ("kind A { 3 }", "KS006 1:10 expected `const`, `}` or a name, found `3`"),
        ("invariant X: p.3", "KS006 1:16 expected a name, found `3`"),
        ("component c { foo }", "KS006 1:15 expected an item of a component, found `foo`"),
        ("component c { action a { 3 } }", "KS006 1:26 expected `}` or a statement, found `3`"),
        ("component c { action a foo }", "KS006 1:24 expected `at`, `when` or `{`, found `foo`"),
        ("cluster c { Pod at 2 }", "KS006 1:20 expected `most`, found `2`"),
        ("cluster c { 3 }", "KS006 1:13 expected `}` or an item of a cluster, found `3`"),
        ("expect states", "KS007 1:14 expected a number or a name, found the end of the text"),
        ("import nodes", "KS006 1:8 expected a file in quotes, found `nodes`"),
        ("invariant X only in : x", "KS006 1:21 expected a pattern of cluster names, found `:`"),
        ("kind A { } }", "KS006 1:12 `}` closes nothing"),
    ],
)
def test_what_may_stand_here(text: str, error: str) -> None:
    assert errors(text) == [error]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (
            "kind Pod { x: bool",
            "KS007 1:19 expected `}` to close `kind Pod {` opened at 1:10, found the end of the text",
        ),
        (
            "kind Pod {\n  x: bool\nkind Node { y: bool }",
            "KS006 3:1 expected `}` to close `kind Pod {` opened at 1:10, found `kind`",
        ),
        (
            "component c {\n  action a { x = 1\n  action b { y = 2 }\n}",
            "KS006 3:3 expected `}` to close `action a {` opened at 2:12, found `action`",
        ),
        (
            "component c {\n  action a { if x == 1 { y = 2 }\n}\nkind A",
            "KS006 4:1 expected `}` to close `component c {` opened at 1:13, found `kind`",
        ),
        (
            "component c { action a { if x { } else { y = 1",
            "KS007 1:47 expected `}` to close `else {` opened at 1:40, found the end of the text",
        ),
        ("invariant X: (a + b", "KS007 1:20 expected `)` to close `(` opened at 1:14, found the end of the text"),
        ("invariant X: (a + b]", "KS006 1:20 expected `)` to close `(` opened at 1:14, found `]`"),
        (
            "component c { action a(p: Pod when p.x { } }",
            "KS006 1:31 expected `)` to close `(` opened at 1:23, found `when`",
        ),
    ],
)
def test_brackets(text: str, error: str) -> None:
    assert errors(text)[0] == error


@pytest.mark.parametrize(
    ("text", "message", "hint_"),
    [
        ("when a = 1 { } }", "`=` gives a value; it does not compare", "write `==`"),
        ("{ x == 1 } }", "`==` compares; it does not give a value", "write `=`"),
        ("{ assert a < b <= c } }", "comparisons do not chain", "write `a < b and b < c`"),
        ("{ assert a in b in c } }", "comparisons do not chain", "write `a < b and b < c`"),
        ("{ assert a iff b implies c } }", "`implies` and `iff` do not mix", "put one of them in parentheses"),
        ("{ assert a implies b iff c } }", "`implies` and `iff` do not mix", "put one of them in parentheses"),
        ("{ assert a iff b iff c } }", "`iff` does not chain", "put one of them in parentheses"),
        ("{ x = if a then b } }", "the expression `if … then …` has no `else`", "write `if c then a else b`"),
        ("{ if a { } elif b { } } }", "`elif` is no word of kspec", "write `else if`"),
        ("{ if a { } elseif b { } } }", "`elseif` is no word of kspec", "write `else if`"),
        ("{ x = 1 + if a then b else c } }", "`if` cannot be an operand here", "put it in parentheses"),
        ("{ x = a == not b } }", "`not` cannot be an operand here", "put it in parentheses"),
        (
            "{ create A { x = 1, y = 2 } } }",
            "no comma stands here",
            "white space is enough between fields, values and statements",
        ),
        ('{ x = "text" } }', "there are no texts", "declare an `enum` with the values"),
        (
            "when forall p: Pod p.x { } }",
            "expected `:` before what the quantifier says, found `p`",
            "write `forall p: Pod: p …`",
        ),
        ("{ x = a && b } }", "kspec has no `&&`", "write `and`"),
        ("{ x = a || b } }", "kspec has no `||`", "write `or`"),
        ("{ x = !b } }", "kspec has no `!`", "write `not`"),
        ("{ x := b } }", "kspec has no `:=`", "write `=`"),
        ("{ x = a => b } }", "kspec has no `=>`", "write `implies`"),
        ("{ x = a ≤ b } }", "kspec has no `≤`", "write `<=`"),
        ("{ x = a / b } }", "kspec has no `/`", "write `div`"),
        ("{ x = 2x } }", "a number runs into `x`", "put a space between them"),
        ("{ x = 1 } } // y", "`//` begins no comment", "a comment begins with `#`"),
        ("{ when = 1 } }", "`when` is a reserved word", "as a name, write `` `when` ``"),
    ],
)
def test_common_mistakes(text: str, message: str, hint_: str) -> None:
    (diagnostic,) = parse_file("m", f"component c {{ action a {text}").diagnostics
    assert (diagnostic.message, diagnostic.hint) == (message, hint_)


@pytest.mark.parametrize(
    ("text", "hint_"),
    [
        ("fn f(x: int): int = x", "write `def name(x: T): T = …`"),
        ("struct A { }", "write `kind NAME { … }`"),
        ("never A: true", "write `invariant NAME: …`"),
        ("let x = 3", "write `var NAME: T = …`"),
        ("foo", None),
    ],
)
def test_words_that_begin_declarations_elsewhere(text: str, hint_: str | None) -> None:
    assert hint(text) == hint_


def test_one_error_for_a_sign_of_another_language() -> None:
    assert errors("invariant A: forall p: Pod | p.x") == [
        "KS006 1:28 expected `:` before what the quantifier says, found a sign of another language"
    ]
    assert errors("invariant A: true // kind\ninvariant B: true /* kind {\n*/ kind C") == [
        "KS005 1:19 `//` begins no comment",
        "KS005 2:19 `/*` begins no comment",
    ]


def test_places_after_a_foreign_comment() -> None:
    assert errors("/* a\n b */ kind { }")[1] == "KS006 2:12 expected a name, found `{`"


def test_temporal_operators_do_not_chain() -> None:
    assert errors("property P: a leads to b until c") == ["KS006 1:26 `leads to` and `until` do not chain"]


@pytest.mark.parametrize(
    "text",
    [
        "kind when",
        "kind A { when: bool }",
        "kind A { kind: bool }",
        "def f(when: int): int = 1",
        "invariant when: true",
        "invariant X: forall when: Pod: true",
        "invariant X: a == when and b",
        "cluster c { when = 2 }",
        "component c { action when { } }",
    ],
)
def test_reserved_word_as_a_name(text: str) -> None:
    word = "kind" if "{ kind:" in text else "when"
    found = parse_file("m", text).diagnostics
    if "== when" in text:
        assert [diagnostic.code.name for diagnostic in found] == ["KS006"]
    else:
        assert [(d.code.name, d.hint) for d in found] == [("KS008", f"as a name, write `` `{word}` ``")]


def test_all_errors_of_a_file_are_found_once() -> None:
    text = """
kind A { x bool }
kind B { y: bool }
invariant X: a <
component c {
  action a when x = 1 { }
  action b { y = }
  action c { z = 3 }
  fair per p action d(p: Pod) { 4 }
  var v: bool
}
kind C { when: bool
cluster s { Pod at 2 }
"""
    assert [error.split(" ", 2)[:2] for error in errors(text)] == [
        ["KS006", "2:12"],
        ["KS006", "5:1"],
        ["KS006", "6:19"],
        ["KS006", "7:18"],
        ["KS006", "9:33"],
        ["KS006", "11:1"],
        ["KS008", "12:10"],
        ["KS006", "13:20"],
    ]


def test_declarations_without_errors_are_kept() -> None:
    parsed = parse_file("m", "kind A { x: bool }\nkind { }\nkind B { y: bool }\ninvariant X: step == 3\nstep Y: a b")
    kinds = [declaration.name.text for declaration in parsed.file.declarations if isinstance(declaration, tree.Kind)]
    assert kinds == ["A", "B"]
    assert len(parsed.diagnostics) == 2


def test_errors_are_limited_and_in_order() -> None:
    found = parse_file("m", "kind { }\n" * 100 + "$").diagnostics
    assert len(found) == 20
    assert list(found) == sorted(found, key=lambda diagnostic: diagnostic.span)


def test_unknown_characters() -> None:
    assert errors("kind A\u00e9\u00e8 { }") == ["KS005 1:7 no construct has the character `é`"]
    assert errors("kind\u00a0A") == ["KS005 1:5 no construct has the character U+00A0"]
    assert errors("kind A\0\0") == ["KS005 1:7 no construct has the character U+0000"]
    assert errors("kind A # \u202e") == ["KS005 1:8 the comment has the control character U+202E"]


def test_places_after_carriage_returns() -> None:
    assert errors("kind A\r\nkind {\r\n}") == ["KS006 2:6 expected a name, found `{`"]


def test_small_texts() -> None:
    assert [brief(found) for found in parse_expression("e", "a +")[1]] == [
        "KS007 1:4 expected an expression, found the end of the text"
    ]
    assert [brief(found) for found in parse_expression("e", "")[1]] == [
        "KS007 1:1 expected an expression, found the end of the text"
    ]
    assert [brief(found) for found in parse_expression("e", "a b")[1]] == ["KS006 1:3 expected an operator, found `b`"]
    assert [brief(found) for found in parse_expression("e", "a $ b")[1]] == [
        "KS005 1:3 no construct has the character `$`"
    ]
    assert [brief(found) for found in parse_cluster_item("d", "a == 2")[1]] == [
        "KS006 1:3 `==` compares; it does not give a value"
    ]
