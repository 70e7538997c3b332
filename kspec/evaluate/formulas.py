"""What formulas about runs mean on a lasso, by definition.

A formula is about the run from some position on, with values of its variables: an *instance*. Which tracked objects are
gone belongs to a place of the run just as its state does. From some round of the loop on nothing more goes, so that the
places are a lasso again, and each part of the formula is worked out place by place along it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias, assert_never

from kspec.evaluate.errors import NoneUnwrapped
from kspec.evaluate.evaluator import Evaluator
from kspec.evaluate.lasso import Lasso
from kspec.evaluate.run import State
from kspec.evaluate.values import in_order
from kspec.system.expressions import TRUE, Binding, Existing, Local, SetComprehension
from kspec.system.sorts import ObjectSort, SetSort, Value
from kspec.system.system import ALIVE
from kspec.system.temporal import (
    Always,
    And,
    Eventually,
    Formula,
    Gone,
    Iff,
    Implies,
    LeadsTo,
    Next,
    Not,
    Or,
    StateAtom,
    StepAtom,
    Temporal,
    Until,
)

Values: TypeAlias = dict[Local, Value]
Truth: TypeAlias = Sequence[bool]
"""Of a part of a formula: whether it is true, by place."""


@dataclass(frozen=True, slots=True)
class Place:
    """A position of the lasso, and the tracked variables whose objects are gone there."""

    position: int
    gone: frozenset[Local]


@dataclass(frozen=True, slots=True)
class Instance:
    """A formula with values of its variables, about the run from position `start` on."""

    values: Values
    tracked: frozenset[Local]
    start: int


def instances(evaluator: Evaluator, lasso: Lasso, temporal: Temporal) -> Iterator[Instance]:
    """All that a formula says of a lasso, in the order of its variables' values: without tracked variables, of the
    whole run; with them, from each position on at which the objects begin to exist together."""
    tracked = {of.local: of.domain.kind for of in temporal.variables if isinstance(of.domain, Existing)}
    for values in _all_values(evaluator, lasso.run.initial, temporal.variables, {}):
        together = [
            all(_is_alive(evaluator, kind, values[local], state) for local, kind in tracked.items())
            for state in lasso.states
        ]
        for start in range(len(together)):
            if together[start] and not _went_before(lasso, start, together):
                yield Instance(values, frozenset(tracked), start)


def _went_before(lasso: Lasso, start: int, together: Truth) -> bool:
    """Whether wherever a run comes from to a position, the objects exist already: then others begin there."""
    before = [start - 1] if start > 0 else []
    if start == lasso.loop and not lasso.stops:
        before.append(len(together) - 1)
    if start == 0:
        return False
    return all(together[position] for position in before)


def _all_values(evaluator: Evaluator, state: State, variables: tuple[Binding, ...], known: Values) -> Iterator[Values]:
    if not variables:
        yield known
        return
    first, *rest = variables
    for value in _values_of(evaluator, state, first, known):
        yield from _all_values(evaluator, state, tuple(rest), {**known, first.local: value})


def _values_of(evaluator: Evaluator, state: State, variable: Binding, known: Values) -> Sequence[Value]:
    if isinstance(variable.domain, Existing):
        return range(variable.domain.kind.slots)
    values = evaluator.state_value(SetComprehension(variable, TRUE, SetSort(variable.local.sort)), state, known)
    assert isinstance(values, frozenset)
    return in_order(values)


def _is_alive(evaluator: Evaluator, kind: ObjectSort, slot: Value, state: State) -> bool:
    base = evaluator.layout.status_base(kind.kind)
    assert isinstance(slot, int)
    return base is None or state[base + slot] == ALIVE


class Reading:
    """A formula read along a lasso for one instance: where each of its parts is true.

    `places`: of the run from the start on, until it repeats; behind the last one it goes on at place `back`.
    """

    def __init__(self, evaluator: Evaluator, lasso: Lasso, formula: Formula, instance: Instance) -> None:
        self._evaluator = evaluator
        self._lasso = lasso
        self.instance = instance
        self.formula = formula
        self.places, self.back = self._course()
        self._truths: dict[int, Truth] = {}
        for part in parts(formula):
            self._truths[id(part)] = self._truth(part)

    def holds(self, part: Formula | None = None, at: int = 0) -> bool:
        """Whether a part of the formula (None: all of it) is true at a place. Its atoms were all evaluated: what fails
        raised EvaluationError when the reading was made."""
        return self._truths[id(self.formula if part is None else part)][at]

    def next(self, at: int) -> int:
        return at + 1 if at + 1 < len(self.places) else self.back

    def places_from(self, at: int) -> tuple[int, ...]:
        """The places that the run comes to from one on, that one included, in its order."""
        return (*range(at, len(self.places)), *range(self.back, at))

    def _course(self) -> tuple[tuple[Place, ...], int]:
        """Place after place, up to one that was there before."""
        place = Place(self.instance.start, frozenset())
        found: dict[Place, int] = {}
        while place not in found:
            found[place] = len(found)
            place = self._after(place)
        return tuple(found), found[place]

    def _after(self, place: Place) -> Place:
        position = place.position + 1
        if position == len(self._lasso.states):
            position = self._lasso.loop
        state = self._lasso.states[position]
        went = (local for local in self.instance.tracked if not self._is_there(local, state))
        return Place(position, place.gone.union(went))

    def _is_there(self, local: Local, state: State) -> bool:
        assert isinstance(local.sort, ObjectSort)
        return _is_alive(self._evaluator, local.sort, self.instance.values[local], state)

    # --- the parts of the formula ------------------------------------------------------------------------------------

    def _truth(self, part: Formula) -> Truth:
        """Of a part whose operands are known."""
        match part:
            case StateAtom() | StepAtom() | Gone():
                return [self._atom(part, place) for place in self.places]
            case Not(operand):
                return _pointwise(lambda value: not value, self._known(operand))
            case And(operands):
                return [all(values) for values in self._columns(operands)]
            case Or(operands):
                return [any(values) for values in self._columns(operands)]
            case Implies(left, right):
                return _pointwise(lambda one, other: not one or other, self._known(left), self._known(right))
            case Iff(left, right):
                return _pointwise(lambda one, other: one == other, self._known(left), self._known(right))
            case Next(operand):
                return [self._known(operand)[self.next(at)] for at in range(len(self.places))]
            case Eventually(operand):
                return self._eventually(self._known(operand))
            case Always(operand):
                return self._always(self._known(operand))
            case Until(left, right):
                return self._until(self._known(left), self._known(right))
            case LeadsTo(left, right):
                answered = self._eventually(self._known(right))
                return self._always(_pointwise(lambda one, other: not one or other, self._known(left), answered))
            case _:
                assert_never(part)

    def _known(self, part: Formula) -> Truth:
        return self._truths[id(part)]

    def _columns(self, operands: tuple[Formula, ...]) -> list[list[bool]]:
        """Of several parts: what they are at each place."""
        return [[self._known(operand)[at] for operand in operands] for at in range(len(self.places))]

    def _until(self, left: Truth, right: Truth) -> Truth:
        """The least solution of: true where `right` is, or where `left` is and it is true at the next place."""
        found = list(right)
        changing = True
        while changing:
            now = [found[at] or (left[at] and found[self.next(at)]) for at in range(len(found))]
            changing, found = now != found, now
        return found

    def _eventually(self, operand: Truth) -> Truth:
        return self._until([True] * len(operand), operand)

    def _always(self, operand: Truth) -> Truth:
        return _pointwise(lambda value: not value, self._eventually(_pointwise(lambda value: not value, operand)))

    def _atom(self, atom: StateAtom | StepAtom | Gone, place: Place) -> bool:
        if isinstance(atom, Gone):
            return atom.local in place.gone
        if atom.about & place.gone:
            return False
        try:
            return self._value(atom, place.position) is True
        except NoneUnwrapped:  # a condition in another atom excludes this; see `NoneUnwrapped`
            return False

    def _value(self, atom: StateAtom | StepAtom, position: int) -> Value:
        state, values = self._lasso.states[position], self.instance.values
        if isinstance(atom, StateAtom):
            return self._evaluator.state_value(atom.expression, state, values)
        moves = self._lasso.run.moves
        if position == len(moves):
            return False
        move = moves[position]
        assert move.state is not None
        action = self._evaluator.system.transitions[move.taken.transition].action
        return self._evaluator.step_value(atom.expression, state, move.state, action, values)


def _pointwise(combine: Callable[..., bool], *truths: Truth) -> Truth:
    return [combine(*values) for values in zip(*truths, strict=True)]


def operands(part: Formula) -> tuple[Formula, ...]:
    match part:
        case StateAtom() | StepAtom() | Gone():
            return ()
        case Not(operand) | Next(operand) | Always(operand) | Eventually(operand):
            return (operand,)
        case And(several) | Or(several):
            return several
        case Implies(left, right) | Iff(left, right) | Until(left, right) | LeadsTo(left, right):
            return (left, right)
        case _:
            assert_never(part)


def parts(formula: Formula) -> list[Formula]:
    """A formula and all parts of it, each behind its operands. Formulas may be nested more deeply than calls."""
    found, waiting = list[Formula](), [formula]
    while waiting:
        part = waiting.pop()
        found.append(part)
        waiting.extend(operands(part))
    found.reverse()
    return found


def falsified(evaluator: Evaluator, lasso: Lasso, temporal: Temporal) -> Reading | None:
    """What shows that a formula is false of a lasso: its first instance that is. None where it is true.

    Raises EvaluationError where an atom fails.
    """
    for instance in instances(evaluator, lasso, temporal):
        reading = Reading(evaluator, lasso, temporal.formula, instance)
        if not reading.holds():
            return reading
    return None
