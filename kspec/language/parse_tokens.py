"""Running the parser over tokens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from lark import Token, Tree
from lark.exceptions import UnexpectedToken
from lark.parsers.lalr_interactive_parser import InteractiveParser

from kspec.language.codes import Code
from kspec.language.diagnostics import Diagnostic
from kspec.language.grammar import MAX_DEPTH, NestedTooDeeply, load_parser
from kspec.language.tokens import token_span

_END: Final = "$END"

_MAX_STACK: Final = 8 * MAX_DEPTH
"""The parser's stack holds what is still open: a few entries for each level of the tree to come."""


@dataclass(frozen=True, slots=True)
class Part:
    """The tokens from `start` to `end` of all the tokens of a file."""

    tokens: tuple[Token, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Failure:
    """The token at `index` cannot stand there, or the text is nested too deeply there.

    An index that is the end of the part means that nothing can end there. `rule` is what was to be parsed.
    """

    index: int
    rule: str
    nested_too_deeply: bool = False


def parse_part(part: Part, rule: str) -> Tree[Token] | Failure:
    parser = load_parser().parse_interactive(start=rule)
    stack = parser.parser_state.state_stack
    index = part.start
    try:
        for index in range(part.start, part.end):
            parser.feed_token(part.tokens[index])
            if len(stack) > _MAX_STACK:
                return Failure(index, rule, nested_too_deeply=True)
        index = part.end
        parsed: Tree[Token] = parser.feed_token(Token(_END, ""))
        return parsed
    except UnexpectedToken:
        return Failure(index, rule)
    except NestedTooDeeply:
        return Failure(min(index, part.end - 1), rule, nested_too_deeply=True)


def parser_before(part: Part, failure: Failure) -> InteractiveParser:
    """The parser before the token that it failed at: in `parse_part`, that token has made it finish constructs."""
    parser = load_parser().parse_interactive(start=failure.rule)
    for token in part.tokens[part.start : failure.index]:
        parser.feed_token(token)
    return parser


def accepted_terminals(parser: InteractiveParser) -> frozenset[str]:
    """The terminals that the parser can go on with."""
    accepts: Callable[[], set[str]] = parser.accepts
    return frozenset(accepts())


def too_deep(name: str, token: Token) -> Diagnostic:
    message = "the text is nested too deeply here"
    return Diagnostic(Code.KS004, message, token_span(name, token), "give a part of it a name, with `def` or `let`")
