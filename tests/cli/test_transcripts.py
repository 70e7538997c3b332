"""Transcripts: what commands print, word for word. Those of `commands` end in an error of the command line; those of
`stories` are counterexamples."""

from __future__ import annotations

import io
import re
import shlex
import tempfile
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from kspec.cli.main import run

COMMANDS = Path(__file__).parents[1] / "cases" / "commands"
STORIES = COMMANDS.with_name("stories")


def played(transcript: str) -> str:
    """The transcript with what its commands print now."""
    lines: list[str] = []
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        file: Path | None = None
        is_output = False
        for line in transcript.splitlines():
            if line.startswith("== "):
                file, is_output = Path(line[3:]), False
                file.write_text("")
            elif line.startswith("$ kspec "):
                lines += [line, *_printed(shlex.split(line[8:]))]
                is_output = True
                continue
            elif not is_output and file is not None:
                file.write_text(file.read_text() + line + "\n")
            if not is_output:
                lines.append(line)
    return "\n".join(lines) + "\n"


def _printed(arguments: list[str]) -> list[str]:
    """What a command prints, errors first, and its exit code. Times and names of temporary files vary."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = run(arguments)
    text = re.sub(r"\d+\.\d s\b", "0.0 s", err.getvalue() + out.getvalue())
    return [*(line.rstrip() for line in text.splitlines()), f"exit {code}"]


def cases() -> list[Path]:
    return [*sorted(COMMANDS.glob("*.txt")), *sorted(STORIES.glob("*.txt"))]


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.stem)
def test_transcript(case: Path) -> None:
    text = case.read_text(encoding="utf-8")
    assert played(text) == text
    if case.parent == COMMANDS:
        assert case.stem[:5] in text.split("\n$ kspec", 1)[-1]


if __name__ == "__main__":
    for path in cases():
        path.write_text(played(path.read_text(encoding="utf-8")), encoding="utf-8")
