"""Small wordings that several reports share."""

from __future__ import annotations

from kspec.check.verdicts import Verdict
from kspec.system.spans import NOWHERE, Span
from kspec.trace.describe import Named

STYLES = {
    Verdict.VIOLATED: "bold red",
    Verdict.UNKNOWN: "bold yellow",
    Verdict.BOUNDED: "yellow",
    Verdict.HOLDS: "green",
    Verdict.PROVED: "bold green",
    Verdict.NOT_CHECKED: "dim",
}


def verdict_text(verdict: Verdict, reason: str) -> str:
    """A verdict with its reason: `unknown (states)`."""
    return f"{verdict.value} ({reason})" if reason else verdict.value


def duration(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.1f} s"
    return f"{int(seconds) // 60} min {int(seconds) % 60} s"


def pairs(named: tuple[Named, ...]) -> str:
    return ", ".join(f"{pair.name} = {pair.value}" for pair in named)


def place(span: Span) -> str:
    """`file:line:column`; empty where the place is not known."""
    return "" if span == NOWHERE else str(span)
