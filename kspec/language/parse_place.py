"""The place where the parser could not go on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from lark import Token, Tree

from kspec.language.parse_tokens import Failure, Part, accepted_terminals, parser_before
from kspec.language.tokens import shown

CLOSING: Final = {"LPAR": "RPAR", "LSQB": "RSQB", "LBRACE": "RBRACE"}

_MAX_TEXT: Final = 60
"""The longest text that a hint repeats."""

_NAMED_BLOCKS: Final = frozenset(
    {"KIND", "EXTEND", "ENUM", "COMPONENT", "CLUSTER", "ACTION", "PROCESS", "REQUEST", "CREATE", "UPDATE"}
)
_BLOCKS: Final = _NAMED_BLOCKS | {"ENVIRONMENT", "IF", "ELSE", "FOR", "WHILE", "EITHER", "OR"}


@dataclass(frozen=True, slots=True)
class Advice:
    """What to say about a mistake. Without a `message`: what could stand there, and what does."""

    message: str | None = None
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """`index` is that of the token that cannot stand there; `accepted` are the terminals that could."""

    part: Part
    index: int
    accepted: frozenset[str]
    unfinished: tuple[str, ...]
    """What the parser has not yet made a construct of: types of tokens and names of rules."""

    @staticmethod
    def of(part: Part, failure: Failure) -> Place:
        parser = parser_before(part, failure)
        stack: list[Token | Tree[Token]] = parser.parser_state.value_stack
        unfinished = tuple(str(value.type if isinstance(value, Token) else value.data) for value in stack)
        return Place(part, failure.index, accepted_terminals(parser), unfinished)

    def token(self, offset: int = 0) -> Token | None:
        """The token that was found, or one before or after it; None outside the text."""
        index = self.index + offset
        return self.part.tokens[index] if 0 <= index < len(self.part.tokens) else None

    def type(self, offset: int = 0) -> str:
        token = self.token(offset)
        return "" if token is None else token.type

    def found(self) -> str:
        token = self.token()
        if token is None:
            return "the end of the text"
        if token.end_pos != (token.start_pos or 0) + len(token):
            return "a sign of another language"
        return f"`{shown(str(token))}`"

    def index_before(self, types: frozenset[str]) -> int | None:
        """The nearest token of one of these types before the place; what stands outside of the block does not count."""
        for index in range(self.index - 1, self.part.start - 1, -1):
            type = self.part.tokens[index].type
            if type in types:
                return index
            if type in {"LBRACE", "RBRACE"}:
                return None
        return None

    def text(self, start: int, end: int | None = None) -> str:
        """The tokens from `start` to the place, or to `end`, on one line, spaced as in the text; `…` if it is long."""
        tokens = self.part.tokens[start : self.index if end is None else end]
        text = ""
        for token, before in zip(tokens, (None, *tokens), strict=False):
            apart = before is not None and token.start_pos != before.end_pos
            text += f" {token}" if apart else str(token)
        return text if len(text) <= _MAX_TEXT else "…"

    def open_bracket(self) -> Token | None:
        """The innermost bracket that is open at the place."""
        index = self._open_index()
        return None if index is None else self.part.tokens[index]

    def open_construct(self) -> str:
        """The innermost open bracket with what it belongs to, such as `kind Pod {`."""
        index = self._open_index()
        assert index is not None
        tokens = self.part.tokens
        bracket = str(tokens[index])
        if tokens[index].type != "LBRACE":
            return bracket
        for before in range(index - 1, self.part.start - 1, -1):
            type = tokens[before].type
            if type in {"LBRACE", "RBRACE"}:
                break
            if type in _NAMED_BLOCKS and before + 1 < index:
                return f"{tokens[before]} {tokens[before + 1]} {bracket}"
            if type in _BLOCKS:
                return f"{tokens[before]} {bracket}" if before + 1 == index else f"{tokens[before]} … {bracket}"
        return bracket

    def _open_index(self) -> int | None:
        stack: list[int] = []
        for index in range(self.part.start, min(self.index, self.part.end)):
            type = self.part.tokens[index].type
            if type in CLOSING:
                stack.append(index)
            elif type in CLOSING.values() and stack:
                stack.pop()
        return stack[-1] if stack else None
