"""The tables of the parser: they take seconds to make, and some hundredths of one to load.

They are made when kspec is built (`grammar/build_tables.py`), and lie beside the grammar. Those are as safe to unpickle
as the code they lie beside is to run. Where they are missing, damaged or of another grammar, tables are made once and
kept for this user.
"""

from __future__ import annotations

from io import BytesIO
from typing import Final, TypedDict

import lark
from lark import Lark

from kspec.language.grammar_file import packaged_tables
from kspec.user_cache import Kept, name_of, seal, unseal

KEPT: Final = Kept("grammar", bytes, 8 << 20)


class Options(TypedDict):
    """What Lark is asked for."""

    parser: str
    lexer: str
    start: list[str]
    propagate_positions: bool
    tree_class: type


def parser_of(text: str, options: Options) -> Lark:
    """The parser of a grammar."""
    name = tables_name(text, options)
    tables = unseal(name, packaged_tables() or b"") or KEPT.load(name)
    if tables is None:
        tables = make_tables(text, options)
        KEPT.store(name, tables)
    parser: Lark = Lark.load(BytesIO(tables))
    return parser


def sealed_tables(text: str, options: Options) -> bytes:
    """The tables as they are packaged."""
    return seal(tables_name(text, options), make_tables(text, options))


def make_tables(text: str, options: Options) -> bytes:
    """They serve every version of Python, and no other version of Lark."""
    content = BytesIO()
    Lark(text, **options).save(content)
    return content.getvalue()


def tables_name(text: str, options: Options) -> str:
    """Different for all that tables depend on."""
    return name_of(lark.__version__, text, *(f"{option}={value!r}" for option, value in options.items()))
