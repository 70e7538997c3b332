"""One line on a terminal that says how far a check is, and goes away when it is done."""

from __future__ import annotations

import os
from collections import deque
from typing import Final, TextIO

from kspec.check.options import Activity
from kspec.explore.progress import Progress
from kspec.report.activity import activity_line

ERASE: Final = "\r\x1b[K"

DEFAULT_WIDTH: Final = 80

SPAN: Final = 3.0
"""The speed shown is that of so many last seconds."""


class ProgressLine:
    """Writes on `stream`, a terminal, if `is_live`; else says nothing."""

    def __init__(self, stream: TextIO, *, is_live: bool) -> None:
        self._stream = stream
        self._is_live = is_live
        self._is_written = False
        self._speed = _Speed()

    def __call__(self, activity: Activity) -> None:
        if self._is_live:
            speed = None if activity.search is None else self._speed.now(activity.search)
            # The last column stays free: some terminals go to the next line once it is filled.
            self._write(ERASE + activity_line(activity, speed, _width(self._stream) - 1))
            self._is_written = True

    def clear(self) -> None:
        if self._is_written:
            self._write(ERASE)
            self._is_written = False

    def _write(self, text: str) -> None:
        """What cannot be written is nobody's loss: the check goes on."""
        try:
            self._stream.write(text)
            self._stream.flush()
        except (OSError, ValueError):
            self._is_live = False


class _Speed:
    """How many states are expanded a second."""

    def __init__(self) -> None:
        self._told: deque[Progress] = deque()

    def now(self, progress: Progress) -> float | None:
        """None until there are two reports of one search to compare."""
        if self._told and progress.expanded < self._told[-1].expanded:
            self._told.clear()  # another search began
        self._told.append(progress)
        while len(self._told) > 2 and self._told[1].seconds <= progress.seconds - SPAN:
            self._told.popleft()
        seconds = progress.seconds - self._told[0].seconds
        return (progress.expanded - self._told[0].expanded) / seconds if seconds > 0 else None


def _width(stream: TextIO) -> int:
    try:
        return os.get_terminal_size(stream.fileno()).columns or DEFAULT_WIDTH
    except (OSError, ValueError):
        return DEFAULT_WIDTH
