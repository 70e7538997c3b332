"""Formulas put together, with what is always true or false left out where that can be seen at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from kspec.system.temporal import And, Formula, Implies, Or

ALWAYS_TRUE: Final = And(())
ALWAYS_FALSE: Final = Or(())


def conjunction(operands: Iterable[Formula]) -> Formula:
    kept = [operand for operand in operands if operand != ALWAYS_TRUE]
    if kept and kept[0] == ALWAYS_FALSE:
        return ALWAYS_FALSE
    return kept[0] if len(kept) == 1 else And(tuple(kept))


def disjunction(operands: Iterable[Formula]) -> Formula:
    kept = [operand for operand in operands if operand != ALWAYS_FALSE]
    if kept and kept[0] == ALWAYS_TRUE:
        return ALWAYS_TRUE
    return kept[0] if len(kept) == 1 else Or(tuple(kept))


def implication(left: Formula, right: Formula) -> Formula:
    if left == ALWAYS_TRUE:
        return right
    return ALWAYS_TRUE if left == ALWAYS_FALSE else Implies(left, right)
