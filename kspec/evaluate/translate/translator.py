"""From expressions to closures: which construct is translated by what."""

from __future__ import annotations

from typing import assert_never

from kspec.evaluate.frame import Code, Scope, at
from kspec.evaluate.layout import Layout
from kspec.evaluate.run import Failure
from kspec.evaluate.translate import collections, domains, logic, places, quantifiers, step_atoms
from kspec.evaluate.translate.domains import DomainCode
from kspec.evaluate.translate.quantifiers import Loop
from kspec.evaluate.translate.step_atoms import EnabledTest
from kspec.evaluate.walk import may_fail
from kspec.system.expressions import (
    TRUE,
    Aggregate,
    AllValues,
    And,
    Arithmetic,
    Binding,
    By,
    Compare,
    Contains,
    Created,
    Deleted,
    Domain,
    Enabled,
    Equal,
    Existing,
    ExistingInBoth,
    Expr,
    First,
    Fits,
    If,
    Implies,
    IsAlive,
    Let,
    Literal,
    Local,
    Lookup,
    MapBuild,
    MapRead,
    MapWith,
    Members,
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
    Slots,
    Subset,
    Unwrap,
    Use,
    Writes,
)
from kspec.system.sorts import MapSort, ObjectSort, Sort, zero


class Translator:
    """Translates expressions of one system; `enabled` answers `Enabled`."""

    def __init__(self, layout: Layout, enabled: EnabledTest) -> None:
        self._layout = layout
        self._enabled = enabled

    def expression(self, expr: Expr, scope: Scope) -> Code:  # noqa: C901 - one case a construct
        """The code of an expression, on frames of the scope."""

        def code(operand: Expr) -> Code:
            return self.expression(operand, scope)

        def codes(operands: tuple[Expr, ...]) -> tuple[Code, ...]:
            return tuple(self.expression(operand, scope) for operand in operands)

        match expr:
            case Literal(value):
                return logic.literal(value)
            case Use(local):
                return logic.local(scope.position(local))
            case Read(_, index):
                return places.read(self._layout, expr, codes(index))
            case IsAlive(subject):
                return places.is_alive(self._layout, expr, code(subject))
            case Lookup(_, _, keys):
                return places.lookup(self._layout, expr, codes(keys))
            case Not(operand):
                return logic.negation(code(operand))
            case And(operands):
                return logic.conjunction(codes(operands))
            case Or(operands):
                return logic.disjunction(codes(operands))
            case Implies(left, right):
                return logic.implication(code(left), code(right))
            case Equal(left, Literal(constant)):
                return logic.equality_with(code(left), constant)
            case Equal(left, right):
                return logic.equality(code(left), code(right))
            case Compare(order, left, right):
                return logic.comparison(order, code(left), code(right))
            case Arithmetic(operator, left, right, _, span):
                return logic.arithmetic(operator, code(left), code(right), span)
            case If(condition, then, otherwise):
                return logic.conditional(code(condition), code(then), code(otherwise))
            case Let(local, value, body):
                return logic.let(scope.position(local), code(value), code(body))
            case Fits(operand, stored):
                return logic.fitting(code(operand), stored)
            case Unwrap(operand):
                return logic.unwrapping(code(operand))
            case Require(condition, body, kind, message, span, item):
                owner = None if item is None else _owner(item, code(item))
                return logic.requirement(code(condition), code(body), Failure(kind, message, span), owner)
            case Quantifier(quantified, bindings, where, body):
                loops, fails = self._loops(bindings, scope), may_fail((bindings[1:], where, body))
                return quantifiers.quantifier(quantified, loops, self.condition(where, scope), code(body), fails=fails)
            case Aggregate(aggregation, bindings, where, body):
                loops = self._loops(bindings, scope)
                return quantifiers.aggregate(aggregation, loops, self.condition(where, scope), code(body))
            case SetLiteral(elements):
                return collections.set_literal(codes(elements))
            case NumberRange(left, right):
                return collections.number_range(code(left), code(right))
            case SetComprehension(binding, where):
                position, domain = self._loop(binding, scope)
                return collections.comprehension(position, domain, code(where))
            case SetOperation(set_operator, left, right):
                return collections.set_operation(set_operator, code(left), code(right))
            case Contains(element, NumberRange(left, right)):
                return collections.in_number_range(code(element), code(left), code(right))
            case Contains(element, collection):
                return collections.contains(code(element), code(collection))
            case Subset(left, right):
                return collections.subset(code(left), code(right))
            case Size(collection):
                return collections.size(code(collection))
            case MapBuild(key, body, sort, moment):
                exists = places.key_exists(self._layout, sort.key, at(moment))
                ranged = domains.keys(sort.key)
                return collections.map_build(scope.position(key), ranged, exists, code(body), zero(sort.value))
            case MapRead(map_, key_value, _, span):
                return collections.map_read(code(map_), code(key_value), _key_sort(map_.sort), span)
            case MapWith(map_, key_value, value, sort, span):
                return collections.map_with(code(map_), code(key_value), code(value), sort.key, span)
            case SeqLiteral(elements):
                return collections.seq_literal(codes(elements))
            case First(sequence, _, span):
                return collections.first(code(sequence), span)
            case Push(sequence, element):
                return collections.push(code(sequence), code(element))
            case Pop(sequence, _, span):
                return collections.pop(code(sequence), span)
            case By(actions):
                return step_atoms.by(actions)
            case Writes():
                return step_atoms.writes(self._layout, expr)
            case Enabled(_, instance):
                return step_atoms.enabled(self._enabled, expr, None if instance is None else code(instance))
            case _:
                assert_never(expr)

    def condition(self, expr: Expr, scope: Scope) -> Code | None:
        """The code of a condition; None where it is the literal true."""
        return None if expr == TRUE else self.expression(expr, scope)

    def domain(self, local: Local, domain: Domain, scope: Scope) -> DomainCode:
        """What a local ranges over."""
        match domain:
            case Existing(kind, moment):
                return domains.existing(self._layout, kind, at(moment))
            case Slots(kind):
                return domains.slots(kind)
            case ExistingInBoth(kind):
                return domains.existing_by_step(self._layout, kind, before=True, after=True)
            case Created(kind):
                return domains.existing_by_step(self._layout, kind, before=False, after=True)
            case Deleted(kind):
                return domains.existing_by_step(self._layout, kind, before=True, after=False)
            case AllValues(sort):
                return domains.all_values(local.name, sort)
            case Members(NumberRange(left, right)):
                return domains.number_range(local, self.expression(left, scope), self.expression(right, scope))
            case Members(collection):
                return domains.members(self.expression(collection, scope))
            case _:
                assert_never(domain)

    def _loops(self, bindings: tuple[Binding, ...], scope: Scope) -> list[Loop]:
        return [self._loop(binding, scope) for binding in bindings]

    def _loop(self, binding: Binding, scope: Scope) -> Loop:
        domain = self.domain(binding.local, binding.domain, scope)
        return scope.position(binding.local), domain


def _owner(item: Expr, code: Code) -> logic.Owner | None:
    return (item.sort.kind, code) if isinstance(item.sort, ObjectSort) else None


def _key_sort(sort: Sort) -> Sort:
    if not isinstance(sort, MapSort):
        raise TypeError(f"not a map: {sort}")
    return sort.key
