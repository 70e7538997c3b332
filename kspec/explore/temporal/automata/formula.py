"""Formulas of linear temporal logic (Pnueli 1977) over numbered atoms.

A formula speaks of one position of an infinite word, whose letters say which atoms are true; `word.py` defines when it
holds. Formulas are compared by identity and may share parts: `iff` has each side twice, and is no larger for that.
Whatever goes through a formula uses `postorder`, which does not recurse, since formulas may be nested deeply.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias, assert_never


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """`TRUE` or `FALSE`."""

    value: bool


@dataclass(frozen=True, slots=True, eq=False)
class Atom:
    """True where the letter has bit `index`."""

    index: int


@dataclass(frozen=True, slots=True, eq=False)
class Not:
    operand: Formula


@dataclass(frozen=True, slots=True, eq=False)
class And:
    left: Formula
    right: Formula


@dataclass(frozen=True, slots=True, eq=False)
class Or:
    left: Formula
    right: Formula


@dataclass(frozen=True, slots=True, eq=False)
class Next:
    """At the next position."""

    operand: Formula


@dataclass(frozen=True, slots=True, eq=False)
class Until:
    """`right` holds now or later, and `left` at every position before."""

    left: Formula
    right: Formula


@dataclass(frozen=True, slots=True, eq=False)
class Release:
    """`right` holds now and later, up to and including a position where `left` holds; for ever if there is none."""

    left: Formula
    right: Formula


Formula: TypeAlias = Truth | Atom | Not | And | Or | Next | Until | Release

TRUE: Final = Truth(True)
FALSE: Final = Truth(False)


def implies(left: Formula, right: Formula) -> Formula:
    return Or(Not(left), right)


def iff(left: Formula, right: Formula) -> Formula:
    return Or(And(left, right), And(Not(left), Not(right)))


def eventually(operand: Formula) -> Formula:
    return Until(TRUE, operand)


def always(operand: Formula) -> Formula:
    return Release(FALSE, operand)


def leads_to(left: Formula, right: Formula) -> Formula:
    """Whenever `left` holds, `right` holds then or later."""
    return always(implies(left, eventually(right)))


def operands(formula: Formula) -> tuple[Formula, ...]:
    match formula:
        case Truth() | Atom():
            return ()
        case Not(operand) | Next(operand):
            return (operand,)
        case And(left, right) | Or(left, right) | Until(left, right) | Release(left, right):
            return (left, right)
        case _:
            assert_never(formula)


def postorder(formula: Formula) -> Iterator[Formula]:
    """Each part of a formula once, after its operands."""
    finished: set[Formula] = set()
    waiting = [formula]
    while waiting:
        part = waiting[-1]
        missing = [operand for operand in operands(part) if operand not in finished]
        if part not in finished and not missing:
            finished.add(part)
            yield part
        if missing:
            waiting.extend(reversed(missing))
        else:
            waiting.pop()


def count_atoms(formula: Formula) -> int:
    """One more than the largest index of an atom."""
    return max((part.index + 1 for part in postorder(formula) if isinstance(part, Atom)), default=0)
