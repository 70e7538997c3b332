"""The parser of the language, made of `grammar/kspec.lark`, and the words and signs of that grammar.

Making the parser takes a second, loading it from Lark's cache some hundredths of one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

import lark
from lark import Lark, Token, Tree
from lark.lexer import PatternStr
from lark.tree import Meta

from kspec.language.grammar_file import grammar_text
from kspec.user_cache import cache_folder

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


@cache
def load_parser() -> Lark:
    text = grammar_text()
    file = cache_file(text)
    return Lark(
        text,
        parser="lalr",
        lexer="basic",
        start=list(STARTS),
        propagate_positions=True,
        tree_class=BoundedTree,
        cache=False if file is None else str(file),
    )


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


def cache_file(text: str) -> Path | None:
    """The file for Lark's cache; None if there is no folder for it."""
    folder = cache_folder()
    if folder is None:
        return None
    digest = sha256(f"{lark.__version__}\n{text}".encode()).hexdigest()[:16]
    return folder / f"grammar-{digest}.lark"
