"""Formulas as texts, for comparing: `{…}` is a condition on the state, `<…>` one on the step, `@p` what it is about."""

from __future__ import annotations

from typing import assert_never

from kspec.system.expressions import (
    And,
    By,
    Compare,
    Contains,
    Enabled,
    Equal,
    Expr,
    If,
    IsAlive,
    Let,
    Literal,
    Local,
    Moment,
    Not,
    Or,
    Quantifier,
    Read,
    Unwrap,
    Use,
    Writes,
)
from kspec.system.expressions import Implies as ImpliesCondition
from kspec.system.system import System
from kspec.system.temporal import (
    Always,
    Eventually,
    Formula,
    Gone,
    Iff,
    Implies,
    LeadsTo,
    Next,
    StateAtom,
    StepAtom,
    Temporal,
    Until,
)
from kspec.system.temporal import And as AndFormula
from kspec.system.temporal import Not as NotFormula
from kspec.system.temporal import Or as OrFormula


def temporal(of: System, name: str = "A") -> Temporal:
    found = next(property for property in of.properties if property.name == name)
    assert found.temporal is not None
    return found.temporal


def shown(of: Temporal) -> str:
    """`p: Existing, k: AllValues | formula`"""
    variables = ", ".join(f"{item.local.name}: {type(item.domain).__name__}" for item in of.variables)
    return f"{variables} | {formula(of.formula)}" if variables else formula(of.formula)


def formula(of: Formula) -> str:
    match of:
        case StateAtom(expression, about):
            return f"{{{condition(expression)}}}{_about(about)}"
        case StepAtom(expression, about):
            return f"<{condition(expression)}>{_about(about)}"
        case Gone(local):
            return f"gone({local.name})"
        case NotFormula(operand):
            return f"not {formula(operand)}"
        case AndFormula(operands):
            return f"({' and '.join(map(formula, operands))})"
        case OrFormula(operands):
            return f"({' or '.join(map(formula, operands))})"
        case Implies(left, right):
            return f"({formula(left)} implies {formula(right)})"
        case Iff(left, right):
            return f"({formula(left)} iff {formula(right)})"
        case Next(operand):
            return f"next {formula(operand)}"
        case Always(operand):
            return f"always {formula(operand)}"
        case Eventually(operand):
            return f"eventually {formula(operand)}"
        case Until(left, right):
            return f"({formula(left)} until {formula(right)})"
        case LeadsTo(left, right):
            return f"({formula(left)} leads to {formula(right)})"
        case _:
            assert_never(of)


def _about(locals: frozenset[Local]) -> str:
    return f"@{','.join(sorted(local.name for local in locals))}" if locals else ""


def condition(of: Expr) -> str:  # noqa: C901 - one case a construct
    match of:
        case Literal(value):
            return str(value)
        case Use(local):
            return local.name
        case Read(variable, index, _, moment):
            places = ",".join(map(condition, index))
            return f"{'old ' if moment is Moment.OLD else ''}{variable}{f'[{places}]' if places else ''}"
        case IsAlive(item):
            return f"alive {condition(item)}"
        case Not(operand):
            return f"!{condition(operand)}"
        case And(operands):
            return f"({' & '.join(map(condition, operands))})"
        case Or(operands):
            return f"({' | '.join(map(condition, operands))})"
        case ImpliesCondition(left, right):
            return f"({condition(left)} => {condition(right)})"
        case Equal(left, right):
            return f"{condition(left)}={condition(right)}"
        case Compare(order, left, right):
            return f"{condition(left)}{order.value}{condition(right)}"
        case Contains(element, collection):
            return f"{condition(element)} in {condition(collection)}"
        case Unwrap(operand):
            return condition(operand)
        case If(test, then, otherwise):
            return f"({condition(test)} ? {condition(then)} : {condition(otherwise)})"
        case Let(local, value, body):
            return f"[{local.name}={condition(value)}] {condition(body)}"
        case Quantifier(quantified, bindings, where, body):
            names = ",".join(binding.local.name for binding in bindings)
            return f"{quantified.value} {names}: ({condition(where)}; {condition(body)})"
        case By(actions):
            return f"by {','.join(map(str, sorted(actions)))}"
        case Writes(kind):
            return f"writes {kind.kind}"
        case Enabled(action, instance, moment):
            at = "old " if moment is Moment.OLD else ""
            return f"{at}enabled {action}{'' if instance is None else f'({condition(instance)})'}"
        case _:
            return type(of).__name__
