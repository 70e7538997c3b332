"""Expressions as terms, together with when they fail.

Evaluation order is part of the meaning: what fails first decides, and what is not evaluated cannot fail. The encoder
therefore keeps a path, the conditions under which evaluation comes to where it is, and notes each failure with it.
Values where evaluation does not come, or behind a failure, may be anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import product
from math import prod
from typing import Protocol, TypeAlias, assert_never

from kspec.symbolic import solver
from kspec.symbolic.collections import Collection, encode_collection
from kspec.symbolic.quantifiers import encode_aggregate, encode_quantifier
from kspec.symbolic.solver import Bit, Number
from kspec.symbolic.states import Layout, SymbolicState
from kspec.symbolic.values import (
    OptionValue,
    SymbolicValue,
    as_bit,
    as_number,
    as_option,
    domain,
    literal,
)
from kspec.system.expressions import (
    Aggregate,
    And,
    Arithmetic,
    By,
    Compare,
    Enabled,
    Equal,
    Expr,
    FailureKind,
    Fits,
    If,
    Implies,
    IsAlive,
    Let,
    Literal,
    Lookup,
    Moment,
    Not,
    Operator,
    Or,
    Quantifier,
    Read,
    Require,
    Unwrap,
    Use,
    Writes,
)
from kspec.system.sorts import ObjectSort, Sort, Value, zero

Condition: TypeAlias = Not | And | Or | Implies | Equal | Compare | Quantifier | Fits

Plain: TypeAlias = Literal | Use | Let | If | Unwrap | Require | Arithmetic | Aggregate


class StepAtoms(Protocol):
    """What an expression about a step asks about the step itself."""

    def by(self, actions: frozenset[int]) -> Bit:
        """Whether one of the actions is taken."""

    def enabled(self, state: SymbolicState, action: int, instance: SymbolicValue | None) -> Bit:
        """Whether some binding of the action leads to a different state."""


class Failures:
    """The failures of an evaluation, in its order. Conditions may overlap: the first that holds is what happens.

    Those of bindings have no order: the least kind is what happens.
    """

    def __init__(self) -> None:
        self._noted: list[tuple[FailureKind, Bit]] = []

    def note(self, kind: FailureKind, condition: Bit) -> None:
        if condition is not False:
            self._noted.append((kind, condition))

    def note_all(self, bindings: Sequence[Failures]) -> None:
        """Notes the failures of bindings that are all evaluated, before anything else is."""
        for kind in FailureKind:
            self.note(kind, solver.disjunction(failures.first(kind) for failures in bindings))

    def some(self) -> Bit:
        return solver.disjunction(condition for _, condition in self._noted)

    def first(self, kind: FailureKind) -> Bit:
        """Whether the first failure is of the kind."""
        found: list[Bit] = []
        earlier: list[Bit] = []
        for noted, condition in self._noted:
            if noted is kind:
                found.append(solver.conjunction((condition, *map(solver.negate, earlier))))
            else:
                earlier.append(condition)
        return solver.disjunction(found)


class Encoder:
    """Encodes expressions over one state, or over a step from `old` to `new`."""

    def __init__(
        self,
        layout: Layout,
        new: SymbolicState,
        old: SymbolicState | None = None,
        atoms: StepAtoms | None = None,
    ) -> None:
        self.layout = layout
        self.values = layout.values
        self.numbers = layout.numbers
        self.locals: dict[int, SymbolicValue] = {}
        self.path: list[Bit] = []
        self.failures = Failures()
        self._new = new
        self._old = old
        self._atoms = atoms

    def fork(self) -> Encoder:
        """An encoder that goes on from here on its own, its failures apart."""
        other = Encoder(self.layout, self._new, self._old, self._atoms)
        other.locals = dict(self.locals)
        other.path = list(self.path)
        return other

    @contextmanager
    def every_binding(self) -> Iterator[Callable[[], None]]:
        """Encodes what is evaluated for every binding of a variable; what this gives is called before each one."""
        outer, bindings = self.failures, list[Failures]()

        def next_binding() -> None:
            self.failures = Failures()
            bindings.append(self.failures)

        yield next_binding
        self.failures = outer
        outer.note_all(bindings)

    def state(self, moment: Moment) -> SymbolicState:
        if moment is Moment.NEW:
            return self._new
        assert self._old is not None, "an expression about a step was given one state"
        return self._old

    def fail_unless(self, condition: Bit, kind: FailureKind) -> None:
        if condition is not True:
            self.failures.note(kind, solver.conjunction((*self.path, solver.negate(condition))))

    def under(self, condition: Bit, expr: Expr) -> SymbolicValue:
        """The value of an expression that is evaluated only where `condition` holds."""
        self.path.append(condition)
        value = self.encode(expr)
        self.path.pop()
        return value

    def bit(self, expr: Expr) -> Bit:
        return as_bit(self.encode(expr))

    def bit_under(self, condition: Bit, expr: Expr) -> Bit:
        return as_bit(self.under(condition, expr))

    def number(self, expr: Expr) -> Number:
        return as_number(self.encode(expr))

    def encode(self, expr: Expr) -> SymbolicValue:
        self.layout.spend()
        match expr:
            case Not() | And() | Or() | Implies() | Equal() | Compare() | Quantifier() | Fits():
                return self._condition(expr)
            case Literal() | Use() | Let() | If() | Unwrap() | Require() | Arithmetic() | Aggregate():
                return self._value(expr)
            case Read() | IsAlive() | Lookup():
                return self._of_state(expr)
            case By() | Writes() | Enabled():
                return self._of_step(expr)
            case _:
                collection: Collection = expr
                return encode_collection(self, collection)

    def _condition(self, expr: Condition) -> Bit:
        match expr:
            case Not(operand):
                return solver.negate(self.bit(operand))
            case And(operands):
                return self._until(False, operands)
            case Or(operands):
                return self._until(True, operands)
            case Implies(left, right):
                condition = self.bit(left)
                return True if condition is False else solver.implies(condition, self.bit_under(condition, right))
            case Equal(left, right):
                return self.values.equal(self.encode(left), self.encode(right))
            case Compare(order, left, right):
                return self.numbers.compare(order, self.number(left), self.number(right))
            case Quantifier():
                return encode_quantifier(self, expr)
            case Fits(operand, stored):
                return self.values.belongs(self.encode(operand), stored)
            case _:
                assert_never(expr)

    def _value(self, expr: Plain) -> SymbolicValue:
        match expr:
            case Literal(value, sort):
                return literal(value, sort)
            case Use(local):
                return self.locals[local.id]
            case Let(local, value, body):
                self.locals[local.id] = self.encode(value)
                return self.encode(body)
            case If(condition, then, otherwise):
                return self._if(self.bit(condition), then, otherwise)
            case Unwrap(operand, sort):
                inner = as_option(self.encode(operand)).value
                return anything(sort) if inner is None else inner
            case Require(condition, body, kind):
                met = self.bit(condition)
                self.fail_unless(met, kind)
                return anything(expr.sort) if met is False else self.under(met, body)
            case Arithmetic():
                return self._arithmetic(expr)
            case Aggregate():
                return encode_aggregate(self, expr)
            case _:
                assert_never(expr)

    def _until(self, stop: bool, operands: Sequence[Expr]) -> Bit:
        """A conjunction (that stops at false) or disjunction (that stops at true)."""
        mark = len(self.path)
        bits: list[Bit] = []
        for operand in operands:
            bit = self.bit(operand)
            bits.append(bit)
            if bit is stop:
                break
            self.path.append(solver.negate(bit) if stop else bit)
        del self.path[mark:]
        return solver.disjunction(bits) if stop else solver.conjunction(bits)

    def _if(self, condition: Bit, then: Expr, otherwise: Expr) -> SymbolicValue:
        if isinstance(condition, bool):
            return self.encode(then if condition else otherwise)
        first = self.under(condition, then)
        second = self.under(solver.negate(condition), otherwise)
        return self.values.choose(condition, first, second)

    def _arithmetic(self, expr: Arithmetic) -> Number:
        left, right = self.number(expr.left), self.number(expr.right)
        if expr.operator in (Operator.DIVIDE, Operator.MODULO):
            self.fail_unless(solver.negate(self.numbers.equal(right, 0)), FailureKind.RANGES)
        return self.numbers.arithmetic(expr.operator, left, right, expr.sort)

    # --- state and objects ----------------------------------------------------------------------------------------

    def alive(self, value: SymbolicValue, sort: Sort, moment: Moment = Moment.NEW) -> Bit:
        """Whether an object is alive."""
        assert isinstance(sort, ObjectSort)
        state = self.state(moment)
        return solver.disjunction(
            solver.both(is_slot, self.layout.alive(state, sort.kind, slot))
            for slot, is_slot in self.values.matches(value, range(sort.slots), sort)
            if isinstance(slot, int)
        )

    def _of_state(self, expr: Read | IsAlive | Lookup) -> SymbolicValue:
        match expr:
            case Read():
                return self._read(expr)
            case IsAlive(operand, moment):
                return self.alive(self.encode(operand), operand.sort, moment)
            case Lookup():
                return self._lookup(expr)
            case _:
                assert_never(expr)

    def _read(self, expr: Read) -> SymbolicValue:
        index = [self.encode(part) for part in expr.index]
        if expr.needs_alive:
            alive = self.alive(index[0], expr.index[0].sort, expr.moment)
            self.fail_unless(alive, FailureKind.LIVE_REFERENCES)
        places = self.state(expr.moment).places[expr.variable]
        chosen = self.values.select(
            (condition, places[self.layout.place(expr.variable, position).number])
            for position, condition in self.positions(expr.variable, index)
        )
        return anything(expr.sort) if chosen is None else chosen

    def positions(self, variable: str, index: Sequence[SymbolicValue]) -> list[tuple[tuple[Value, ...], Bit]]:
        """The indexes that some symbolic ones may be, each with the condition that they are."""
        sorts = self.layout.variables[variable].index
        parts = [self.values.matches(v, domain(sort), sort) for v, sort in zip(index, sorts, strict=True)]
        self.layout.spend(prod(map(len, parts)))
        return [
            (tuple(value for value, _ in chosen), solver.conjunction(condition for _, condition in chosen))
            for chosen in product(*parts)
        ]

    def _lookup(self, expr: Lookup) -> OptionValue:
        keys = [self.encode(key) for key in expr.keys]
        state = self.state(expr.moment)
        found: list[tuple[Bit, SymbolicValue]] = []
        for slot in range(expr.kind.slots):
            values = (state.at(self.layout.place(variable, (slot,))) for variable in expr.variables)
            same = solver.conjunction(map(self.values.equal, values, keys))
            found.append((solver.both(self.layout.alive(state, expr.kind.kind, slot), same), slot))
        return OptionValue(solver.disjunction(condition for condition, _ in found), self.values.select(reversed(found)))

    # --- the step itself -------------------------------------------------------------------------------------------

    def _of_step(self, expr: By | Writes | Enabled) -> Bit:
        match expr:
            case Writes(kind, variables):
                return self._writes(kind, variables)
            case By(actions):
                return self._step().by(actions)
            case Enabled(action, instance, moment):
                fixed = None if instance is None else self.encode(instance)
                return self._step().enabled(self.state(moment), action, fixed)
            case _:
                assert_never(expr)

    def _step(self) -> StepAtoms:
        assert self._atoms is not None, "an expression about a step was given one state"
        return self._atoms

    def _writes(self, kind: ObjectSort, variables: tuple[str, ...]) -> Bit:
        old, new = self.state(Moment.OLD), self.state(Moment.NEW)

        def changed(slot: int) -> Bit:
            before = self.layout.alive(old, kind.kind, slot)
            after = self.layout.alive(new, kind.kind, slot)
            differs = solver.disjunction(
                solver.negate(self.values.equal(old.places[variable][slot], new.places[variable][slot]))
                for variable in variables
            )
            return solver.choose_bit(solver.both(before, after), differs, solver.either(before, after))

        return solver.disjunction(changed(slot) for slot in range(kind.slots))


def anything(sort: Sort) -> SymbolicValue:
    """A value for where evaluation does not come."""
    return literal(zero(sort), sort)
