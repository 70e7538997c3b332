"""Formulas about runs as text of the language, and why one is false of a lasso."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import assert_never

from kspec.evaluate.formulas import Reading, parts
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
    Until,
)
from kspec.system.wording import Level
from kspec.trace.show import Locals, Printer


class FormulaPrinter:
    """Writes a formula and its parts. `known`: what to write for its variables."""

    def __init__(self, printer: Printer, known: Locals, formula: Formula) -> None:
        self._printer = printer
        self._known = known
        self._written: dict[int, tuple[str, Level]] = {}
        for part in parts(formula):
            self._written[id(part)] = self._write(part)

    def show(self, part: Formula) -> str:
        return self._written[id(part)][0]

    def _at(self, part: Formula, level: Level) -> str:
        """The text of an operand, in parentheses where it binds less tightly than `level`."""
        text, own = self._written[id(part)]
        return text if own >= level else f"({text})"

    def _write(self, part: Formula) -> tuple[str, Level]:
        """Of a part whose operands are written."""
        match part:
            case StateAtom(expression) | StepAtom(expression):
                text = self._printer.show(expression, self._known)
                is_word = self._printer.operand(expression, self._known, Level.NOT) == text
                return text, Level.NOT if is_word else Level.OPEN
            case Gone(local):
                return f"gone({self._known.get(local.id, local.name)})", Level.ATOM
            case Not(operand):
                return f"not {self._at(operand, Level.NOT)}", Level.NOT
            case Next(operand):
                return f"next {self._at(operand, Level.NOT)}", Level.NOT
            case Always(operand):
                return f"always {self._at(operand, Level.NOT)}", Level.NOT
            case Eventually(operand):
                return f"eventually {self._at(operand, Level.NOT)}", Level.NOT
            case And(operands):
                return self._chain("and", operands, "true", Level.AND)
            case Or(operands):
                return self._chain("or", operands, "false", Level.OR)
            case Implies(left, right):
                return f"{self._at(left, Level.OR)} implies {self._at(right, Level.OR)}", Level.IMPLIES
            case Iff(left, right):
                return f"{self._at(left, Level.OR)} iff {self._at(right, Level.OR)}", Level.IMPLIES
            case Until(left, right):
                return f"{self._at(left, Level.IMPLIES)} until {self._at(right, Level.IMPLIES)}", Level.OPEN
            case LeadsTo(left, right):
                return f"{self._at(left, Level.IMPLIES)} leads to {self._at(right, Level.IMPLIES)}", Level.OPEN
            case _:
                assert_never(part)

    def _chain(self, word: str, operands: tuple[Formula, ...], empty: str, level: Level) -> tuple[str, Level]:
        match operands:
            case ():
                return empty, Level.ATOM
            case (only,):
                return self._written[id(only)]
            case _:
                return f" {word} ".join(self._at(operand, Level(level + 1)) for operand in operands), level


@dataclass(frozen=True, slots=True)
class Fact:
    """A part of a formula is true or false at position `since` of a run; if `lasting`, at all from there on."""

    part: Formula
    value: bool
    since: int
    lasting: bool = False


@dataclass(frozen=True, slots=True)
class _Question:
    """Why a part has the value that it has at a place."""

    part: Formula
    at: int


def facts(reading: Reading) -> tuple[Fact, ...]:
    """What together makes the formula of a reading false, in the order of its text."""
    found: list[Fact] = []
    open_questions = [_Question(reading.formula, 0)]
    while open_questions:
        question = open_questions.pop()
        settled, questions = _answer(reading, question)
        if not questions and not settled:
            settled = (_fact(reading, question.part, question.at),)
        found.extend(settled)
        open_questions.extend(reversed(questions))
    return tuple(dict.fromkeys(found))


def _answer(reading: Reading, question: _Question) -> tuple[tuple[Fact, ...], tuple[_Question, ...]]:
    """Facts, and what they leave to be asked. Neither where the value of the part is as plain as it gets."""
    part, at = question.part, question.at
    value = reading.holds(part, at)
    match part:
        case StateAtom() | StepAtom() | Gone():
            return (), ()
        case Not(operand):
            return (), (_Question(operand, at),)
        case Next(operand):
            return (), (_Question(operand, reading.next(at)),)
        case Always(operand) | Eventually(operand):
            return _over_time(reading, operand, at, isinstance(part, Always), value)
        case And(operands) | Or(operands):
            decisive = [operand for operand in operands if reading.holds(operand, at) is value]
            all_count = isinstance(part, And) is value
            return (), tuple(_Question(operand, at) for operand in (decisive if all_count else decisive[:1]))
        case Implies(left, right):
            if not value:
                return (), (_Question(left, at), _Question(right, at))
            return (), (_Question(right if reading.holds(right, at) else left, at),)
        case Iff(left, right):
            return (), (_Question(left, at), _Question(right, at))
        case LeadsTo(left, right):
            return _leads_to(reading, left, right, at, value)
        case Until(left, right):
            return _until(reading, left, right, at, value)
        case _:
            assert_never(part)


def _over_time(
    reading: Reading, operand: Formula, at: int, always: bool, value: bool
) -> tuple[tuple[Fact, ...], tuple[_Question, ...]]:
    if always is value:  # `always` that is true, `eventually` that is false
        return (_fact(reading, operand, at, lasting=True),), ()
    place = _first(reading, at, lambda place: reading.holds(operand, place) is value)
    return (), (_Question(operand, place),)


def _leads_to(
    reading: Reading, left: Formula, right: Formula, at: int, value: bool
) -> tuple[tuple[Fact, ...], tuple[_Question, ...]]:
    if value:
        return (), ()

    def unanswered(place: int) -> bool:
        return reading.holds(left, place) and not any(
            reading.holds(right, later) for later in reading.places_from(place)
        )

    place = _first(reading, at, unanswered)
    fact = _fact(reading, right, place, lasting=True)
    if isinstance(left, Always):
        return (_fact(reading, left.operand, place, lasting=True), fact), ()
    return (_fact(reading, left, place), fact), ()


def _until(
    reading: Reading, left: Formula, right: Formula, at: int, value: bool
) -> tuple[tuple[Fact, ...], tuple[_Question, ...]]:
    if value:
        return (), (_Question(right, _first(reading, at, lambda place: reading.holds(right, place))),)
    if not any(reading.holds(right, place) for place in reading.places_from(at)):
        return (_fact(reading, right, at, lasting=True),), ()
    broken = _first(reading, at, lambda place: not reading.holds(left, place))
    return (_fact(reading, right, broken),), (_Question(left, broken),)


def _first(reading: Reading, at: int, wanted: Callable[[int], bool]) -> int:
    return next(place for place in reading.places_from(at) if wanted(place))


def _fact(reading: Reading, part: Formula, at: int, *, lasting: bool = False) -> Fact:
    return Fact(part, reading.holds(part, at), reading.places[at].position, lasting)
