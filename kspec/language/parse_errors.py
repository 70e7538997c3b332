"""Syntax errors in the words of the language."""

from __future__ import annotations

from typing import Final

from kspec.language.codes import Code
from kspec.language.diagnostics import Diagnostic
from kspec.language.parse_expected import expected
from kspec.language.parse_mistakes import clear_mistake, likely_mistake
from kspec.language.parse_place import CLOSING, Advice, Place
from kspec.language.parse_tokens import Failure, Part, too_deep
from kspec.language.reserved import RESERVED
from kspec.language.tokens import UNKNOWN, token_span
from kspec.system.spans import Span

_AFTER_A_NAME: Final = frozenset(
    {"COLON", "ASSIGN", "COMMA", "DOT", "EQUAL", "UNEQUAL", "LESS", "LESS_EQUAL", "GREATER", "GREATER_EQUAL", "RPAR"}
)


def explain(name: str, part: Part, failure: Failure) -> list[Diagnostic]:
    """One diagnostic, or none if the scanner has spoken of the token already."""
    if failure.nested_too_deeply:
        return [too_deep(name, part.tokens[failure.index])]
    place = Place.of(part, failure)
    if place.type() == UNKNOWN:
        return []
    advice = clear_mistake(place)
    if advice is not None:
        return [Diagnostic(_code(place), advice.message or expected(place), _span(name, place), advice.hint)]
    if _is_reserved_word_as_name(place):
        word = place.token()
        message = f"`{word}` is a reserved word"
        return [Diagnostic(Code.KS008, message, _span(name, place), f"as a name, write `` `{word}` ``")]
    unclosed = _unclosed(name, place)
    if unclosed is not None:
        return [unclosed]
    advice = likely_mistake(place) or Advice()
    return [Diagnostic(_code(place), advice.message or expected(place), _span(name, place), advice.hint)]


def _code(place: Place) -> Code:
    return Code.KS007 if place.token() is None else Code.KS006


def _span(name: str, place: Place) -> Span:
    """The token that was found; at the end of the text, the place right after the last one."""
    token = place.token()
    if token is not None:
        return token_span(name, token)
    last = place.token(-1)
    if last is None:
        return Span(name, 1, 1, 1, 1)
    end = token_span(name, last)
    return Span(name, end.end_line, end.end_column, end.end_line, end.end_column)


def _is_reserved_word_as_name(place: Place) -> bool:
    """Where only a name may stand, or what follows is what follows a name."""
    token = place.token()
    if token is None or place.index == place.part.end or str(token) not in RESERVED or "NAME" not in place.accepted:
        return False
    only_name = not place.accepted & {"TRUE", "SEQ", "CHOOSE", "INITIALLY"}
    return only_name or place.type(1) in _AFTER_A_NAME


def _unclosed(name: str, place: Place) -> Diagnostic | None:
    """A bracket that should have been closed before something that stands only outside of it."""
    bracket = place.open_bracket()
    if bracket is None or CLOSING[bracket.type] not in place.accepted or not _is_outside(place):
        return None
    opened = token_span(name, bracket)
    closing = {"LPAR": ")", "LSQB": "]", "LBRACE": "}"}[bracket.type]
    where = f"opened at {opened.line}:{opened.column}"
    message = f"expected `{closing}` to close `{place.open_construct()}` {where}, found {place.found()}"
    return Diagnostic(_code(place), message, _span(name, place), None, ((opened, "opened here"),))


def _is_outside(place: Place) -> bool:
    if place.index >= place.part.end or place.type() in CLOSING.values():
        return True
    return place.type() in {"ACTION", "PROCESS", "FAIR", "STRONGLY", "ATOMIC", "DEF", "WHEN", "LBRACE"}
