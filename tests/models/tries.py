"""What a model tells its reader to try: `# try:` lines, each a change of its text and the properties that it breaks.

# try: `when n.ready` -> `when true` breaks NoneOnLostNodes, Converges
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

MARK = "# try:"
LINE = re.compile(r"# try: `(.+?)` -> `(.*?)` breaks (\w+(?:, \w+)*)")


@dataclass(frozen=True, slots=True)
class Try:
    text: str
    instead: str
    breaks: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.text} -> {self.instead}"


def tries_of(path: Path) -> list[Try]:
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip().startswith(MARK):
            matched = LINE.fullmatch(line.strip())
            assert matched is not None, f"{path}: {line}"
            found.append(Try(matched[1], matched[2], tuple(matched[3].split(", "))))
    return found


def change(path: Path, tried: Try) -> None:
    """In the code of the file, which has that text exactly once."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    code = [line for line in lines if not line.strip().startswith("#")]
    assert "".join(code).count(tried.text) == 1, f"{path.name}: `{tried.text}` is not there exactly once"
    path.write_text("".join(code).replace(tried.text, tried.instead), encoding="utf-8")
