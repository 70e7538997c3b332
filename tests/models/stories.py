"""The story that a broken model tells: its `# story:` lines, one event a line, against a trace.

A line says what happened in the words of the report, and behind `=>` what the trace says of it.
"""

from __future__ import annotations

from pathlib import Path

from kspec.report.story import trace_lines
from kspec.report.styled import plain
from kspec.trace.story import Trace

MARK = "# story:"


def story_of(path: Path) -> list[str]:
    """What the trace says of each event, in order."""
    lines = path.read_text(encoding="utf-8").splitlines()
    events = [line.removeprefix(MARK).partition("=>") for line in lines if line.startswith(MARK)]
    assert all(words.strip() and shown.strip() for words, _, shown in events), f"{path}: an event lacks a part"
    return [shown.strip() for _, _, shown in events]


def assert_tells(trace: Trace, events: list[str]) -> None:
    """Every event is in the trace, each in a line behind that of the event before it."""
    text = plain(trace_lines(trace))
    lines = iter(text.splitlines())
    for event in events:
        assert any(event in line for line in lines), f"`{event}` is not told, or too early, in:\n{text}"
