"""Expressions as code: which construct is built by what.

A condition is built as jumps (`Expressions.jump_unless`), or as a bit where nothing in it can fail or take long. Any
other value is a number or, if it is no scalar, a row of cells.
"""

from __future__ import annotations

from typing import assert_never

from llvmlite import ir

from kspec.explore.machine import collections, logic, places, quantifiers, values
from kspec.explore.machine.builder import ROW, Block, Operand
from kspec.explore.machine.code import Code
from kspec.explore.machine.domains import Domains
from kspec.explore.machine.shapes import is_scalar
from kspec.system.expressions import (
    Aggregate,
    And,
    Arithmetic,
    By,
    Compare,
    Contains,
    Enabled,
    Equal,
    Expr,
    First,
    Fits,
    If,
    Implies,
    IsAlive,
    Let,
    Literal,
    Lookup,
    MapBuild,
    MapRead,
    MapWith,
    Not,
    NumberRange,
    Or,
    Pop,
    Push,
    Quantifier,
    Read,
    Require,
    SeqLiteral,
    SetComprehension,
    SetLiteral,
    SetOperation,
    Size,
    Subset,
    Unwrap,
    Use,
    Writes,
)
from kspec.system.sorts import Sort


class Expressions:
    """Builds expressions in the code of one function."""

    def __init__(self, code: Code) -> None:
        self.code = code
        self.domains = Domains(self)

    # --- values ------------------------------------------------------------------------------------------------------

    def value_as(self, expr: Expr, sort: Sort) -> Operand:
        """The value with the cells of another sort, which has room for it."""
        if isinstance(expr, Literal):
            return values.literal(self.code.shared.constants, expr.value, sort)
        return values.converted(self.code.b, self.value(expr), expr.sort, sort)

    def value(self, expr: Expr) -> Operand:  # noqa: C901 - one case a construct
        code = self.code
        match expr:
            case Literal(value, sort):
                return values.literal(code.shared.constants, value, sort)
            case Use(local):
                return code.locals[local.id]
            case Read():
                return places.read(self, expr)
            case Lookup():
                return places.lookup(self, expr)
            case Arithmetic():
                return logic.arithmetic(self, expr)
            case If(condition, then, otherwise, sort):
                return self._conditional(condition, then, otherwise, sort)
            case Let(local, bound, body):
                with code.bound(local, self.value_as(bound, local.sort)):
                    return self.value(body)
            case Unwrap(operand):
                return logic.unwrapped(self, operand)
            case Require(condition, body, kind):
                self.jump_unless(condition, code.failure(kind))
                return self.value(body)
            case Aggregate():
                return quantifiers.aggregate(self, expr)
            case SetLiteral() | NumberRange() | SetComprehension() | SetOperation():
                return collections.set_of(self, expr)
            case Size(collection):
                return collections.size(self, collection)
            case MapBuild():
                return collections.map_build(self, expr)
            case MapRead():
                return collections.map_read(self, expr)
            case MapWith():
                return collections.map_with(self, expr)
            case SeqLiteral():
                return collections.seq_literal(self, expr)
            case First():
                return collections.first(self, expr)
            case Push():
                return collections.push(self, expr)
            case Pop():
                return collections.pop(self, expr)
            case (
                Not()
                | And()
                | Or()
                | Implies()
                | Equal()
                | Compare()
                | Quantifier()
                | IsAlive()
                | Contains()
                | Subset()
                | Fits()
                | By()
                | Writes()
                | Enabled()
            ):
                return code.b.bit(self.condition(expr))
            case _:
                assert_never(expr)

    def _conditional(self, condition: Expr, then: Expr, otherwise: Expr, sort: Sort) -> Operand:
        b = self.code.b
        if is_scalar(sort):
            result = b.variable(0)
        else:
            result = b.variable(ROW(None), ROW)
        other, end = b.block("else"), b.block("end_if")
        self.jump_unless(condition, other)
        result.set(self.value_as(then, sort))
        b.jump(end)
        b.place(other)
        result.set(self.value_as(otherwise, sort))
        b.place(end)
        return result.get()

    # --- conditions --------------------------------------------------------------------------------------------------

    def condition(self, expr: Expr) -> ir.Value:
        """A condition as a bit."""
        b = self.code.b
        if logic.is_simple(expr):
            return logic.simple(self, expr)
        if logic.is_bit(expr):
            return self.bit(expr)
        result = b.variable(0)
        end = b.block("end_condition")
        self.jump_unless(expr, end)
        result.set(1)
        b.place(end)
        return b.differ(result.get(), 0)

    def bit(self, expr: Expr) -> ir.Value:
        """A condition that is built as a bit (`logic.is_bit`)."""
        b = self.code.b
        match expr:
            case Compare(order, left, right):
                one = self.value(left)
                return logic.compared(b, order, one, self.value(right))
            case Equal(left, right):
                return logic.equal(self, left, right)
            case IsAlive(subject, moment):
                return places.is_alive(self, subject, moment)
            case Contains(element, collection):
                return collections.contains(self, element, collection)
            case Subset(left, right):
                return collections.subset(self, left, right)
            case By(actions):
                return places.by(self, actions)
            case Enabled(action, instance, moment):
                chosen = None if instance is None else self.value(instance)
                return self.code.shared.enabled.test(self.code, self.code.state(moment), action, chosen)
            case _:
                return b.differ(self.value(expr), 0)

    def jump_unless(self, expr: Expr, otherwise: Block) -> None:
        """Goes on where a condition is true."""
        self._jump(expr, otherwise, on=False)

    def jump_when(self, expr: Expr, then: Block) -> None:
        """Goes on where a condition is false."""
        self._jump(expr, then, on=True)

    def _jump(self, expr: Expr, target: Block, *, on: bool) -> None:
        """Jumps where the condition is `on`, goes on where it is not."""
        if logic.is_simple(expr) or logic.is_bit(expr):
            self._jump_by_bit(self.condition(expr), target, on=on)
            return
        match expr:
            case Not(operand):
                self._jump(operand, target, on=not on)
            case And(operands):
                self._chain(operands, target, on=on, stop=False)
            case Or(operands):
                self._chain(operands, target, on=on, stop=True)
            case Implies(left, right):
                self._chain((Not(left), right), target, on=on, stop=True)
            case If(condition, then, otherwise):
                self._jump_by_branch(condition, then, otherwise, target, on=on)
            case Let(local, bound, body):
                with self.code.bound(local, self.value_as(bound, local.sort)):
                    self._jump(body, target, on=on)
            case Require(condition, body, kind):
                self.jump_unless(condition, self.code.failure(kind))
                self._jump(body, target, on=on)
            case Equal() | Fits() | Writes() | Quantifier():
                self._jump_by_test(expr, target, on=on)
            case _:
                raise TypeError(f"not a condition: {expr}")

    def _jump_by_bit(self, bit: ir.Value, target: Block, *, on: bool) -> None:
        if on:
            self.code.b.jump_when(bit, target)
        else:
            self.code.b.jump_unless(bit, target)

    def _chain(self, operands: tuple[Expr, ...], target: Block, *, on: bool, stop: bool) -> None:
        """Operands in turn; the first one that is `stop` ends the chain, and is its value."""
        if on is stop:
            for operand in operands:
                self._jump(operand, target, on=stop)
            return
        stopped = self.code.b.block("stopped")
        for operand in operands:
            self._jump(operand, stopped, on=stop)
        self.code.b.jump(target)
        self.code.b.place(stopped)

    def _jump_by_branch(self, condition: Expr, then: Expr, otherwise: Expr, target: Block, *, on: bool) -> None:
        b = self.code.b
        other, end = b.block("else"), b.block("end_if")
        self.jump_unless(condition, other)
        self._jump(then, target, on=on)
        b.jump(end)
        b.place(other)
        self._jump(otherwise, target, on=on)
        b.place(end)

    def _jump_by_test(self, expr: Equal | Fits | Writes | Quantifier, target: Block, *, on: bool) -> None:
        """Conditions that jump, from wherever they turn out to be false."""
        b = self.code.b
        false = b.block("is_false") if on else target
        match expr:
            case Equal(left, right):
                logic.jump_unless_equal(self, left, right, false)
            case Fits(operand, stored):
                values.jump_unless_fits(b, self.value(operand), operand.sort, stored, false)
            case Writes():
                places.jump_unless_written(self, expr, false)
            case Quantifier():
                quantifiers.jump_unless(self, expr, false)
            case _:
                assert_never(expr)
        if on:
            b.jump(target)
            b.place(false)
