"""One line on a terminal that says how far a check is, and goes away when it is done."""

from __future__ import annotations

from typing import TextIO

from kspec.check.options import Activity


class ProgressLine:
    """Writes on `stream` if that is a terminal; else says nothing."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._shows = stream.isatty()
        self._written = False

    def __call__(self, activity: Activity) -> None:
        if self._shows:
            self._stream.write(f"\r\x1b[K{in_words(activity)}")
            self._stream.flush()
            self._written = True

    def clear(self) -> None:
        if self._written:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
            self._written = False


def in_words(activity: Activity) -> str:
    """An activity in one short line."""
    if activity.runs is not None:
        seconds = f", {activity.seconds:.0f} s" if activity.seconds is not None else ""
        return f"{activity.engine}: {activity.runs:,} runs{seconds}"
    if activity.states is None:
        return f"{activity.engine}: depth {activity.depth}" if activity.depth else f"{activity.engine} ..."
    seconds = f", {activity.seconds:.0f} s" if activity.seconds is not None else ""
    frontier = f", {activity.frontier:,} to expand" if activity.frontier is not None else ""
    return f"{activity.engine}: depth {activity.depth}, {activity.states:,} states{frontier}{seconds}"
