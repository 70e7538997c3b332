"""docs/audits.md says nothing that is not so: its command prints what it shows.

`python -m tests.docs.test_audits` writes what it prints now.
"""

from __future__ import annotations

import io
import re
import shlex
import tempfile
from contextlib import chdir, redirect_stdout
from pathlib import Path

from kspec.cli.main import run
from tests.docs.consoles import ROOT, consoles
from tests.docs.examples import blocks

PAGE = ROOT / "docs" / "audits.md"


def printed(command: str) -> str:
    """What a command prints beside the models of the page; times vary."""
    out = io.StringIO()
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        for block in blocks(PAGE):
            if block.language == "kspec":
                Path(block.role).write_text(block.text, encoding="utf-8")
        with redirect_stdout(out):
            run(shlex.split(command.removeprefix("$ kspec ")))
    return f"{command}\n" + re.sub(r"\d+\.\d s\b", "0.1 s", out.getvalue())


def test_a_command_prints_what_the_page_shows() -> None:
    (block,) = consoles(PAGE)
    assert printed(block.text.splitlines()[0]) == block.text


if __name__ == "__main__":
    page = PAGE.read_text(encoding="utf-8")
    for shown in consoles(PAGE):
        page = page.replace(shown.text, printed(shown.text.splitlines()[0]))
    PAGE.write_text(page, encoding="utf-8")
