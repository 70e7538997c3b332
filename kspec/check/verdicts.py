"""The verdicts, and the exit code they lead to."""

from __future__ import annotations

from enum import Enum


class Verdict(Enum):
    VIOLATED = "violated"
    UNKNOWN = "unknown"
    BOUNDED = "bounded"
    HOLDS = "holds"
    PROVED = "proved"
    NOT_CHECKED = "not checked"


class ExitCode(Enum):
    """In order of precedence, highest first: see `worst`."""

    INTERNAL_ERROR = 70
    USAGE = 2
    VIOLATED = 1
    UNKNOWN = 3
    FINDINGS = 4
    OK = 0


def worst(codes: list[ExitCode]) -> ExitCode:
    """The code that stands for several; of none, OK."""
    return min(codes, key=list(ExitCode).index, default=ExitCode.OK)
