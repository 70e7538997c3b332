"""What an engine is doing now, in one short line."""

from __future__ import annotations

from dataclasses import dataclass

from kspec.check.options import Activity
from kspec.check.words import count
from kspec.explore.outlook import NoNumber, Remaining
from kspec.explore.progress import Progress
from kspec.report.words import duration


@dataclass(frozen=True, slots=True)
class _Part:
    """Some words of the line. The higher `rank`, the sooner they are left out where there is no room."""

    text: str
    rank: int


def activity_line(activity: Activity, speed: float | None, width: int) -> str:
    """No longer than `width`. `speed`: of the explorer, in states a second."""
    parts = _parts(activity, speed)
    while len(_joined(activity, parts)) > width and len(parts) > 1:
        last = max(parts, key=lambda part: part.rank)
        parts = [part for part in parts if part is not last]
    return _joined(activity, parts)[: max(0, width)]


def _joined(activity: Activity, parts: list[_Part]) -> str:
    return f"{activity.engine}: {', '.join(part.text for part in parts)}"


def _parts(activity: Activity, speed: float | None) -> list[_Part]:
    if activity.search is not None:
        return _of_search(activity.search, speed)
    if activity.runs is not None:
        return _of_runs(activity.runs, activity.seconds)
    if activity.candidates is not None:
        return [_Part(f"{count(activity.candidates, 'candidate')} left", 0)]
    if activity.depth is not None:
        return [_Part(f"depth {activity.depth} of {activity.last_depth}", 0)]
    return [_Part("starting", 0)]


def _of_runs(runs: int, seconds: float | None) -> list[_Part]:
    parts = [_Part(count(runs, "run"), 0)]
    return parts if seconds is None else [*parts, _Part(duration(seconds), 1)]


def _of_search(search: Progress, speed: float | None) -> list[_Part]:
    parts = [
        _Part(f"depth {search.depth}", 0),
        _Part(count(search.states, search.unit.removesuffix("s")), 1),
        _Part(f"{search.frontier:,} to expand", 4),
        _Part(_memory(search.memory), 5),
        _Part(_left(search, speed), 2),
    ]
    if speed is not None:
        parts.insert(2, _Part(f"{_rounded(speed)} {search.unit}/s", 3))
    return parts


def _left(search: Progress, speed: float | None) -> str:
    """What is likely to be left, as far as that can be told."""
    found = search.outlook
    if isinstance(found, NoNumber):
        return "growing" if found is NoNumber.GROWING else "shrinking"
    if not speed:
        return f"{_between(found.low, found.high)} {search.unit} left"
    known = search.states - search.expanded
    return f"{_seconds(found, known, speed)} left"


def _seconds(left: Remaining, known: int, speed: float) -> str:
    """The time to expand what is known and what is still to be found."""
    low, high = ((known + states) / speed for states in (left.low, left.high))
    if high < 1:
        return "under 1 s"
    if high < 100:
        return f"{_between(low, high)} s"
    if high < 6000:
        return f"{_between(low / 60, high / 60)} min"
    return f"{_between(low / 3600, high / 3600)} h"


def _between(low: float, high: float) -> str:
    """No digits that an estimate does not have."""
    small, large = _rounded(low), _rounded(high)
    return large if small == large else f"{small}-{large}"


def _rounded(number: float) -> str:
    """With two digits, the rest zero; 1 at least."""
    whole = max(1, round(number))
    unit = 10 ** max(0, len(str(whole)) - 2)
    return f"{round(whole / unit) * unit:,}"


def _memory(size: int) -> str:
    mebibytes = size / 2**20
    return f"{mebibytes:,.0f} MiB" if mebibytes < 1024 else f"{mebibytes / 1024:,.1f} GiB"
