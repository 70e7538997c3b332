"""Formulas about runs: linear temporal logic over atoms about one position of a run.

A position is a state and the step that is taken from it; where a run has stopped, its last state repeats for ever and
no step is taken.

A quantifier that is not at the head is written out: there is a copy of its body for each value. Where the value is an
object, the atoms of the copy begin with a `Let` of a local with that object: the formula as a whole does not tell it
from the others (`condition`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias, assert_never

from kspec.system.expressions import Binding, Expr, Let, Literal, Local
from kspec.system.spans import NOWHERE, Span


@dataclass(frozen=True, slots=True)
class StateAtom:
    """A condition on the state at a position. `about`: the tracked variables that it mentions; once one of their
    objects is gone, it is false, and not evaluated."""

    expression: Expr
    about: frozenset[Local] = frozenset()
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class StepAtom:
    """A condition on the step that is taken at a position: OLD is the state before it, NEW the one after. False where
    the run has stopped."""

    expression: Expr
    about: frozenset[Local] = frozenset()
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Gone:
    """Whether the object of a tracked variable was deleted."""

    local: Local


@dataclass(frozen=True, slots=True)
class Not:
    operand: Formula


@dataclass(frozen=True, slots=True)
class And:
    """Of nothing: true."""

    operands: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Of nothing: false."""

    operands: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Implies:
    left: Formula
    right: Formula


@dataclass(frozen=True, slots=True)
class Iff:
    left: Formula
    right: Formula


@dataclass(frozen=True, slots=True)
class Next:
    operand: Formula


@dataclass(frozen=True, slots=True)
class Always:
    operand: Formula


@dataclass(frozen=True, slots=True)
class Eventually:
    operand: Formula


@dataclass(frozen=True, slots=True)
class Until:
    """`right` holds at this position or a later one, and `left` at all before that."""

    left: Formula
    right: Formula


@dataclass(frozen=True, slots=True)
class LeadsTo:
    """Wherever `left` holds, `right` holds there or later."""

    left: Formula
    right: Formula


Formula: TypeAlias = (
    StateAtom | StepAtom | Gone | Not | And | Or | Implies | Iff | Next | Always | Eventually | Until | LeadsTo
)


@dataclass(frozen=True, slots=True)
class Temporal:
    """`formula` for every binding of `variables`.

    A variable over a kind whose objects come and go (its domain is `Existing`) is *tracked*: it stands for every
    object that ever exists, not for a slot. Several of them stand for objects that exist at the same time. The formula
    is about the run from the first position at which all of them exist. Other variables have one binding for each value
    of their domain, and without tracked ones the formula is about the whole run.
    """

    variables: tuple[Binding, ...]
    formula: Formula


Atom: TypeAlias = StateAtom | StepAtom


def atoms(formula: Formula) -> Iterator[Atom]:
    """The conditions of a formula, left to right."""
    pending = [formula]
    while pending:
        found = pending.pop()
        match found:
            case StateAtom() | StepAtom():
                yield found
            case Gone():
                pass
            case Not(operand) | Next(operand) | Always(operand) | Eventually(operand):
                pending.append(operand)
            case And(operands) | Or(operands):
                pending.extend(reversed(operands))
            case Implies(left, right) | Iff(left, right) | Until(left, right) | LeadsTo(left, right):
                pending.extend((right, left))
            case _:
                assert_never(found)


def condition(atom: Atom) -> Expr:
    """What an atom says of the values for which a quantifier is written out."""
    expression = atom.expression
    while isinstance(expression, Let) and isinstance(expression.value, Literal):
        expression = expression.body
    return expression
