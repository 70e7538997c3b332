"""Formulas: connectives and temporal operators, and quantifiers written out for each value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from kspec.language import checked
from kspec.language.codes import Code
from kspec.language.types import BOOL
from kspec.language.walk import chain
from kspec.lower.collections import element_sort
from kspec.lower.context import Context
from kspec.lower.problems import Problem
from kspec.lower.temporal import connectives
from kspec.lower.temporal.conditions import Conditions
from kspec.lower.temporal.contents import Survey
from kspec.lower.temporal.limits import Parts
from kspec.lower.temporal.place import Place
from kspec.lower.temporal.values import each_value, mortal_kind
from kspec.system.expressions import FALSE, TRUE
from kspec.system.sorts import Sort
from kspec.system.temporal import Always, Eventually, Formula, Iff, LeadsTo, Next, Not, Until


class FormulaLowering:
    """Lowers one formula, its patterns written out."""

    def __init__(self, context: Context) -> None:
        self.survey = Survey()
        self._context = context
        self._conditions = Conditions(context, self.survey)
        self._parts = Parts()

    def lower(self, expr: checked.Expr, place: Place) -> Formula:
        self._parts.spend(expr.span)
        if self._is_state(expr):
            return self._condition(expr, place)
        contents = self.survey.of(expr)
        match expr:
            case checked.Not(operand):
                return Not(self.lower(operand, place))
            case checked.Logical():
                return self._logical(expr, place)
            case checked.Temporal():
                return self._temporal(expr, place.later(self.survey))
            case checked.LetIn() if contents.temporal or self.survey.of(expr.value).rigid:
                return self._let(expr, place)
            case checked.Quantified() if contents.temporal and expr.quantifier != "exactly one":
                return self._quantified(expr, place)
            case checked.Conditional():
                return self._conditional(expr, place)
            case _:
                return self._condition(expr, place)

    def _condition(self, expr: checked.Expr, place: Place) -> Formula:
        self._parts.spend(expr.span, self.survey.of(expr).size)
        return self._conditions.lower(expr, place)

    def _logical(self, expr: checked.Logical, place: Place) -> Formula:
        match expr.operator:
            case "and":
                return connectives.conjunction(self._operands(expr, place))
            case "or":
                return connectives.disjunction(self._operands(expr, place))
            case "implies":
                left = self.lower(expr.left, place)
                return connectives.implication(left, self.lower(expr.right, place.knowing(self.survey, expr.left)))
            case _:
                return Iff(self.lower(expr.left, place), self.lower(expr.right, place))

    def _operands(self, expr: checked.Logical, place: Place) -> Iterator[Formula]:
        """Each of a chain matters only where those before it did not decide."""
        for operand in self._together(expr):
            yield self.lower(operand, place)
            know = place.knowing if expr.operator == "and" else place.knowing_not
            place = know(self.survey, operand)

    def _together(self, expr: checked.Logical) -> Iterator[checked.Expr]:
        """The operands of a chain; neighbours that are about the state as one."""
        last: checked.Expr | None = None
        for operand in chain(expr):
            if last is not None and self._is_state(last) and self._is_state(operand):
                last = checked.Logical(expr.operator, last, operand, operand.span)
                continue
            if last is not None:
                yield last
            last = operand
        if last is not None:
            yield last

    def _is_state(self, expr: checked.Expr) -> bool:
        contents = self.survey.of(expr)
        return not (contents.temporal or contents.step)

    def _temporal(self, expr: checked.Temporal, place: Place) -> Formula:
        operands = tuple(self.lower(operand, place) for operand in expr.operands)
        match expr.operator:
            case "always":
                return Always(*operands)
            case "eventually":
                return Eventually(*operands)
            case "next":
                return Next(*operands)
            case "until":
                return Until(*operands)
            case _:
                return LeadsTo(*operands)

    def _conditional(self, expr: checked.Conditional, place: Place) -> Formula:
        condition = self.lower(expr.condition, place)
        then = self.lower(expr.then, place.knowing(self.survey, expr.condition))
        otherwise = self.lower(expr.otherwise, place.knowing_not(self.survey, expr.condition))
        return connectives.conjunction(
            [connectives.implication(condition, then), connectives.disjunction([condition, otherwise])]
        )

    # --- what names a value ------------------------------------------------------------------------------------------

    def _let(self, expr: checked.LetIn, place: Place) -> Formula:
        """The name keeps the value that it has here: what is behind temporal operators is about that value."""
        local, value = expr.local, expr.value
        if local.id not in self.survey.of(expr.body).uses:
            return self.lower(expr.body, place)
        if self.survey.of(value).rigid:
            lowered = self._context.lowering.lower(value, place.scope)
            return self.lower(expr.body, place.bind(local, lowered))
        if local.type == BOOL:
            holds = self.lower(value, place)
            ways = ((holds, TRUE), (Not(holds), FALSE))
            return connectives.disjunction(
                connectives.conjunction([way, self.lower(expr.body, place.bind(local, atom))]) for way, atom in ways
            )
        sort = self._context.lowering.lower(value, place.scope).sort
        is_it = checked.Compare("==", checked.LocalUse(local, local.type, value.span), value, value.span)
        return connectives.disjunction(
            connectives.conjunction([self.lower(is_it, at_value), self.lower(expr.body, at_value)])
            for at_value in each_value(self._context, local, sort, place, value.span)
        )

    # --- quantifiers -------------------------------------------------------------------------------------------------

    def _quantified(self, expr: checked.Quantified, place: Place) -> Formula:
        """Written out for each combination of values."""
        instances = (self._instance(expr, members, inside) for members, inside in self._bindings(expr.variables, place))
        return connectives.conjunction(instances) if expr.quantifier == "forall" else connectives.disjunction(instances)

    def _instance(self, expr: checked.Quantified, members: list[Formula], place: Place) -> Formula:
        conditions = members
        if expr.where is not None:
            conditions = [*members, self.lower(expr.where, place)]
            place = place.knowing(self.survey, expr.where)
        body = self.lower(expr.body, place)
        if expr.quantifier == "forall":
            return connectives.implication(connectives.conjunction(conditions), body)
        return connectives.conjunction([*conditions, body])

    def _bindings(self, variables: tuple[checked.Variable, ...], place: Place) -> Iterator[tuple[list[Formula], Place]]:
        """The places where the variables have each combination of values, and what makes it one that is meant."""
        if not variables:
            yield [], place
            return
        local, domain = variables[0].local, variables[0].domain
        for at_value in each_value(self._context, local, self._sort(local, domain, place), place, domain.span):
            members: list[Formula] = []
            if isinstance(domain, checked.MembersOf):
                value = checked.LocalUse(local, local.type, domain.span)
                members = [self.lower(checked.Contains(value, domain.collection, domain.span), at_value)]
            for others, inside in self._bindings(variables[1:], at_value):
                yield [*members, *others], inside

    def _sort(self, local: checked.Local, domain: checked.Domain, place: Place) -> Sort:
        match domain:
            case checked.AllOf(type, span):
                sort = self._context.sort(type, span)
            case checked.MembersOf(collection):
                sort = element_sort(self._context.lowering.lower(collection, place.scope))
            case _:
                assert_never(domain)
        mortal = mortal_kind(self._context, sort)
        if mortal is not None:
            message = f"{mortal} objects come and go, and this quantifier is not a `forall` at the head"
            hint = f"write `forall {local.name}: {mortal}:` at the head of the property"
            raise Problem(Code.KS403, message, domain.span, hint)
        return sort
