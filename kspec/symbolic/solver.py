"""The one door to Z3: typed terms, their constructors, and solvers.

Z3 is imported when the first term is made, never by importing this module. Nothing outside this file calls Z3.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Sequence
from enum import Enum
from functools import cache
from types import ModuleType
from typing import Any, TypeAlias


class BoolTerm:
    """A Boolean term."""

    __slots__ = ("handle",)

    def __init__(self, handle: Any) -> None:
        self.handle = handle


class NumberTerm:
    """A bit-vector term (`width` bits, signed) or an integer term (`width` 0)."""

    __slots__ = ("handle", "width")

    def __init__(self, handle: Any, width: int) -> None:
        self.handle = handle
        self.width = width


Bit: TypeAlias = bool | BoolTerm
"""A truth value: known, or a term."""

Number: TypeAlias = int | NumberTerm
"""A number: known, or a term."""

Term: TypeAlias = BoolTerm | NumberTerm


@cache
def _z3() -> ModuleType:
    return importlib.import_module("z3")


@cache
def _context() -> Any:
    return _z3().main_ctx()


# --- Boolean terms ---------------------------------------------------------------------------------------------------


def bool_variable(name: str) -> BoolTerm:
    return BoolTerm(_z3().Bool(name))


def negate(operand: Bit) -> Bit:
    if isinstance(operand, bool):
        return not operand
    z3 = _z3()
    if z3.is_not(operand.handle):
        return BoolTerm(operand.handle.arg(0))
    return BoolTerm(z3.BoolRef(z3.Z3_mk_not(_context().ref(), operand.handle.ast), _context()))


def conjunction(operands: Iterable[Bit]) -> Bit:
    terms: list[BoolTerm] = []
    for operand in operands:
        if operand is False:
            return False
        if isinstance(operand, BoolTerm):
            terms.append(operand)
    return _joined("Z3_mk_and", terms) if terms else True


def disjunction(operands: Iterable[Bit]) -> Bit:
    terms: list[BoolTerm] = []
    for operand in operands:
        if operand is True:
            return True
        if isinstance(operand, BoolTerm):
            terms.append(operand)
    return _joined("Z3_mk_or", terms) if terms else False


def _joined(constructor: str, terms: list[BoolTerm]) -> BoolTerm:
    if len(terms) == 1:
        return terms[0]
    # The C interface, because the Python operators of Z3 check and coerce every operand again.
    z3, context = _z3(), _context()
    array = (z3.Ast * len(terms))(*[term.handle.ast for term in terms])
    return BoolTerm(z3.BoolRef(getattr(z3, constructor)(context.ref(), len(terms), array), context))


def both(left: Bit, right: Bit) -> Bit:
    return conjunction((left, right))


def either(left: Bit, right: Bit) -> Bit:
    return disjunction((left, right))


def implies(left: Bit, right: Bit) -> Bit:
    return disjunction((negate(left), right))


def iff(left: Bit, right: Bit) -> Bit:
    if isinstance(left, bool):
        return right if left else negate(right)
    if isinstance(right, bool):
        return left if right else negate(left)
    return _same(left, right)


def choose_bit(condition: Bit, then: Bit, otherwise: Bit) -> Bit:
    if isinstance(condition, bool):
        return then if condition else otherwise
    if isinstance(then, bool):
        return either(condition, otherwise) if then else both(negate(condition), otherwise)
    if isinstance(otherwise, bool):
        return either(negate(condition), then) if otherwise else both(condition, then)
    return then if then.handle.eq(otherwise.handle) else BoolTerm(_if_then_else(condition, then, otherwise))


def _same(left: Term, right: Term) -> Bit:
    if left.handle.eq(right.handle):
        return True
    z3, context = _z3(), _context()
    return BoolTerm(z3.BoolRef(z3.Z3_mk_eq(context.ref(), left.handle.ast, right.handle.ast), context))


def _if_then_else(condition: BoolTerm, then: Term, otherwise: Term) -> Any:
    z3, context = _z3(), _context()
    handle = z3.Z3_mk_ite(context.ref(), condition.handle.ast, then.handle.ast, otherwise.handle.ast)
    return z3.z3._to_expr_ref(handle, context)


# --- number terms: both sides have one width -------------------------------------------------------------------------


def number_variable(name: str, width: int) -> NumberTerm:
    return NumberTerm(_z3().BitVec(name, width) if width else _z3().Int(name), width)


def number_literal(value: int, width: int) -> NumberTerm:
    return NumberTerm(_z3().BitVecVal(value, width) if width else _z3().IntVal(value), width)


def resized(term: NumberTerm, width: int) -> NumberTerm:
    """The bit-vector with its sign repeated in front, or with its leading bits cut off."""
    if width > term.width:
        return NumberTerm(_z3().SignExt(width - term.width, term.handle), width)
    if width < term.width:
        return NumberTerm(_z3().Extract(width - 1, 0, term.handle), width)
    return term


def same_number(left: NumberTerm, right: NumberTerm) -> Bit:
    return _same(left, right)


def choose_number(condition: BoolTerm, then: NumberTerm, otherwise: NumberTerm) -> NumberTerm:
    if then.handle.eq(otherwise.handle):
        return then
    return NumberTerm(_if_then_else(condition, then, otherwise), then.width)


def less(left: NumberTerm, right: NumberTerm) -> Bit:
    return BoolTerm(left.handle < right.handle)


def at_most(left: NumberTerm, right: NumberTerm) -> Bit:
    return BoolTerm(left.handle <= right.handle)


def plus(left: NumberTerm, right: NumberTerm) -> NumberTerm:
    return NumberTerm(left.handle + right.handle, left.width)


def minus(left: NumberTerm, right: NumberTerm) -> NumberTerm:
    return NumberTerm(left.handle - right.handle, left.width)


def times(left: NumberTerm, right: NumberTerm) -> NumberTerm:
    return NumberTerm(left.handle * right.handle, left.width)


def quotient(left: NumberTerm, right: NumberTerm) -> NumberTerm:
    """Of bit-vectors rounded towards zero; of integers as SMT-LIB says, with a remainder that is never negative."""
    return NumberTerm(left.handle / right.handle, left.width)


def integer_modulo(left: NumberTerm, right: NumberTerm) -> NumberTerm:
    """Of integers: the remainder is never negative."""
    return NumberTerm(left.handle % right.handle, 0)


def word_modulo(left: NumberTerm, right: NumberTerm) -> NumberTerm:
    """Of bit-vectors (`bvsmod`): the sign is the divisor's."""
    return NumberTerm(left.handle % right.handle, left.width)


# --- quantifiers and substitution ------------------------------------------------------------------------------------


def for_all(variables: Sequence[Term], body: Bit) -> Bit:
    if isinstance(body, bool):
        return body
    return BoolTerm(_z3().ForAll([variable.handle for variable in variables], body.handle))


def there_is(variables: Sequence[Term], body: Bit) -> Bit:
    return negate(for_all(variables, negate(body)))


class Substitution:
    """Replaces variables by variables of the same sorts."""

    def __init__(self, pairs: Iterable[tuple[Term, Term]]) -> None:
        self._pairs = [(old.handle, new.handle) for old, new in pairs]

    def __call__(self, bit: Bit) -> Bit:
        return bit if isinstance(bit, bool) else BoolTerm(_z3().substitute(bit.handle, *self._pairs))


# --- solvers ---------------------------------------------------------------------------------------------------------


class Answer(Enum):
    SAT = "sat"
    UNSAT = "unsat"
    UNKNOWN = "unknown"


class Assignment:
    """What a satisfiable query gave every variable."""

    def __init__(self, model: Any) -> None:
        self._model = model

    def bit(self, bit: Bit) -> bool:
        return bit if isinstance(bit, bool) else bool(_z3().is_true(self._model.eval(bit.handle, True)))

    def number(self, number: Number) -> int:
        if isinstance(number, int):
            return number
        value = self._model.eval(number.handle, True)
        return int(value.as_signed_long() if number.width else value.as_long())


_NO_TIMEOUT = 4_294_967_295
"""Milliseconds: what Z3 takes for none."""


class Solver:
    """An incremental solver. `finite`: every assertion will be over Booleans and bit-vectors, without quantifiers."""

    def __init__(self, *, finite: bool) -> None:
        z3 = _z3()
        self._solver = z3.SolverFor("QF_FD") if finite else z3.Solver()
        self._model: Any = None

    def add(self, bit: Bit) -> None:
        self._solver.add(bit if isinstance(bit, bool) else bit.handle)

    def push(self) -> None:
        self._solver.push()

    def pop(self) -> None:
        self._solver.pop()

    def check(self, *, rlimit: int | None = None, milliseconds: int | None = None) -> Answer:
        """`rlimit` bounds the work in units that do not depend on the machine."""
        z3 = _z3()
        self._solver.set("rlimit", rlimit or 0)
        self._solver.set("timeout", _NO_TIMEOUT if milliseconds is None else max(1, milliseconds))
        answer = self._solver.check()
        if answer == z3.sat:
            self._model = self._solver.model()
            return Answer.SAT
        if answer == z3.unsat:
            return Answer.UNSAT
        if "interrupted" in self._solver.reason_unknown():
            raise KeyboardInterrupt  # Z3 takes the signal for itself
        return Answer.UNKNOWN

    def assignment(self) -> Assignment:
        """Of the last check that was satisfiable."""
        return Assignment(self._model)

    def reason_unknown(self) -> str:
        """Why the last check was undecided, in a few words."""
        reason = str(self._solver.reason_unknown())
        return "limit of work" if "canceled" in reason or "resource limit" in reason else reason
