"""Why a property is false at the end of a run: the smallest clause that is, for which objects, with its operands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from kspec.evaluate.errors import EvaluationError, NoneUnwrapped
from kspec.evaluate.values import in_order
from kspec.system import expressions as ex
from kspec.system.expressions import Expr, Local
from kspec.system.sorts import SetSort, Sort, Value
from kspec.system.wording import Level
from kspec.trace.describe import Named
from kspec.trace.names import Names
from kspec.trace.show import Locals, Printer
from kspec.trace.values import show_value

Ask: TypeAlias = Callable[[Expr], Value]
"""The value of an expression at the end of the run."""


@dataclass(frozen=True, slots=True)
class Blame:
    """`bindings`: the quantified variables with the values that make `clause` come out as `value`, which settles the
    property. `given`: conditions of the clause that are met. `operands`: the parts of the clause with their values."""

    bindings: tuple[Named, ...]
    given: tuple[str, ...]
    clause: str
    value: bool
    operands: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class _Focus:
    """A subexpression that is `value`, and the values of the locals around it."""

    clause: Expr
    value: bool
    bound: tuple[tuple[Local, Value], ...] = ()
    aliases: tuple[tuple[Local, Expr], ...] = ()
    given: tuple[Expr, ...] = ()

    def on(self, clause: Expr, value: bool | None = None) -> _Focus:
        return replace(self, clause=clause, value=self.value if value is None else value)


class Detective:
    """Finds the clause to blame. `names` are those of the state that the expressions are about; `known`: what to write
    for locals that they are given, and that `ask` knows the values of."""

    def __init__(self, printer: Printer, names: Names, ask: Ask, known: Locals | None = None) -> None:
        self._printer = printer
        self._names = names
        self._ask = ask
        self._given: Locals = known or {}

    def blame(self, expression: Expr, value: bool = False) -> Blame:
        """Why `expression` is false, or is what it is."""
        focus = _Focus(expression, value)
        while (closer := self._closer(focus)) is not None:
            focus = closer
        aliases = self._aliases(focus)
        return Blame(
            tuple(
                Named(local.name, self._shown(value, local.sort))
                for local, value in focus.bound
                if local.id not in aliases
            ),
            tuple(self._condition(given, aliases, len(focus.given)) for given in focus.given),
            self._printer.show(focus.clause, aliases),
            focus.value,
            self._operands(focus),
        )

    def _closer(self, focus: _Focus) -> _Focus | None:
        """The part of the clause that alone makes it what it is; None where it takes the whole clause."""
        if self._printer.is_sight(focus.clause):
            return None
        match focus.clause:
            case ex.Quantifier(ex.Quantified.FORALL) as quantifier if not focus.value:
                return self._into(focus, quantifier)
            case ex.Quantifier(ex.Quantified.EXISTS) as quantifier if focus.value:
                return self._into(focus, quantifier)
            case ex.And(operands) if not focus.value:
                return self._first(focus, operands, False)
            case ex.Or(operands) if focus.value:
                return self._first(focus, operands, True)
            case ex.Or((only,)) | ex.And((only,)):
                return focus.on(only)
            case ex.Not(operand) if not _is_atom(operand):
                return focus.on(operand, not focus.value)
            case ex.Implies(left, right) if not focus.value:
                return replace(focus.on(right), given=(*focus.given, left))
            case ex.Let(local, value, body):
                bound = (*focus.bound, (local, self._value(focus, value)))
                return replace(focus.on(body), bound=bound, aliases=(*focus.aliases, (local, value)))
            case ex.If(condition, then, otherwise, _):
                holds = self._value(focus, condition) is True
                given = condition if holds else ex.Not(condition)
                return replace(focus.on(then if holds else otherwise), given=(*focus.given, given))
            case _:
                return None

    def _first(self, focus: _Focus, operands: tuple[Expr, ...], wanted: bool) -> _Focus | None:
        for operand in operands:
            if self._value(focus, operand) is wanted:
                return focus.on(operand)
        return None

    def _into(self, focus: _Focus, quantifier: ex.Quantifier) -> _Focus | None:
        """The body of a quantifier, for the first values of its variables that settle it."""
        first, rest = quantifier.bindings[0], quantifier.bindings[1:]
        for value in self._domain(focus, first):
            within = replace(focus, bound=(*focus.bound, (first.local, value)))
            if rest:
                inner: Expr = replace(quantifier, bindings=rest)
                if self._value(within, inner) is focus.value:
                    return within.on(inner)
            elif self._value(within, quantifier.where) is True and self._value(within, quantifier.body) is focus.value:
                return within.on(quantifier.body)
        return None

    def _domain(self, focus: _Focus, binding: ex.Binding) -> list[Value]:
        members = self._value(focus, ex.SetComprehension(binding, ex.TRUE, SetSort(binding.local.sort)))
        return in_order(members) if isinstance(members, frozenset) else []

    def _value(self, focus: _Focus, expr: Expr) -> Value:
        """The value of an expression under the values of the locals around it."""
        for local, value in reversed(focus.bound):
            expr = ex.Let(local, ex.Literal(value, local.sort), expr)
        return self._ask(expr)

    def _operands(self, focus: _Focus) -> tuple[Named, ...]:
        """The parts of the clause that have a value of their own, written with objects in place of variables."""
        known = {**self._given, **{local.id: self._shown(value, local.sort) for local, value in focus.bound}}
        named = {local.id: value for local, value in focus.aliases}
        found: dict[str, str] = {}
        for part in _parts(focus.clause):
            if isinstance(part, ex.Use):
                if part.local.id not in named:
                    continue  # told as a binding
                part = named[part.local.id]  # noqa: PLW2901
            try:
                value = self._value(focus, part)
            except (EvaluationError, NoneUnwrapped):  # what stands around it may keep it from being asked
                continue
            found.setdefault(self._printer.operand(part, known, Level.NOT), self._shown(value, part.sort))
        return tuple(Named(text, value) for text, value in found.items() if text != value)

    def _aliases(self, focus: _Focus) -> dict[int, str]:
        """What stands for a `let` variable: the text of its value."""
        texts: dict[int, str] = dict(self._given)
        for local, value in focus.aliases:
            texts[local.id] = self._printer.operand(value, texts, Level.ATOM)
        return texts

    def _condition(self, given: Expr, aliases: Locals, of: int) -> str:
        """A condition; one of several that stand with `and` between them."""
        return self._printer.operand(given, aliases, Level.OPEN if of == 1 else Level.AND)

    def _shown(self, value: Value, sort: Sort) -> str:
        return show_value(value, sort, self._names)


def _is_atom(expr: Expr) -> bool:
    return isinstance(expr, (ex.Equal, ex.Compare))


def _parts(expr: Expr) -> Iterator[Expr]:
    """The operands of a clause: what its connectives and comparisons are made of, literals aside."""
    match expr:
        case ex.Literal() | ex.By() | ex.Writes():
            return
        case ex.And(operands) | ex.Or(operands):
            for operand in operands:
                yield from _parts(operand)
        case ex.Not(operand):
            yield from _parts(operand)
        case ex.Implies(left, right) | ex.Equal(left, right) | ex.Compare(_, left, right) | ex.Subset(left, right):
            yield from _parts(left)
            yield from _parts(right)
        case ex.Contains(element, collection):
            yield from _parts(element)
            yield from _parts(collection)
        case ex.Arithmetic(_, left, right) | ex.SetOperation(_, left, right):
            yield from _parts(left)
            yield from _parts(right)
        case ex.Unwrap(inner) | ex.Require(body=inner):
            yield from _parts(inner)
        case ex.Quantifier():
            return
        case _:
            yield expr
