"""From checked expressions to expressions of the system: names, logic, numbers; the rest is in neighbouring files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from kspec.evaluate.walk import may_fail
from kspec.language import checked
from kspec.language.codes import Code
from kspec.language.types import OptionType
from kspec.language.walk import chain
from kspec.lower import atoms, build, collections, names, quantifiers, staging
from kspec.lower.narrowed import narrow
from kspec.lower.problems import Problem
from kspec.lower.scope import Reader, Scope
from kspec.lower.shapes import NOTHING
from kspec.lower.views.reading import eyes, look_up
from kspec.lower.wording import WordingNotes
from kspec.system.expressions import FALSE, TRUE, Expr, Let, Literal, Local, Lookup, Moment, Operator, Order, Use
from kspec.system.sorts import EnumSort, ObjectSort, OptionSort
from kspec.system.spans import NOWHERE, Span
from kspec.system.wording import Wording

if TYPE_CHECKING:
    from kspec.lower.context import Context

LetBody = Callable[[Expr], Expr]
"""What comes after a `let`, from the atom that its value has become."""

_OPERATORS = {operator.value: operator for operator in Operator}


class ExpressionLowering:
    def __init__(self, context: Context) -> None:
        self.context = context
        self._notes: WordingNotes | None = None

    def lower(self, expr: checked.Expr, scope: Scope) -> Expr:
        """The expression of the system that means the same where `scope` is."""
        self.context.spend(expr.span)
        if self._notes is None:
            return self._lower(expr, scope)
        begun = self._notes.begin()
        lowered = self._lower(expr, scope)
        self._notes.end(expr, lowered, scope, begun)
        return lowered

    def lower_with_wording(self, expr: checked.Expr, scope: Scope) -> tuple[Expr, Wording]:
        """The same, with how the text writes its parts."""
        with self.noting(scope.reader) as notes:
            return self.lower(expr, scope), notes.wording

    @contextmanager
    def noting(self, reader: Reader | None = None, *, about_runs: bool = False) -> Iterator[WordingNotes]:
        """Notes how the text writes what is lowered meanwhile. `reader`: who reads unless the text says otherwise.
        `about_runs`: it is a formula about runs."""
        notes = self._notes = WordingNotes(self.context.model.sources, reader, about_runs)
        try:
            yield notes
        finally:
            self._notes = None

    def _lower(self, expr: checked.Expr, scope: Scope) -> Expr:  # noqa: C901 - one case a construct
        match expr:
            case checked.Number(value):
                return build.number(value)
            case checked.Amount(thousandths, _, type):
                unit = self.context.unit(type.name)
                return build.number(thousandths // unit.thousandths, unit)
            case checked.Boolean(value):
                return TRUE if value else FALSE
            case checked.NoneValue(span, OptionType(inner)):
                return build.none(self.context.sort_of_absent(inner, span))
            case checked.NoneValue():
                return build.none(NOTHING)
            case checked.EnumMember(enum, member):
                members = self.context.model.enums[enum].members
                return Literal(members.index(member), EnumSort(enum, members))
            case checked.LocalUse(local):
                return _narrow(self._read(expr, scope), expr.narrowed, is_kept=local.id in scope.kept)
            case checked.ConstUse():
                return _narrow(self._read(expr, scope), expr.narrowed)
            case checked.GlobalUse() | checked.FieldRead():
                return narrow(self.context, expr, self._read(expr, scope), scope)
            case checked.ComponentRead():
                return narrow(self.context, expr, self._component_read(expr, scope), scope)
            case checked.SingleObject(type):
                return Literal(0, self.context.kind(type.name).sort)
            case checked.NamedObject(name):
                return self.context.slot(name)
            case checked.Lookup():
                return self._lookup(expr, scope)
            case checked.DefCall():
                return self._call(expr, scope)
            case checked.Not(operand):
                return build.negate(self.lower(operand, scope))
            case checked.Negate(operand, span):
                return build.arithmetic(Operator.SUBTRACT, build.number(0), self.lower(operand, scope), span)
            case checked.Logical():
                return self._logical(expr, scope)
            case checked.Compare():
                return self._compare(expr, scope)
            case checked.Arithmetic():
                return self._arithmetic(expr, scope)
            case checked.Conditional(condition, then, otherwise, _, span):
                test, yes, no = (self.lower(part, scope) for part in (condition, then, otherwise))
                return build.conditional(test, yes, no, span)
            case checked.LetIn(local, value, body):
                lowered = self.lower(value, scope)
                named = scope.with_alias(local, value)
                return self.let(local.name, lowered, lambda it: self.lower(body, named.bind(local, it)))
            case checked.Quantified():
                return quantifiers.quantified(self, expr, scope)
            case checked.Aggregated():
                return quantifiers.aggregated(self, expr, scope)
            case checked.SetOf():
                return quantifiers.set_of(self, expr, scope)
            case checked.MapOf():
                return quantifiers.map_of(self, expr, scope)
            case (
                checked.SetLiteral()
                | checked.NumberRange()
                | checked.SetOperation()
                | checked.Contains()
                | checked.Subset()
                | checked.SeqLiteral()
                | checked.MapRead()
                | checked.Builtin()
            ):
                return collections.lower_collection(self, expr, scope)
            case checked.Old(operand) if scope.proposed:
                return self.lower(operand, replace(scope, proposed={}))
            case checked.Old(operand):
                return self.lower(operand, scope.at(Moment.OLD))
            case checked.ByAtom() | checked.WritesAtom() | checked.EnabledAtom():
                return atoms.lower_atom(self, expr, scope)
            case checked.CopyRead(copy, _, field):
                return _narrow(scope.copies[copy.id].contents[field], expr.narrowed, is_kept=copy.id in scope.kept)
            case checked.Fresh(operand):
                return self.lower(operand, scope.in_store())
            case checked.SeenBy():
                return self._seen_by(expr, scope)
            case checked.Connected() | checked.Allowed() | checked.CallerIs():
                return atoms.lower_authority(self, expr, scope)
            case checked.Temporal() | checked.PatternCall():
                message = "a formula about runs stands where a condition on one moment is wanted"
                hint = "give the pattern a condition without temporal operators"
                raise Problem(Code.KS402, message, expr.span, hint)
            case _ as unreachable:
                assert_never(unreachable)

    def let(self, name: str, value: Expr, body: LetBody) -> Expr:
        """`body` of a value that is evaluated once, before it."""
        if build.is_atom(value):
            return body(value)
        local = self.context.fresh(name, value.sort)
        return Let(local, value, body(Use(local)))

    def bind(self, name: str, value: Expr, lets: list[tuple[Local, Expr]]) -> Expr:
        """An atom for a value; where it takes a `let`, that is added to `lets`."""
        if build.is_atom(value):
            return value
        local = self.context.fresh(name, value.sort)
        lets.append((local, value))
        return Use(local)

    def within_lets(self, lets: list[tuple[Local, Expr]], body: Expr) -> Expr:
        """The body, after the values of the lets, in order."""
        for local, value in reversed(lets):
            body = Let(local, value, body)
        return body

    def _read(
        self, expr: checked.LocalUse | checked.ConstUse | checked.GlobalUse | checked.FieldRead, scope: Scope
    ) -> Expr:
        match expr:
            case checked.LocalUse(local):
                return scope.locals[local.id]
            case checked.ConstUse(name, _, span):
                return self.context.constant(name) or self._state_const(name, scope, span)
            case checked.GlobalUse(name, _, span):
                return staging.read(self.context, scope, name, (), span)
            case checked.FieldRead(checked.LocalUse(local), _, name) if name in scope.proposed.get(local.id, ()):
                return scope.proposed[local.id][name]
            case checked.FieldRead(item, kind, name, _, span):
                lowered = self.lower(item, scope)
                return staging.read(self.context, scope, names.field(kind, name), (lowered,), span)

    def _state_const(self, name: str, scope: Scope, span: Span) -> Expr:
        """A const that is part of the state; it cannot be used before the state variables are known."""
        if name not in self.context.variables:
            message = f"cluster `{self.context.cluster.name}` fixes no value of `{name}`, and sizes depend on it"
            raise Problem(Code.KS601, message, span, "give it one value in the cluster")
        return staging.read(self.context, scope, name, (), span)

    def _component_read(self, expr: checked.ComponentRead, scope: Scope) -> Expr:
        index = () if expr.instance is None else (self.lower(expr.instance, scope),)
        return staging.read(
            self.context, scope, names.component_variable(expr.component, expr.variable), index, expr.span
        )

    def _seen_by(self, expr: checked.SeenBy, scope: Scope) -> Expr:
        if expr.instance is None:
            return self.lower(expr.operand, scope.seen_by(Reader(expr.component, None)))
        instance = self.lower(expr.instance, scope)
        return self.let(
            "instance", instance, lambda it: self.lower(expr.operand, scope.seen_by(Reader(expr.component, it)))
        )

    def _lookup(self, expr: checked.Lookup, scope: Scope) -> Expr:
        """The object with these keys: one that the body created, or one from before that it did not delete."""
        kind = self.context.kind(expr.kind).sort
        lets: list[tuple[Local, Expr]] = []
        keys = tuple(self.bind("key", self.lower(key, scope), lets) for key in expr.keys)
        variables = key_variables(self.context, expr.kind)
        before = Lookup(kind, variables, keys, OptionSort(kind), scope.moment)
        seen = eyes(self.context, scope, expr.kind)
        if seen is not None:
            found = look_up(self.context, seen, variables, keys, before, expr.span)
            at_once = seen.shows_own_writes()
            if at_once != FALSE and staging.changes_lives(scope, expr.kind):
                now = self._lookup_over(kind, variables, keys, before, scope.in_store())
                found = build.conditional(at_once, now, found)
            return self.within_lets(lets, found)
        if not staging.changes_lives(scope, expr.kind):
            return self.within_lets(lets, before)
        return self.within_lets(lets, self._lookup_over(kind, variables, keys, before, scope))

    def _lookup_over(
        self, kind: ObjectSort, variables: tuple[str, ...], keys: tuple[Expr, ...], before: Expr, scope: Scope
    ) -> Expr:
        nothing = build.none(kind)
        result = self.let("found", before, lambda found: self._if_alive(found, nothing, scope))
        for created, there in quantifiers.created_objects(self, scope, kind):
            own = (staging.read(self.context, scope, name, (created,), NOWHERE) for name in variables)
            same = (build.equal(key, wanted) for key, wanted in zip(own, keys, strict=True))
            result = build.conditional(build.conjunction(there, *same), created, result)
        return result

    def _if_alive(self, found: Expr, nothing: Expr, scope: Scope) -> Expr:
        item = self.context.fresh("object", build.unwrap(found).sort)
        alive = Let(item, build.unwrap(found), staging.is_alive(self.context, scope, Use(item)))
        return build.conditional(build.conjunction(build.negate(build.equal(found, nothing)), alive), found, nothing)

    def _call(self, expr: checked.DefCall, scope: Scope) -> Expr:
        definition = self.context.model.defs[expr.definition]
        lets: list[tuple[Local, Expr]] = []
        inside = scope
        for parameter, argument in zip(definition.parameters, expr.arguments, strict=True):
            inside = inside.with_alias(parameter, argument)
            inside = inside.bind(parameter, self.bind(parameter.name, self.lower(argument, scope), lets))
        return self.within_lets(lets, self.lower(definition.body, inside))

    def _logical(self, expr: checked.Logical, scope: Scope) -> Expr:
        match expr.operator:
            case "and":
                return build.conjunction(*(self.lower(part, scope) for part in chain(expr)))
            case "or":
                return build.disjunction(*(self.lower(part, scope) for part in chain(expr)))
            case "implies":
                return build.implies(self.lower(expr.left, scope), self.lower(expr.right, scope))
            case _:
                return build.equal(self.lower(expr.left, scope), self.lower(expr.right, scope), expr.span)

    def _compare(self, expr: checked.Compare, scope: Scope) -> Expr:
        left, right = self.lower(expr.left, scope), self.lower(expr.right, scope)
        match expr.operator:
            case "==":
                return self.equal(left, right, scope, expr.span)
            case "!=":
                return build.negate(self.equal(left, right, scope, expr.span))
            case "<":
                return build.compare(Order.LESS, left, right)
            case "<=":
                return build.compare(Order.AT_MOST, left, right)
            case operator:
                order = Order.LESS if operator == ">" else Order.AT_MOST
                if not (may_fail(left) and may_fail(right)):
                    return build.compare(order, right, left)
                lets: list[tuple[Local, Expr]] = []
                first, second = self.bind("left", left, lets), self.bind("right", right, lets)
                return self.within_lets(lets, build.compare(order, second, first))

    def equal(self, left: Expr, right: Expr, scope: Scope, span: Span) -> Expr:
        """Equality; of maps whose keys come and go: of the entries of the keys that exist."""
        return quantifiers.equal_entries(self, left, right, scope) or build.equal(left, right, span)

    def _arithmetic(self, expr: checked.Arithmetic, scope: Scope) -> Expr:
        """Long sums lean to the left: that spine is walked, not recursed into."""
        spine = [expr]
        while isinstance(spine[-1].left, checked.Arithmetic):
            spine.append(spine[-1].left)
        result = self.lower(spine[-1].left, scope)
        for node in reversed(spine):
            self.context.spend(node.span)
            result = build.arithmetic(_OPERATORS[node.operator], result, self.lower(node.right, scope), node.span)
        return result


def key_variables(context: Context, kind: str) -> tuple[str, ...]:
    """The state variables of a kind's key fields, in the order declared."""
    fields = context.model.kinds[kind].fields
    return tuple(names.field(kind, field.name) for field in fields if field.modifier == "key")


def _narrow(expr: Expr, narrowed: bool, *, is_kept: bool = False) -> Expr:
    """The value of an atom; where the text shows that it is not none, without that case. `is_kept`: the text showed it
    in an earlier step of a run."""
    if not narrowed:
        return expr
    return build.unwrap_anyway(expr) if is_kept else build.unwrap(expr)
