"""Conditions about one position: atoms of formulas.

What stands between temporal operators is one atom, however many connectives it has, since all of it is about one state.
But once the object of a tracked variable is gone, each part without connectives that mentions it is false (and
`gone(p)` is true), while the parts about other objects go on: then the condition is another one, and is an atom of its
own. Steps are told from states: where a run has stopped, what is about the step is false, and what is about the state
is not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

from kspec.evaluate.walk import may_fail, nodes, used_locals
from kspec.language import checked
from kspec.language.walk import chain
from kspec.lower.context import Context
from kspec.lower.temporal import connectives
from kspec.lower.temporal.contents import Survey
from kspec.lower.temporal.place import Place
from kspec.system.expressions import FALSE, TRUE, Expr, Let, Local, Moment, Unwrap, Use
from kspec.system.temporal import Formula, Gone, Not, StateAtom, StepAtom


class Conditions:
    """Lowers what is about one position."""

    def __init__(self, context: Context, survey: Survey) -> None:
        self._context = context
        self._survey = survey

    def lower(self, expr: checked.Expr, place: Place) -> Formula:
        """A condition that has no temporal operators and, if it is about the step, no connectives."""
        atom: type[StateAtom | StepAtom] = StateAtom
        if self._survey.of(expr).step:
            # what a condition on a step says of the state is about the one before
            atom, place = StepAtom, replace(place, scope=replace(place.scope.at(Moment.OLD), in_step=True))
        whole = self._with_facts(expr, place)
        about = self._about(whole, place)
        return connectives.disjunction(self._where_gone(whole, gone, about, place, atom) for gone in _subsets(about))

    def _where_gone(
        self,
        whole: checked.Expr,
        gone: frozenset[Local],
        about: list[Local],
        place: Place,
        atom: type[StateAtom | StepAtom],
    ) -> Formula:
        """The condition where these objects are gone, and no others of those that it is about."""
        lowered = self._context.lowering.lower(self._with_gone(whole, gone, place), place.scope)
        if lowered == FALSE:
            return connectives.ALWAYS_FALSE
        are_gone = [Gone(local) for local in about if local in gone]
        others = [local for local in about if local not in gone]
        if lowered == TRUE and atom is StateAtom:
            return connectives.conjunction([*are_gone, *(Not(Gone(local)) for local in others)])
        found = atom(_where_given(lowered, place), frozenset(others), whole.span)
        return connectives.conjunction([*are_gone, found])

    # --- objects that are gone ---------------------------------------------------------------------------------------

    def _with_gone(self, expr: checked.Expr, gone: frozenset[Local], place: Place) -> checked.Expr:
        """The condition with its parts about objects that are gone replaced by what they are then."""
        match expr:
            case checked.Not(operand):
                return replace(expr, operand=self._with_gone(operand, gone, place))
            case checked.Logical("and" | "or"):
                first, *others = (self._with_gone(operand, gone, place) for operand in chain(expr))
                for other in others:
                    first = checked.Logical(expr.operator, first, other, expr.span)
                return first
            case checked.Logical(_, left, right):
                left, right = self._with_gone(left, gone, place), self._with_gone(right, gone, place)
                return replace(expr, left=left, right=right)
            case checked.Conditional(condition, then, otherwise):
                condition, then, otherwise = (
                    self._with_gone(part, gone, place) for part in (condition, then, otherwise)
                )
                return replace(expr, condition=condition, then=then, otherwise=otherwise)
            case checked.LetIn(local, value, body):
                inside = place.bind(local, self._context.lowering.lower(value, place.scope))
                body = self._with_gone(body, gone, inside)
                return body if self._is_about(value, gone, place) else replace(expr, body=body)
            case checked.SeenBy(_, instance, operand) if instance is None or not self._is_about(instance, gone, place):
                return replace(expr, operand=self._with_gone(operand, gone, place))
            case checked.Builtin("gone", (operand,)) if (tracked := self._tracked(operand, place)) is not None:
                return checked.Boolean(tracked in gone, expr.span)
            case _ if self._is_about(expr, gone, place):
                return checked.Boolean(False, expr.span)
            case _:
                return expr

    def _tracked(self, expr: checked.Expr, place: Place) -> Local | None:
        """The tracked variable that an expression is."""
        value = place.scope.locals.get(expr.local.id) if isinstance(expr, checked.LocalUse) else None
        return value.local if isinstance(value, Use) and value.local in place.tracked else None

    def _is_about(self, expr: checked.Expr, objects: frozenset[Local], place: Place) -> bool:
        return any(local in objects for local in self._about(expr, place))

    def _about(self, expr: checked.Expr, place: Place) -> list[Local]:
        """The tracked variables that an expression mentions, in order."""
        values = (place.scope.locals.get(use) for use in self._survey.of(expr).uses)
        mentioned = frozenset[int]().union(*(used_locals(value) for value in values if value is not None))
        return sorted((local for local in place.tracked if local.id in mentioned), key=lambda local: local.id)

    # --- expressions -------------------------------------------------------------------------------------------------

    def _with_facts(self, expr: checked.Expr, place: Place) -> checked.Expr:
        """The condition behind those on which it can be evaluated, if it needs any."""
        if not place.facts or not _is_partial(self._context.lowering.lower(expr, place.scope)):
            return expr
        first, *others = (*place.facts, expr)
        for other in others:
            first = checked.Logical("and", first, other, expr.span)
        return first


def _is_partial(expr: Expr) -> bool:
    """Whether an expression has a value only where something else is true."""
    return may_fail(expr) or any(isinstance(node, Unwrap) for node in nodes(expr))


def _where_given(expr: Expr, place: Place) -> Expr:
    """The expression with the values of what it uses of the variables that are written out."""
    used = used_locals(expr)
    for given in reversed(place.given):
        if given.local.id in used:
            expr = Let(given.local, given.value, expr)
    return expr


def _subsets(locals: list[Local]) -> Iterator[frozenset[Local]]:
    """Smaller ones first."""
    for size in range(len(locals) + 1):
        yield from map(frozenset, combinations(locals, size))
