"""Pages with a model and commands: what the commands print beside that model."""

from __future__ import annotations

import io
import re
import shlex
import tempfile
from contextlib import chdir, redirect_stdout
from pathlib import Path

from kspec.cli.main import run
from tests.docs.consoles import consoles
from tests.docs.examples import blocks


def printed(page: Path, command: str) -> str:
    """What a command prints beside the models of the page; times vary."""
    out = io.StringIO()
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        for block in blocks(page):
            if block.language == "kspec":
                Path(block.role).write_text(block.text, encoding="utf-8")
        with redirect_stdout(out):
            run(shlex.split(command.removeprefix("$ kspec ")))
    return f"{command}\n" + re.sub(r"\d+\.\d s\b", "0.1 s", out.getvalue())


def write_what_is_printed(page: Path) -> None:
    """Puts what the commands of a page print now in place of what it shows."""
    text = page.read_text(encoding="utf-8")
    for shown in consoles(page):
        text = text.replace(shown.text, printed(page, shown.text.splitlines()[0]))
    page.write_text(text, encoding="utf-8")
