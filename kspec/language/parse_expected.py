"""What may stand at a place of a text, in a few words."""

from __future__ import annotations

from functools import cache
from typing import Final

from kspec.language.grammar import load_parser, load_vocabulary
from kspec.language.parse_place import CLOSING, Place
from kspec.language.parse_tokens import accepted_terminals
from kspec.language.reserved import NOT_RESERVED

MAX_ALTERNATIVES: Final = 4

_SELDOM: Final = frozenset({"ARROW", "QUESTION", "DOTS", "PLUS", "MINUS", "TIMES", "DOT", "LPAR", "LSQB", "COMMA"})
"""Ways to go on after nearly anything, named only where nothing else may stand."""

_STATEMENTS: Final = frozenset(
    {
        "ASSERT", "AWAIT", "CHOOSE", "CREATE", "DELETE", "DENY", "EITHER", "FOR", "GET", "IF", "LET", "RETURN",
        "REVOKE", "UPDATE", "VAR", "WHILE", "YIELD",
    }
)  # fmt: skip

_OPERATORS: Final = frozenset(
    {
        "AND", "OR", "IMPLIES", "IFF", "LEADS", "UNTIL", "EQUAL", "UNEQUAL", "LESS", "LESS_EQUAL", "GREATER",
        "GREATER_EQUAL", "IN", "SUBSET", "UNION", "MINUS_WORD", "INTERSECT", "DIV", "MOD",
    }
)  # fmt: skip

_TYPES: Final = frozenset({"SET", "SEQ", "ANY", "COMPONENT", "INT", "AMOUNT", "MINUS", "LPAR"})

_WORDS_FOR: Final = {
    "INT": "a number", "AMOUNT": "an amount", "STRING": "a file in quotes", "GLOB": "a pattern of cluster names",
}  # fmt: skip


def describe_expected(accepted: frozenset[str]) -> str:
    """Of the terminals that may stand somewhere; '' if only the end may."""
    rest = accepted - {"$END", "SEMICOLON"}
    groups: list[str] = []
    for marker, phrase, terminals in _categories():
        if marker in rest:
            groups.append(phrase)
            rest -= terminals
    singles = sorted(_show(terminal) for terminal in (rest - _SELDOM or rest))
    if len(singles) > MAX_ALTERNATIVES - len(groups):
        singles = sorted(_show(terminal) for terminal in rest - _SELDOM)[: MAX_ALTERNATIVES - len(groups)]
    return _join([*singles, *groups])


@cache
def _categories() -> tuple[tuple[str, str, frozenset[str]], ...]:
    """A terminal that only this category has, the words for the category, and its terminals."""
    names = frozenset({"NAME", "QUOTED"} | {load_vocabulary().words[word] for word in NOT_RESERVED})
    expressions = _first("expression")
    return (
        ("INVARIANT", "a declaration", _first("file")),
        ("PROCESS", "an item of a component", _first("component_items")),
        ("INITIALLY", "an item of a cluster", _first("cluster_item")),
        ("CHOOSE", "a statement", _STATEMENTS | names),
        ("TRUE", "an expression", expressions | {"CREATE", "GET"}),
        ("SEQ", "a type", _TYPES | names),
        ("NAME", "a name", names),
        ("MEMBER", "a name", frozenset({"MEMBER", "QUOTED"})),
        ("AND", "an operator", _OPERATORS | _SELDOM - {"COMMA"}),
    )


def expected(place: Place) -> str:
    """The message for a token that cannot stand at a place."""
    if place.index < place.part.end and place.type() in CLOSING.values() and place.open_bracket() is None:
        return f"{place.found()} closes nothing"
    return f"expected {describe_expected(place.accepted) or 'nothing more'}, found {place.found()}"


def _first(rule: str) -> frozenset[str]:
    return accepted_terminals(load_parser().parse_interactive(start=rule)) - {"$END"}


def _show(terminal: str) -> str:
    if terminal in _WORDS_FOR:
        return _WORDS_FOR[terminal]
    texts = load_vocabulary().words | load_vocabulary().signs
    return next(f"`{text}`" for text, name in texts.items() if name == terminal)


def _join(alternatives: list[str]) -> str:
    if len(alternatives) < 2:
        return "".join(alternatives)
    return ", ".join(alternatives[:-1]) + " or " + alternatives[-1]
