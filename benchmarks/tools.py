"""The programs that benchmarks need beside kspec. One that is missing ends them: a comparison is never left out."""

from __future__ import annotations

import shutil
from typing import Final

from benchmarks.errors import MissingTool

PACKAGES: Final = {"g++": "g++", "gcc": "gcc", "spin": "spin", "time": "time"}
"""By program: the Debian package that has it."""


def tool(program: str) -> str:
    """The path of a program."""
    path = shutil.which(program)
    if path is None:
        raise MissingTool(program, PACKAGES[program])
    return path


def must_be_installed() -> None:
    """Raises where one of them is missing: to be known before anything is measured."""
    for program in PACKAGES:
        tool(program)
