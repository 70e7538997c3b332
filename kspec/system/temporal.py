"""Formulas about runs: linear temporal logic over atoms about one position of a run.

A position is a state and the step that is taken from it; where a run has stopped, its last state repeats for ever and
no step is taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from kspec.system.expressions import Binding, Expr, Local
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
