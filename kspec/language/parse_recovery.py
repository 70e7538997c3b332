"""Where declarations and their items begin in a text that has syntax errors.

A file with errors may lack brackets, so that depth alone cannot tell. A word that begins nothing but a declaration
begins one wherever it stands before what such a declaration begins with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from lark import Token

from kspec.language.parse_tokens import Part
from kspec.language.reserved import NOT_RESERVED

MAX_BRACKETS: Final = 200
"""How many brackets may be open at once."""

_PAIRS: Final = (("LPAR", "RPAR"), ("LSQB", "RSQB"), ("LBRACE", "RBRACE"))
_OPENING: Final = frozenset(opening for opening, _ in _PAIRS)
_CLOSING: Final = frozenset(closing for _, closing in _PAIRS)

_DECLARATIONS_WITH_NAME: Final = frozenset(
    {"KIND", "ENUM", "COMPONENT", "CLUSTER", "INVARIANT", "REACHABLE", "RECOVERABLE", "ASSUME", "EXPECT"}
)
"""Words that begin nothing but declarations, with a name after them; inside brackets no name follows them."""

_DECLARATIONS: Final = _DECLARATIONS_WITH_NAME | {
    "IMPORT", "CONST", "GHOST", "DURABLE", "VAR", "SINGLE", "EXTEND", "OPEN", "OVERRIDE", "DEF", "ENVIRONMENT",
    "REQUEST", "ADMIT", "STEP", "PROPERTY", "PATTERN", "QUANTITY", "TERMINAL",
}  # fmt: skip

_ITEMS: Final = frozenset(
    {"ACTION", "PROCESS", "FAIR", "STRONGLY", "ATOMIC", "GHOST", "DURABLE", "VAR", "OPEN", "OVERRIDE", "DEF", "MAY"}
)

_FIRST_OF_TWO: Final = frozenset({"SINGLE", "EXTEND", "GHOST", "DURABLE", "OPEN", "OVERRIDE", "STRONGLY"})
"""Words that begin a declaration or an item together with the word after them."""

_NAMES: Final = frozenset({"NAME", "QUOTED"})


def too_deep_bracket(part: Part) -> int | None:
    """The first bracket inside too many others."""
    depth = 0
    for index in range(part.start, part.end):
        type = part.tokens[index].type
        if type in _OPENING:
            depth += 1
            if depth > MAX_BRACKETS:
                return index
        elif type in _CLOSING:
            depth -= 1
    return None


def declarations(part: Part) -> Iterator[Part]:
    """The parts of a file that begin with a declaration; what stands before the first is a part too."""
    return _split(part, _begins_declaration)


def component_items(part: Part) -> list[Part]:
    """The parts of a component that begin with an item; none if its braces do not match."""
    types = [token.type for token in part.tokens[part.start : part.end]]
    if types[0] not in {"COMPONENT", "ENVIRONMENT"} or types[-1] != "RBRACE" or not _balanced(types):
        return []
    return list(_split(Part(part.tokens, part.start + types.index("LBRACE") + 1, part.end - 1), _begins_item))


def _balanced(types: list[str]) -> bool:
    return all(types.count(opening) == types.count(closing) for opening, closing in _PAIRS)


def _split(part: Part, begins: Callable[[tuple[Token, ...], int, int], bool]) -> Iterator[Part]:
    """`begins` is asked of a token, by its index, and of the number of brackets that are open before it."""
    start, depth = part.start, 0
    for index in range(part.start, part.end):
        type = part.tokens[index].type
        if begins(part.tokens, index, depth):
            if start < index:
                yield Part(part.tokens, start, index)
            start, depth = index, 0
        if type in _OPENING:
            depth += 1
        elif type in _CLOSING:
            depth = max(0, depth - 1)
    if start < part.end:
        yield Part(part.tokens, start, part.end)


def _begins_declaration(tokens: tuple[Token, ...], index: int, depth: int) -> bool:
    token = tokens[index]
    if token.type not in _DECLARATIONS or _type(tokens, index - 1) in _FIRST_OF_TWO | {"BY", "ENABLED", "COLON"}:
        return False
    following = _type(tokens, index + 1)
    if depth > 0 and token.column != 1:
        return token.type in _DECLARATIONS_WITH_NAME and following in _NAMES
    if str(token) in NOT_RESERVED:
        # This may be a name at the end of an expression: then no word of a declaration follows.
        return following in _NAMES | {"KIND", "VAR", "DEF", "WHEN"}
    return True


def _begins_item(tokens: tuple[Token, ...], index: int, depth: int) -> bool:
    type = tokens[index].type
    if depth > 0 or type not in _ITEMS or _type(tokens, index - 1) in _FIRST_OF_TWO:
        return False
    return type not in {"ACTION", "PROCESS", "ATOMIC"} or not _ends_fairness(tokens, index)


def _ends_fairness(tokens: tuple[Token, ...], index: int) -> bool:
    """Whether `fair`, `fair per p, n` or `atomic` stands before a token."""
    index -= 1
    while str(tokens[index]) in NOT_RESERVED or tokens[index].type in _NAMES | {"COMMA", "PER"}:
        index -= 1
    return tokens[index].type in {"FAIR", "ATOMIC"}


def _type(tokens: tuple[Token, ...], index: int) -> str:
    return tokens[index].type if 0 <= index < len(tokens) else ""
