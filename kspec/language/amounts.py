"""Amounts as the text writes them: `500m`, `2Gi`, `0.5`."""

from __future__ import annotations

from kspec.system.amounts import BINARY, DECIMAL


def thousandths_of(text: str) -> int | None:
    """The amount in thousandths of 1; None where it is none of them exactly."""
    digits = text.rstrip("kKMGTPim")
    factor = (DECIMAL | BINARY)[text[len(digits) :]]
    whole, _, fraction = digits.partition(".")
    thousandths, rest = divmod(int(whole + fraction) * factor, 10 ** len(fraction))
    return None if rest else thousandths
