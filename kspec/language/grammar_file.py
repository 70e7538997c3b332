"""Where the grammar is."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path


def grammar_text() -> str:
    """The grammar, from the installed package or, in a checkout, from the folder `grammar` beside the package."""
    packaged = files("kspec") / "grammar" / "kspec.lark"
    if packaged.is_file():
        return packaged.read_text(encoding="utf-8")
    return (Path(__file__).parents[2] / "grammar" / "kspec.lark").read_text(encoding="utf-8")
