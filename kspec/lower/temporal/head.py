"""Formulas as a whole: the quantifiers at their head are variables, and the rest is about each of their bindings."""

from __future__ import annotations

from dataclasses import replace

from kspec.language import checked
from kspec.language.codes import Code
from kspec.language.types import KindType
from kspec.lower.context import Context
from kspec.lower.problems import NODE_LIMIT, Problem
from kspec.lower.scope import Scope
from kspec.lower.temporal import connectives
from kspec.lower.temporal.formulas import FormulaLowering
from kspec.lower.temporal.patterns import written_out
from kspec.lower.temporal.place import Place
from kspec.system.expressions import AllValues, Binding, Domain, Existing, Moment, Slots, Use
from kspec.system.temporal import Temporal


def lower_temporal(context: Context, declared: checked.Property) -> Temporal:
    """Of a `property` or an `assume`."""
    head = _Head(context)
    formula = written_out(context.model, declared.body)
    if head.lowering.survey.of(formula).size > NODE_LIMIT:
        message = f"with its patterns written out, this formula has more than {NODE_LIMIT:,} expressions"
        raise Problem(Code.KS609, message, formula.span, "patterns that use a parameter twice double at every level")
    found = head.lower(formula)
    if declared.kind == "assume":
        _require_no_objects(found, formula)
    return found


def _require_no_objects(assumed: Temporal, formula: checked.Expr) -> None:
    kinds = [binding.domain.kind.kind for binding in assumed.variables if isinstance(binding.domain, Existing)]
    if kinds:
        message = f"{kinds[0]} objects come and go, and nothing can be assumed of each one by itself"
        hint = "assume it of all at once, such as `always eventually (forall …: …)`, or write it into the property"
        raise Problem(Code.KS407, message, formula.span, hint)


class _Head:
    """Takes the `forall`s from the head of a formula."""

    def __init__(self, context: Context) -> None:
        self.lowering = FormulaLowering(context)
        self._context = context
        self._place = Place(Scope())
        self._bindings: list[Binding] = []
        self._conditions: list[checked.Expr] = []
        """What is asked of the bindings, at the first position."""

    def lower(self, formula: checked.Expr) -> Temporal:
        rest = formula
        while (behind := self._behind(rest)) is not None:
            rest = behind
        conditions = []
        for where in self._conditions:
            conditions.append(self.lowering.lower(where, self._place))
            self._place = self._place.knowing(self.lowering.survey, where)
        body = self.lowering.lower(rest, self._place)
        return Temporal(tuple(self._bindings), connectives.implication(connectives.conjunction(conditions), body))

    def _behind(self, formula: checked.Expr) -> checked.Expr | None:
        """What is behind the first quantifier of the head, or a `let` of what is the same at all positions."""
        survey = self.lowering.survey
        match formula:
            case checked.Quantified("forall", variables, where, body) if survey.of(body).temporal and not any(
                map(_is_member, variables)
            ):
                for variable in variables:
                    self._add(variable)
                if where is not None:
                    self._conditions.append(where)
                return body
            case checked.LetIn(local, value, body) if survey.of(body).temporal and survey.of(value).rigid:
                lowered = self._context.lowering.lower(value, self._place.scope)
                self._place = self._place.bind(local, lowered)
                return body
            case _:
                return None

    def _add(self, variable: checked.Variable) -> None:
        """One binding for every object that ever exists, or for every value."""
        local = self._context.fresh(variable.local.name, self._context.sort(variable.local.type, variable.domain.span))
        place = self._place.bind(variable.local, Use(local))
        domain: Domain = AllValues(local.sort)
        if isinstance(variable.local.type, KindType):
            kind = self._context.kind(variable.local.type.name)
            domain = Slots(kind.sort)
            if not kind.permanent:
                domain = Existing(kind.sort)
                scope = place.scope.with_alive(local, Moment.NEW, Moment.OLD)
                place = replace(place, scope=scope, tracked=place.tracked | {local})
        self._bindings.append(Binding(local, domain))
        self._place = place


def _is_member(variable: checked.Variable) -> bool:
    """A variable over the members of a set is about the set as it is there, and stands for values that it has there."""
    return isinstance(variable.domain, checked.MembersOf)
