"""The atoms of formulas by number, and the formulas over those numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Final, TypeAlias, assert_never

from kspec.explore.temporal.automata import formula as ltl
from kspec.system import temporal
from kspec.system.expressions import Expr, Local
from kspec.system.sorts import Value
from kspec.system.temporal import Gone, StateAtom, StepAtom

MOST_ATOMS: Final = 64
"""A letter is one number of 64 bits."""

Values: TypeAlias = tuple[tuple[Local, Value], ...]
"""What the variables at the head of a formula stand for."""

Atom: TypeAlias = StateAtom | StepAtom | Gone


class TooMany(Exception):
    """Formulas have more of something than is followed at once."""

    def __init__(self, count: int, what: str, most: int) -> None:
        super().__init__(f"{count} {what}, and at most {most} are followed at once")


@dataclass(frozen=True, slots=True)
class Bound:
    """A formula, and the values of its variables."""

    formula: temporal.Formula
    values: Values


@dataclass(frozen=True, slots=True)
class Group:
    """Atoms that are asked for together: the bits from `first` on."""

    first: int
    expressions: tuple[Expr, ...]
    values: Values
    alive: tuple[Local, ...]


_Key: TypeAlias = tuple[type, Expr | None, frozenset[Local], Values]


class Atoms:
    """Atoms that ask the same of the same objects have one number; those that are asked for together stand together."""

    def __init__(self, formulas: Iterable[Bound]) -> None:
        self._groups: dict[tuple[type, frozenset[Local], Values], list[Expr]] = {}
        self.gone: dict[Local, int] = {}
        """The bit of the atom which says that an object is gone."""
        seen: dict[_Key, None] = {}
        gone: dict[Local, None] = {}
        for bound in formulas:
            for part in _postorder(bound.formula):
                if isinstance(part, Gone):
                    gone[part.local] = None
                elif isinstance(part, StateAtom | StepAtom):
                    seen[_key(part, bound.values)] = None
        for of, expression, about, values in seen:
            assert expression is not None
            self._groups.setdefault((of, about, values), []).append(expression)
        self._numbers: dict[_Key, int] = {}
        for (of, about, values), expressions in self._groups.items():
            for expression in expressions:
                self._numbers[of, expression, about, values] = len(self._numbers)
        for local in gone:
            self.gone[local] = 1 << len(self._numbers) + len(self.gone)
        self.count = len(self._numbers) + len(self.gone)
        if self.count > MOST_ATOMS:
            raise TooMany(self.count, "different conditions", MOST_ATOMS)

    @property
    def groups_about_states(self) -> list[Group]:
        return list(self._of(StateAtom))

    @property
    def groups_about_steps(self) -> list[Group]:
        return list(self._of(StepAtom))

    @property
    def about_steps(self) -> int:
        """The atoms about steps, as bits."""
        return sum(1 << number for (of, *_), number in self._numbers.items() if of is StepAtom)

    @property
    def about(self) -> dict[Local, int]:
        """The atoms that mention a tracked object, as bits."""
        found: dict[Local, int] = {}
        for (_, _, about, _), number in self._numbers.items():
            for local in about:
                found[local] = found.get(local, 0) | 1 << number
        return found

    def formula(self, bound: Bound) -> ltl.Formula:
        """The formula over the numbers of its atoms."""
        made: dict[int, ltl.Formula] = {}
        for part in _postorder(bound.formula):
            if id(part) not in made:
                made[id(part)] = self._made(part, [made[id(operand)] for operand in operands(part)], bound.values)
        return made[id(bound.formula)]

    def _made(self, part: temporal.Formula, made: Sequence[ltl.Formula], values: Values) -> ltl.Formula:
        match part:
            case StateAtom() | StepAtom():
                return ltl.Atom(self._numbers[_key(part, values)])
            case Gone(local):
                return ltl.Atom(self.gone[local].bit_length() - 1)
            case temporal.Not():
                return ltl.Not(made[0])
            case temporal.And():
                return conjunction(made)
            case temporal.Or():
                return ltl.Not(conjunction([ltl.Not(operand) for operand in made]))
            case temporal.Implies():
                return ltl.implies(made[0], made[1])
            case temporal.Iff():
                return ltl.iff(made[0], made[1])
            case temporal.Next():
                return ltl.Next(made[0])
            case temporal.Always():
                return ltl.always(made[0])
            case temporal.Eventually():
                return ltl.eventually(made[0])
            case temporal.Until():
                return ltl.Until(made[0], made[1])
            case temporal.LeadsTo():
                return ltl.leads_to(made[0], made[1])
            case _:
                assert_never(part)

    def _of(self, kind: type) -> Iterator[Group]:
        for (of, about, values), expressions in self._groups.items():
            if of is kind:
                alive = tuple(local for local, _ in values if local in about)
                first = self._numbers[of, expressions[0], about, values]
                yield Group(first, tuple(expressions), values, alive)


def conjunction(formulas: Sequence[ltl.Formula]) -> ltl.Formula:
    return reduce(ltl.And, formulas) if formulas else ltl.TRUE


def operands(formula: temporal.Formula) -> tuple[temporal.Formula, ...]:
    match formula:
        case StateAtom() | StepAtom() | Gone():
            return ()
        case temporal.Not(operand) | temporal.Next(operand) | temporal.Always(operand) | temporal.Eventually(operand):
            return (operand,)
        case temporal.And(several) | temporal.Or(several):
            return several
        case (
            temporal.Implies(left, right)
            | temporal.Iff(left, right)
            | temporal.Until(left, right)
            | temporal.LeadsTo(left, right)
        ):
            return (left, right)
        case _:
            assert_never(formula)


def _postorder(formula: temporal.Formula) -> Iterator[temporal.Formula]:
    """Each part after its operands; formulas may be nested too deeply for recursion."""
    waiting = [(formula, False)]
    while waiting:
        part, is_open = waiting.pop()
        if is_open:
            yield part
        else:
            waiting.append((part, True))
            waiting.extend((operand, False) for operand in reversed(operands(part)))


def _key(atom: StateAtom | StepAtom, values: Values) -> _Key:
    return type(atom), atom.expression, atom.about, values
