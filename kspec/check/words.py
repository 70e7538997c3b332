"""Numbers of things, in words."""

from __future__ import annotations


def count(number: int, one: str, many: str | None = None) -> str:
    """`1 step`, `2,000 steps`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
