"""Where the grammar is, and its tables if they were made with the installation."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

GRAMMAR: Final = "kspec.lark"
TABLES: Final = "kspec.tables"


def grammar_text() -> str:
    return (_folder() / GRAMMAR).read_text(encoding="utf-8")


def packaged_tables() -> bytes | None:
    """What `grammar/build_tables.py` wrote beside the grammar; None in a checkout that was never installed."""
    try:
        return (_folder() / TABLES).read_bytes()
    except OSError:
        return None


def _folder() -> Traversable:
    """In the installed package or, in a checkout, the folder `grammar` beside the package."""
    packaged = files("kspec") / "grammar"
    return packaged if (packaged / GRAMMAR).is_file() else Path(__file__).parents[2] / "grammar"
