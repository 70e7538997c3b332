"""Mistakes in the bodies of actions, and between the braces of a `create`."""

from __future__ import annotations

from typing import Final

from kspec.language.parse_place import Advice, Place

_ELSE_IF: Final = frozenset({"elif", "elsif", "elseif"})
_NOTHING: Final = frozenset({"skip", "pass", "noop", "nop", "stutter", "unchanged"})
_NO_STATEMENTS: Final = {
    "require": "write a condition as `when …` before the body",
    "requires": "write a condition as `when …` before the body",
    "ensure": "write a condition as `when …` before the body",
    "foreach": "write `for x: T where C { … }`",
    "switch": "write `if … { … } else if … { … }`",
    "match": "write `if … { … } else if … { … }`",
    "new": "write `create K { … }`",
    "with": "write `choose x: T where C`",
    "pick": "write `choose x: T where C`",
    "unchanged": "what a body does not assign stays as it is",
}
_BODY_WORDS: Final = {"SET": "write the assignment alone: `x = e`", "REMOVE": "write `delete x`"}
_BLOCKS: Final = frozenset({"IF", "ELSE", "FOR", "WHILE"})


def else_if(place: Place) -> Advice | None:
    for offset in (0, -1):
        token = place.token(offset)
        if token is not None and token.type == "NAME" and token in _ELSE_IF:
            return Advice(f"`{token}` is no word of kspec", "write `else if`")
    return None


def choose_with_block(place: Place) -> Advice | None:
    if place.type() == "LBRACE" and _is_statement(place) and _follows_choose(place):
        hint = "without braces: the name holds for the rest of the body"
        return Advice("`choose` has no block of its own", hint)
    return None


def brace_instead_of_statement(place: Place) -> Advice | None:
    if place.type() == "LBRACE" and place.type(-1) == "LBRACE" and _is_statement(place):
        return Advice("a block stands only after `if`, `else`, `for`, `either` and `or`", "remove these braces")
    return None


def condition_in_body(place: Place) -> Advice | None:
    if place.type() == "WHEN" and _is_statement(place) and place.type(1) not in {"ASSIGN", "DOT"}:
        return Advice(None, "conditions stand before the body: `action NAME(…) when C { … }`")
    return None


def wrong_word(place: Place) -> Advice | None:
    """`skip`, `require C`, `set x = 1`: words that begin no statement here."""
    token, before = place.token(), place.token(-1)
    if token is not None and token.type in _BODY_WORDS and _is_statement(place):
        return Advice(f"`{token}` begins no statement", _BODY_WORDS[token.type])
    if before is None or before.type != "NAME" or "INCREASE" not in place.accepted:
        return None
    if str(before) in _NOTHING and place.type() in {"RBRACE", "SEMICOLON"}:
        return Advice(f"`{before}` is no statement", "a body that changes nothing is `{ }`")
    if place.type() in {"NAME", "QUOTED", "LPAR"} and str(before) in _NO_STATEMENTS:
        return Advice(f"`{before}` begins no statement", _NO_STATEMENTS[str(before)])
    return None


def step_of_one(place: Place) -> Advice | None:
    """`x++`, `x--`."""
    signs = (place.type(-1), place.type(), place.type(1))
    for sign, text in (("PLUS", "+="), ("MINUS", "-=")):
        if signs[1:] == (sign, sign) and "INCREASE" in place.accepted:
            return Advice(f"`{place.token()}{place.token()}` is no operator of kspec", f"write `{text} 1`")
    return None


def colon_for_value(place: Place) -> Advice | None:
    """`create Pod { phase: Running }`."""
    if place.type() != "COLON" or "ASSIGN" not in place.accepted or place.accepted & {"AT", "INCREASE"}:
        return None
    if place.type(-2) not in {"LBRACE", "NAME", "INT", "MEMBER", "TRUE", "FALSE"}:
        return None
    return Advice("`:` stands before a type; `=` gives a value", f"write `{place.token(-1)} = …`")


def let_with_type(place: Place) -> Advice | None:
    if place.type() == "COLON" and place.type(-2) == "LET" and "ASSIGN" in place.accepted:
        return Advice("`let` takes no type: it is that of the value", f"write `let {place.token(-1)} = …`")
    return None


def variable_in_body(place: Place) -> Advice | None:
    """`var x = 1` between statements."""
    if place.type() != "ASSIGN" or place.type(-2) != "VAR" or "ACTION" not in place.unfinished:
        return None
    return Advice("no `var` stands in the body of an action", f"write `let {place.token(-1)} = …`")


def create_without_braces(place: Place) -> Advice | None:
    """`create Pod`, `create Pod()`, `create Pod(phase = Running)`."""
    start = place.index_before(frozenset({"CREATE"}))
    if start is None or "LBRACE" not in place.accepted or place.type() not in {"LPAR", "RBRACE", "SEMICOLON"}:
        return None
    fields = "field = …" if place.type() == "LPAR" and place.type(1) != "RPAR" else ""
    hint = f"write `{place.text(start)} {{ {fields} }}`".replace("  ", " ")
    return Advice("the fields of a new object stand in braces", hint)


def create_with_name(place: Place) -> Advice | None:
    """`create Pod p { … }`, `create p: Pod { … }`."""
    if place.type(-2) != "CREATE" or "LBRACE" not in place.accepted:
        return None
    match place.type():
        case "COLON":
            return Advice(None, f"write `let {place.token(-1)} = create {place.token(1)} {{ … }}`")
        case "NAME":
            return Advice(None, f"write `let {place.token()} = create {place.token(-1)} {{ … }}`")
        case _:
            return None


def new_object(place: Place) -> Advice | None:
    """`let p = new Pod { … }`."""
    if place.token(-2) == "new" and place.type() in {"LBRACE", "LPAR"}:
        return Advice("`new` is no word of kspec", f"write `create {place.token(-1)} {{ … }}`")
    return None


def then_in_statement(place: Place) -> Advice | None:
    if place.type() == "THEN" and "LBRACE" in place.accepted:
        return Advice("the statement `if` has no `then`", "write `if c { … } else { … }`")
    return None


def without_braces(place: Place) -> Advice | None:
    """`if (c) p.node = n`, `else p.node = n`, `either x = 1 or x = 2`."""
    if (place.type(-1) == "EITHER" and "LBRACE" in place.accepted) or place.accepted <= {"OR", "SEMICOLON"}:
        return Advice(None, "write `either { … } or { … }`")
    if "LBRACE" not in place.accepted or "WHEN" in place.accepted or place.type() == "THEN":
        return None
    words = [word for word in place.unfinished if word in _BLOCKS | {"LBRACE", "ACTION"}]
    match words[-1:]:
        case ["IF"]:
            return Advice(None, "the branches of `if` stand in braces: `if c { … } else { … }`")
        case ["ELSE"]:
            return Advice(None, "the branches of `if` stand in braces: `else { … }`")
        case ["FOR"]:
            return Advice(None, "the body of `for` stands in braces: `for x: T where C { … }`")
        case _:
            return None


def _is_statement(place: Place) -> bool:
    return "CHOOSE" in place.accepted


def _follows_choose(place: Place) -> bool:
    start = place.index_before(frozenset({"CHOOSE"}))
    return start is not None and all(token.type != "ASSIGN" for token in place.part.tokens[start : place.index])
