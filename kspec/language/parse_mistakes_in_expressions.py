"""Mistakes in expressions: signs and words of other languages, connectives that do not mix."""

from __future__ import annotations

from typing import Final

from kspec.language.parse_place import Advice, Place

_COMPARISONS: Final = frozenset({"EQUAL", "UNEQUAL", "LESS", "LESS_EQUAL", "GREATER", "GREATER_EQUAL", "IN", "SUBSET"})
_OPEN: Final = frozenset({"FORALL", "EXISTS", "EXACTLY", "LET", "IF", "SEEN", "NOT", "ALWAYS", "EVENTUALLY", "NEXT"})


def one_equals_sign(place: Place) -> Advice | None:
    if place.type() == "ASSIGN" and "EQUAL" in place.accepted:
        return Advice("`=` gives a value; it does not compare", "write `==`")
    if place.type() == "EQUAL" and "ASSIGN" in place.accepted:
        return Advice("`==` compares; it does not give a value", "write `=`")
    return None


def word_for_comparison(place: Place) -> Advice | None:
    if not _after_expression(place) or place.token() != "is":
        return None
    return Advice("`is` is no word of kspec", "write `!=`" if place.type(1) == "NOT" else "write `==`")


def arrow(place: Place) -> Advice | None:
    if place.type() != "ARROW" or place.accepted.isdisjoint({"AND", "ASSIGN"}) or "ARROW" in place.accepted:
        return None
    text = place.text(place.index - 1, place.index + 2)
    hint = "write `implies`" if " " in text else f"write `{text.replace('->', '.')}`"
    return Advice("`->` stands only in the types of maps", hint)


def question_mark(place: Place) -> Advice | None:
    if place.type() == "QUESTION" and _after_expression(place):
        return Advice("`?` stands only behind types", "write `if c then a else b`")
    return None


def fraction(place: Place) -> Advice | None:
    if place.type() == "DOT" and place.type(-1) == "INT" and _after_expression(place):
        return Advice("a number has no point", "count in a smaller unit; an amount has digits behind it: `0.5`")
    return None


def chained_comparison(place: Place) -> Advice | None:
    if place.type() in _COMPARISONS and _after_expression(place):
        return Advice("comparisons do not chain", "write `a < b and b < c`")
    return None


def mixed_connectives(place: Place) -> Advice | None:
    if not _after_expression(place):
        return None
    hint = "put one of them in parentheses"
    match place.type():
        case "IMPLIES":
            return Advice("`implies` and `iff` do not mix", hint)
        case "IFF":
            chained = "`implies` and `iff` do not mix" if "IMPLIES" in place.accepted else "`iff` does not chain"
            return Advice(chained, hint)
        case "LEADS" | "UNTIL":
            return Advice("`leads to` and `until` do not chain", hint)
        case _:
            return None


def missing_else(place: Place) -> Advice | None:
    if "ELSE" in place.accepted and _after_expression(place):
        return Advice("the expression `if … then …` has no `else`", "write `if c then a else b`")
    return None


def open_operand(place: Place) -> Advice | None:
    token = place.token()
    if token is not None and token.type in _OPEN and "LPAR" in place.accepted and "TRUE" in place.accepted:
        return Advice(f"`{token}` cannot be an operand here", "put it in parentheses")
    return None


def get_as_value(place: Place) -> Advice | None:
    if place.type() == "GET" and "TRUE" in place.accepted:
        return Advice("`get` is a request, and no value", "give what it reads a name before: `let x = get p`")
    return None


def comma(place: Place) -> Advice | None:
    if place.type() == "COMMA" and place.accepted & {"RBRACE", "INVARIANT"} and "COMMA" not in place.accepted:
        return Advice("no comma stands here", "white space is enough between fields, values and statements")
    return None


def text_value(place: Place) -> Advice | None:
    if place.type() == "STRING":
        return Advice("there are no texts", "declare an `enum` with the values")
    return None


def _after_expression(place: Place) -> bool:
    return "AND" in place.accepted
