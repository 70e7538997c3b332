"""Mistakes that people often make, and what to say about them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from kspec.language.parse_place import Place

Advice: TypeAlias = tuple[str, str | None]
"""A message and a hint."""

_COMPARISONS: Final = frozenset({"EQUAL", "UNEQUAL", "LESS", "LESS_EQUAL", "GREATER", "GREATER_EQUAL", "IN", "SUBSET"})
_OPEN: Final = frozenset({"FORALL", "EXISTS", "EXACTLY", "LET", "IF", "SEEN", "NOT", "ALWAYS", "EVENTUALLY", "NEXT"})
_ELSE_IF: Final = frozenset({"elif", "elsif", "elseif"})


def known_mistake(place: Place) -> Advice | None:
    for recognise in _MISTAKES:
        advice = recognise(place)
        if advice is not None:
            return advice
    return None


def _after_expression(place: Place) -> bool:
    return "AND" in place.accepted


def _else_if(place: Place) -> Advice | None:
    for offset in (0, -1):
        token = place.token(offset)
        if token is not None and token.type == "NAME" and token in _ELSE_IF:
            return f"`{token}` is no word of kspec", "write `else if`"
    return None


def _one_equals_sign(place: Place) -> Advice | None:
    if place.type() == "ASSIGN" and "EQUAL" in place.accepted:
        return "`=` gives a value; it does not compare", "write `==`"
    if place.type() == "EQUAL" and "ASSIGN" in place.accepted:
        return "`==` compares; it does not give a value", "write `=`"
    return None


def _chained_comparison(place: Place) -> Advice | None:
    if place.type() in _COMPARISONS and _after_expression(place):
        return "comparisons do not chain", "write `a < b and b < c`"
    return None


def _mixed_connectives(place: Place) -> Advice | None:
    if not _after_expression(place):
        return None
    hint = "put one of them in parentheses"
    match place.type():
        case "IMPLIES":
            return "`implies` and `iff` do not mix", hint
        case "IFF":
            return ("`implies` and `iff` do not mix" if "IMPLIES" in place.accepted else "`iff` does not chain"), hint
        case "LEADS" | "UNTIL":
            return "`leads to` and `until` do not chain", hint
        case _:
            return None


def _missing_else(place: Place) -> Advice | None:
    if "ELSE" in place.accepted and _after_expression(place):
        return "the expression `if … then …` has no `else`", "write `if c then a else b`"
    return None


def _missing_colon(place: Place) -> Advice | None:
    words = [word for word in place.unfinished if word in {"quantifier", "LBRACE", "LPAR", "LSQB"}]
    if words[-1:] == ["quantifier"] and "COLON" in place.accepted and not _is_group(place):
        message = f"expected `:` before what the quantifier says, found {place.found()}"
        return message, "write `forall p: Pod where C: E`"
    return None


def _is_group(place: Place) -> bool:
    """Whether the `:` before a type is missing."""
    return "SEQ" in place.accepted or place.accepted & {"COLON", "IN", "WHERE"} == {"COLON", "IN"}


def _open_operand(place: Place) -> Advice | None:
    token = place.token()
    if token is not None and token.type in _OPEN and "LPAR" in place.accepted and "TRUE" in place.accepted:
        return f"`{token}` cannot be an operand here", "put it in parentheses"
    return None


def _comma(place: Place) -> Advice | None:
    if place.type() == "COMMA" and place.accepted & {"RBRACE", "INVARIANT"} and "COMMA" not in place.accepted:
        return "no comma stands here", "white space is enough between fields, values and statements"
    return None


def _text_value(place: Place) -> Advice | None:
    if place.type() == "STRING":
        return "there are no texts", "declare an `enum` with the values"
    return None


_MISTAKES: Final[tuple[Callable[[Place], Advice | None], ...]] = (
    _else_if,
    _one_equals_sign,
    _chained_comparison,
    _mixed_connectives,
    _missing_else,
    _missing_colon,
    _open_operand,
    _comma,
    _text_value,
)
