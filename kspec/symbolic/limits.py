"""What is too large to be written out as a formula."""

from __future__ import annotations

MOST_VALUES = 65_536
"""The most values of one sort that are written out."""

MOST_EXPRESSIONS = 3_000_000
"""The most expressions that one encoding visits, each as often as its quantifiers unroll it."""


class TooLarge(Exception):
    """The formula would be too large; callers answer `unknown` with this text."""
