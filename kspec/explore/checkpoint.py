"""Checkpoints, to those who ask for them: where they go, and what is wrong with one."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

INTERVAL: Final = 30.0
"""The least seconds between two checkpoints of one search."""

MANIFEST: Final = "kspec-checkpoint.json"
STATES: Final = "kspec-states.bin"


class CheckpointError(Exception):
    """A checkpoint that cannot be made or used, and what to do about it."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Checkpointing:
    """A search writes to this folder what it needs to go on. `resume`: it goes on from what is there."""

    folder: Path
    resume: bool = False
    interval: float = INTERVAL

    def must_fit(self) -> None:
        """Raises CheckpointError where there is a checkpoint that is not wanted, or none that is."""
        has_one = os.path.exists(self.folder / MANIFEST)  # noqa: PTH110  # Path.exists raises where it may not look
        if self.resume and not has_one:
            raise CheckpointError(f"there is no checkpoint in {self.folder}", "leave out --resume to begin one")
        if has_one and not self.resume:
            hint = "go on from it with --resume, or name another folder"
            raise CheckpointError(f"{self.folder} has a checkpoint, which is not overwritten", hint)
