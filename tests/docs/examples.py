"""The examples of a page: fenced blocks, and what the box below each one says is to be expected.

The words behind the fence say what a block is:

- `kspec`: a whole model; `kspec NAME.kspec`: one that later examples import, or commands check, by that name,
- `kspec prelude`: the declarations that the next two stand beside,
- `kspec declarations`: some declarations; `kspec statements`: some statements of an action,
- `result`: what is expected of the example above: on each line a code, or a property, its verdict and its reason,
- `console`: lines with `$ ` are commands.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_FENCE = re.compile(r"^```(\S+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block; `line` is that of its fence."""

    language: str
    role: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Example:
    """`text`: the whole model, the prelude included. `expected`: the lines of the box below."""

    line: int
    name: str
    text: str
    expected: tuple[str, ...]


def blocks(page: Path) -> list[Block]:
    text = page.read_text(encoding="utf-8")
    return [
        Block(found[1], found[2] or "", found[3], text.count("\n", 0, found.start()) + 1)
        for found in _FENCE.finditer(text)
    ]


def examples(page: Path) -> list[Example]:
    found = blocks(page)
    prelude = next((block.text for block in found if block.role == "prelude"), "")
    following = [*found[1:], None]
    return [
        Example(block.line, _file_name(block), _whole(block, prelude), _expected(after))
        for block, after in zip(found, following, strict=True)
        if block.language == "kspec"
    ]


def commands(page: Path) -> list[str]:
    """The lines that a reader is told to type."""
    lines = (line for block in blocks(page) if block.language == "console" for line in block.text.splitlines())
    return [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]


def _file_name(block: Block) -> str:
    return block.role if block.role.endswith(".kspec") else f"line{block.line}.kspec"


def _whole(block: Block, prelude: str) -> str:
    match block.role:
        case "declarations":
            return prelude + block.text
        case "statements":
            return f"{prelude}component example {{ action run(p: Pod, n: Node, rs: ReplicaSet) {{\n{block.text}}} }}\n"
        case _:
            return block.text


def _expected(after: Block | None) -> tuple[str, ...]:
    if after is None or after.language != "result":
        return ()
    return tuple(after.text.splitlines())
