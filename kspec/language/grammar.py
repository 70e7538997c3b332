"""The parser of the language, made of `grammar/kspec.lark`, and the words and signs of that grammar."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from lark import Lark, Token, Tree
from lark.lexer import PatternStr
from lark.tree import Meta

from kspec.language.grammar_file import grammar_text
from kspec.language.grammar_tables import Options, parser_of, sealed_tables

MAX_DEPTH: Final = 500
"""The deepest syntax tree. Passes that recurse over it take about ten Python frames a level."""

STARTS: Final = ("file", "component_items", "cluster_item", "expression")
"""The rules that a text, or a part of it, can be parsed by."""


class NestedTooDeeply(Exception):
    """The text has a syntax tree that is deeper than `MAX_DEPTH`."""


class BoundedTree(Tree[Token]):
    """A tree that knows its depth and refuses to exceed `MAX_DEPTH`, while the text is still being parsed."""

    depth: int

    def __init__(self, data: str, children: list[Token | Tree[Token]], meta: Meta | None = None) -> None:
        super().__init__(data, children, meta)
        if data.startswith("_"):  # a list in the making, or an inlined rule: its children join those of its parent
            self.depth = 0
            return
        self.depth = 1 + max((child.depth for child in children if isinstance(child, BoundedTree)), default=0)
        if self.depth > MAX_DEPTH:
            raise NestedTooDeeply


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The terminals of the grammar: the name of each word and of each sign, and each pattern by name."""

    words: dict[str, str]
    signs: dict[str, str]
    patterns: dict[str, str]


OPTIONS: Final = Options(
    parser="lalr", lexer="basic", start=list(STARTS), propagate_positions=True, tree_class=BoundedTree
)


@cache
def load_parser() -> Lark:
    return parser_of(grammar_text(), OPTIONS)


def tables_to_package() -> bytes:
    """What `grammar/build_tables.py` puts beside the grammar."""
    return sealed_tables(grammar_text(), OPTIONS)


@cache
def load_vocabulary() -> Vocabulary:
    words: dict[str, str] = {}
    signs: dict[str, str] = {}
    patterns: dict[str, str] = {}
    for terminal in load_parser().terminals:
        if not isinstance(terminal.pattern, PatternStr):
            patterns[terminal.name] = terminal.pattern.to_regexp()
        elif terminal.pattern.value.isalpha():
            words[terminal.pattern.value] = terminal.name
        else:
            signs[terminal.pattern.value] = terminal.name
    return Vocabulary(words, signs, patterns)
