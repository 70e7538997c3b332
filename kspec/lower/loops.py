"""`for`: simultaneous. Every iteration reads the state before the loop, and writes only its own object.

What can fail is looked for statement by statement, each for all objects in turn. A request to an object that is not
alive ends its own iteration only.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kspec.evaluate.walk import may_fail, used_locals
from kspec.language import checked
from kspec.lower import build, names, quantifiers, staging
from kspec.lower.path import Path
from kspec.lower.requests import admission, authority
from kspec.lower.requests.groups import Group, Part, in_requests
from kspec.lower.requests.judgement import DENIED, MISSING, UNREACHABLE
from kspec.lower.requests.places import describe_place, place_sort, root_and_keys, root_variable
from kspec.lower.scope import Scope
from kspec.lower.stored import check_keys, lower_keys, store, with_entry
from kspec.system.expressions import (
    FALSE,
    TRUE,
    Binding,
    Expr,
    FailureKind,
    Let,
    Literal,
    Local,
    Members,
    Read,
    Use,
)
from kspec.system.meanings import Reason
from kspec.system.sorts import ObjectSort, zero
from kspec.system.spans import NOWHERE, Span
from kspec.system.system import DELETED, STATUS
from kspec.system.transitions import ForEachCheck, Refusal, Write

if TYPE_CHECKING:
    from kspec.lower.expressions import ExpressionLowering


def lower_for(lowering: ExpressionLowering, path: Path, statement: checked.For) -> None:
    loop = _Loop(lowering, path, statement)
    loop.run(statement.body)
    loop.finish()


class _Loop:
    """One iteration, as a function of the loop's variable.

    `condition` is an atom: whether the iteration gets here; `lets` define what atoms of the iteration stand for, each
    once it is used. `gone` is an atom: whether the iteration deleted its object.
    """

    def __init__(self, lowering: ExpressionLowering, path: Path, statement: checked.For) -> None:
        self.lowering = lowering
        self.path = path
        ranged = quantifiers.range_over(lowering, (statement.variable,), path.scope())
        (binding,) = ranged.bindings
        if isinstance(binding.domain, Members):
            # Evaluated once: the writes look at it too, and must not fail.
            binding = Binding(binding.local, Members(path.evaluate("members", binding.domain.collection)))
        self.binding = binding
        self.item = Use(binding.local)
        assert isinstance(binding.local.sort, ObjectSort)
        self.kind = binding.local.sort
        self._scope: Scope = ranged.scope
        self.lets: list[tuple[Local, Expr]] = []
        self.writes: list[Write] = []
        self.refused: list[Refusal] = []
        self.gone: Expr = FALSE
        self.condition: Expr = TRUE
        self.condition = self._atom("turn", build.conjunction(path.condition, ranged.filter))
        if statement.where is not None:
            where = self.evaluate("turn", lowering.lower(statement.where, self._scope))
            self.condition = self._atom("turn", build.conjunction(self.condition, where))

    def run(self, body: tuple[checked.Statement, ...]) -> None:
        for part in in_requests(body):
            self._statement(part)

    def finish(self) -> None:
        """Adds the writes to the path: none of them was seen by the loop itself."""
        self.path.writes += self.writes
        for refusal in self.refused:
            self.path.refusals.append(replace(refusal, condition=self._within(refusal.condition), each=(self.binding,)))
        for write in self.writes:
            assert isinstance(self.binding.local.sort, ObjectSort)
            if write.variable == names.status(self.binding.local.sort.kind):
                self.path.forget_lives(self.binding.local.sort.kind)

    def _statement(self, part: Part) -> None:
        match part:
            case Group(assignments):
                self._request(assignments)
            case checked.Delete():
                self._delete(part)
            case checked.Let(local, value):
                assert not isinstance(value, checked.Create | checked.Get)
                self._bind(local, self.evaluate(local.name, self.lowering.lower(value, self._scope)))
            case checked.Assert(condition, text, span):
                self.check(self.lowering.lower(condition, self._scope), FailureKind.ASSERTS, text, span)
            case checked.If():
                self._if(part)
            case _:
                raise AssertionError(f"not in a for: {part}")

    def _if(self, statement: checked.If) -> None:
        before, refused = self.condition, len(self.refused)
        condition = self.evaluate("condition", self.lowering.lower(statement.condition, self._scope))
        self.condition = self._atom("condition", build.conjunction(before, condition))
        otherwise = self._atom("otherwise", build.conjunction(before, build.negate(condition)))
        self.run(statement.then)
        self.condition = otherwise
        self.run(statement.otherwise)
        goes_on = (build.negate(ended.condition) for ended in self.refused[refused:])
        self.condition = self._atom("goes on", build.conjunction(before, *goes_on))

    def _request(self, assignments: tuple[checked.Assign, ...]) -> None:
        roots = [root_and_keys(assignment.place)[0] for assignment in assignments]
        fields = tuple(dict.fromkeys(root.field for root in roots if isinstance(root, checked.FieldPlace)))
        span = assignments[0].span
        proceeds = self._judge("update", fields, span)
        first = len(self.writes)
        for assignment in assignments:
            assert not isinstance(assignment.value, checked.Create | checked.Get)
            sort, what = place_sort(self.lowering, assignment.place), describe_place(assignment.place)
            lowered = self.lowering.lower(assignment.value, self._scope)
            value = store(self.lowering, self, lowered, sort, what, assignment.span)
            self._write(assignment.place, value, proceeds)
        values = {field: self._held(names.field(self.kind.kind, field)) for field in fields}
        self.condition = self._admitted(values, proceeds, first, span)

    def _delete(self, statement: checked.Delete) -> None:
        proceeds = self._judge("delete", (), statement.span)
        self._add(names.status(self.kind.kind), Literal(DELETED, STATUS), proceeds)
        self.gone = self._atom("gone", build.disjunction(self.gone, proceeds))
        self.condition = proceeds

    def _judge(self, verb: str, fields: tuple[str, ...], span: Span) -> Expr:
        """An atom for: the iteration gets here, and nothing refuses the request to its object."""
        context, actor, scope = self.lowering.context, self.path.actor, self._scope.in_store()
        kind = self.kind.kind
        there = build.conjunction(staging.is_alive(context, scope, self.item), build.negate(self.gone))
        proceeds = self.condition
        asked = Refusal(UNREACHABLE, f"{verb} {kind}", FALSE, self.item, span)
        lacking = authority.lacking(actor, verb, kind, fields)
        denied = replace(asked, result=DENIED, reason=Reason.PERMISSION, fields=lacking)
        proceeds = self._refuse(asked, authority.unreachable(actor), proceeds)
        refused = authority.denied_object(self.lowering, actor, verb, kind, fields, self.item, scope)
        proceeds = self._refuse(denied, refused, proceeds)
        return self._refuse(replace(asked, result=MISSING), build.negate(there), proceeds)

    def _admitted(self, values: dict[str, Expr], proceeds: Expr, first: int, span: Span) -> Expr:
        """The same, after admission, which undoes the writes from the position `first` on."""
        scope = self._scope.in_store()
        refused = admission.refused(self.lowering, self.path.actor, "update", self.kind, self.item, values, scope)
        if refused == FALSE:
            return proceeds
        denied = Refusal(DENIED, f"update {self.kind.kind}", FALSE, self.item, span, reason=Reason.ADMISSION)
        admitted = self._refuse(denied, refused, proceeds)
        happens = self._within(admitted)
        self.writes[first:] = [
            replace(write, condition=build.conjunction(write.condition, happens)) for write in self.writes[first:]
        ]
        return admitted

    def _refuse(self, refusal: Refusal, when: Expr, proceeds: Expr) -> Expr:
        """An atom for: the request proceeds, unless it is refused where `when` is true."""
        if when == FALSE:
            return proceeds
        refused = self._atom(refusal.result, build.conjunction(proceeds, when))
        self.refused.append(replace(refusal, condition=refused))
        return self._atom("proceeds", build.conjunction(proceeds, build.negate(refused)))

    def _write(self, place: checked.Place, value: Expr, there: Expr) -> None:
        root, keys = root_and_keys(place)
        variable = root_variable(root)
        if keys:
            sort = self.lowering.context.variables[variable].sort
            atoms = lower_keys(self.lowering, self, keys)
            check_keys(self, atoms, sort, there, variable, place.span)
            changed = with_entry(self._held(variable), atoms, value)
            value = self._atom(variable, build.conditional(there, changed, Literal(zero(sort), sort)))
        self._add(variable, value, there)

    def _held(self, variable: str) -> Expr:
        """The map that a field holds, with the entries that this iteration wrote."""
        context = self.lowering.context
        before = Read(variable, (self.item,), context.variables[variable].sort)
        held = staging.value_over(context, self._scope.in_store(), variable, (self.item,), before)
        for write in self.writes:
            if write.variable == variable:
                held = build.conditional(write.condition, write.value, held)
        return self._atom(variable, held)

    def _add(self, variable: str, value: Expr, condition: Expr) -> None:
        if condition != FALSE:
            within = self._within
            self.writes.append(Write(variable, (self.item,), within(value), within(condition), (self.binding,)))

    def scope(self) -> Scope:
        """What an expression of the iteration sees: the state before the loop."""
        return self._scope

    # --- atoms of an iteration ---------------------------------------------------------------------------------------

    def _bind(self, local: checked.Local, value: Expr) -> None:
        self._scope = self._scope.bind(local, value)

    def evaluate(self, name: str, value: Expr) -> Expr:
        """An atom for a value that is evaluated where the iteration gets here; the path fails here if that fails."""
        if build.is_atom(value):
            return value
        guarded = build.conditional(self.condition, value, Literal(zero(value.sort), value.sort))
        atom = self._atom(name, guarded)
        if may_fail(value):
            evaluated = Let(self.lowering.context.fresh(name, value.sort), value, TRUE)
            self.check(evaluated, FailureKind.RANGES, name, NOWHERE)
        return atom

    def _atom(self, name: str, value: Expr) -> Expr:
        if build.is_atom(value):
            return value
        local = self.lowering.context.fresh(name, value.sort)
        self.lets.append((local, value))
        return Use(local)

    def _within(self, expr: Expr) -> Expr:
        """The expression, with the definitions of the atoms that it uses."""
        for local, value in reversed(self.lets):
            if local.id in used_locals(expr):
                expr = Let(local, value, expr)
        return expr

    def check(self, condition: Expr, failure: FailureKind, message: str, span: Span) -> None:
        """Fails unless `condition` for every object whose iteration gets here."""
        if condition == TRUE or self.condition == FALSE:
            return
        where, needed = self._within(self.condition), self._within(condition)
        self.path.steps.append(ForEachCheck((self.binding,), where, needed, failure, message, span))
