"""What is too large to be written out as a formula."""

from __future__ import annotations

MOST_VALUES = 65_536
"""The most values of one sort that are written out."""

MOST_PARTS = 500_000
"""The most parts of one encoding: expressions, each as often as quantifiers unroll it, and places it may read."""


class TooLarge(Exception):
    """The formula would be too large; callers answer `unknown` with this text."""
