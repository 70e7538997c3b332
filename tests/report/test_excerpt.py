"""Diagnostics as text."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from kspec.language.codes import Code
from kspec.language.diagnostics import Diagnostic
from kspec.report.excerpt import MAX_WIDTH, coloured, plain
from kspec.system.spans import NOWHERE, Span


def at(line: int, column: int, end_line: int, end_column: int, message: str = "wrong") -> Diagnostic:
    return Diagnostic(Code.KS006, message, Span("m.kspec", line, column, end_line, end_column))


def rendered(text: str, diagnostic: Diagnostic) -> list[str]:
    return plain([diagnostic], {"m.kspec": text}).splitlines()


def test_all_parts() -> None:
    diagnostic = Diagnostic(
        Code.KS102,
        "`Pod` is declared twice",
        Span("m.kspec", 2, 6, 2, 9),
        "rename one",
        ((Span("m.kspec", 1, 6, 1, 9), "the first"), (Span("lib.kspec", 7, 1, 7, 2), "not at hand")),
    )
    assert rendered("kind Pod\nkind Pod { }\n", diagnostic) == [
        "m.kspec:2:6: KS102: `Pod` is declared twice",
        "  2 | kind Pod { }",
        "    |      ^^^",
        "  hint: rename one",
        "  m.kspec:1:6: the first",
        "  1 | kind Pod",
        "    |      ^^^",
        "  lib.kspec:7:1: not at hand",
    ]


def test_several_are_separated_by_a_line() -> None:
    found = plain([at(1, 1, 1, 2, "one"), at(1, 2, 1, 3, "two")], {"m.kspec": "ab"})
    assert found.splitlines() == [
        "m.kspec:1:1: KS006: one",
        "  1 | ab",
        "    | ^",
        "",
        "m.kspec:1:2: KS006: two",
        "  1 | ab",
        "    |  ^",
    ]


def test_tabs_and_wide_characters_keep_the_mark_in_place() -> None:
    assert rendered("\ta b", at(1, 4, 1, 5))[1:] == ["  1 |     a b", "    |       ^"]
    assert rendered("\u5b57 b", at(1, 3, 1, 4))[1:] == ["  1 | \u5b57 b", "    |    ^"]
    assert rendered("e\u0301 b", at(1, 4, 1, 5))[1:] == ["  1 | e\u0301 b", "    |   ^"]


def test_several_lines_are_marked_on_the_first() -> None:
    assert rendered("ab cd\nef", at(1, 4, 2, 2))[1:] == ["  1 | ab cd", "    |    ^^"]


def test_end_of_a_line() -> None:
    assert rendered("ab", at(1, 3, 1, 3))[1:] == ["  1 | ab", "    |   ^"]


def test_long_lines_are_cut_around_the_place() -> None:
    line = "".join(chr(ord("a") + i % 26) for i in range(1000))
    for column in (1, 50, 500, 990, 1000):
        _, source, mark = rendered(line, at(1, column, 1, column + 1))
        shown = source.removeprefix("  1 | ")
        assert len(shown) <= MAX_WIDTH + 2
        assert shown[mark.index("^") - len("  1 | ")] == line[column - 1]
    _, source, mark = rendered(line, at(1, 500, 1, 1000))
    assert len(mark) <= len(source)


def test_control_characters_do_not_reach_the_terminal() -> None:
    text = plain([at(1, 1, 1, 2, "a\x1b[31m\nb")], {"m.kspec": "\x1b]0;x\x07 \u202e"})
    assert all(character.isprintable() or character == "\n" for character in text)


def test_places_outside_of_the_text() -> None:
    assert rendered("ab", at(9, 1, 9, 2)) == ["m.kspec:9:1: KS006: wrong"]
    assert rendered("ab", at(1, 90, 1, 99))[1:] == ["  1 | ab", "    |   ^"]
    assert rendered("ab", Diagnostic(Code.KS904, "nothing", NOWHERE)) == ["KS904: nothing"]
    assert plain([at(1, 1, 1, 1)], {}) == "m.kspec:1:1: KS006: wrong\n"
    assert rendered("ab", at(1, 2, 0, 0)) != []


def test_colour_changes_no_words() -> None:
    diagnostic = at(1, 1, 1, 2)
    assert coloured([diagnostic], {"m.kspec": "ab"}).plain == plain([diagnostic], {"m.kspec": "ab"})


number = st.integers(-3, 300)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200), number, number, number, number)
def test_never_fails(text: str, line: int, column: int, end_line: int, end_column: int) -> None:
    assert plain([at(line, column, end_line, end_column)], {"m.kspec": text})
