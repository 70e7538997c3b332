"""Bodies of actions: what a sequence of statements does, as steps and writes over the state before it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, TypeAlias, assert_never

from kspec.language import checked
from kspec.language.codes import Code
from kspec.language.types import OptionType, Type
from kspec.language.walk import statements
from kspec.lower import build, names, quantifiers
from kspec.lower.loops import lower_for
from kspec.lower.path import Path
from kspec.lower.problems import PATH_LIMIT, Problem
from kspec.lower.requests import calls, copies
from kspec.lower.requests.assignments import lower_assignment, lower_delete, lower_group
from kspec.lower.requests.creation import lower_create
from kspec.lower.requests.groups import Group, Handlers, Part, in_requests
from kspec.lower.requests.judgement import Judgement
from kspec.lower.requests.places import root_and_keys
from kspec.system.expressions import FALSE, TRUE, Expr, FailureKind
from kspec.system.spans import Span
from kspec.system.transitions import Role

if TYPE_CHECKING:
    from kspec.lower.expressions import ExpressionLowering

Case: TypeAlias = "tuple[Expr, tuple[Part, ...]]"
"""An atom, and what is done where it is true."""


class BodyLowering:
    """Lowers the body of one action, called `name`. A statement takes a path and gives those that go on from it, in
    order."""

    def __init__(
        self, lowering: ExpressionLowering, name: str, body: tuple[checked.Statement, ...], span: Span
    ) -> None:
        self.lowering = lowering
        self.name = name
        self.span = span
        requests = lowering.context.model.requests.values()
        self.looked_at = copies.fields_of_copies((body, *(request.body for request in requests)))

    def run(self, body: tuple[checked.Statement, ...], path: Path) -> list[Path]:
        return self.run_parts(tuple(in_requests(body)), [path])

    def run_parts(self, parts: tuple[Part, ...], paths: list[Path]) -> list[Path]:
        for number, part in enumerate(parts, start=1):
            paths = self.each_path(paths, partial(self.run_part, part, parts[number:]))
        return paths

    def each_path(self, paths: list[Path], run: Callable[[Path], list[Path]]) -> list[Path]:
        """The paths after something that those do which go on."""
        after: list[Path] = []
        for before in paths:
            after += [before] if before.condition == FALSE else run(before)
            self._require_few(len(after))
        return after

    def run_part(self, part: Part, behind: tuple[Part, ...], path: Path) -> list[Path]:
        """One statement; `behind` is what comes after it in its block."""
        del behind
        return self.part(part, path)

    def part(self, part: Part, path: Path) -> list[Path]:  # noqa: C901 - one case a construct
        match part:
            case Group():
                return self._group(part, path)
            case checked.Handled(statement, handlers):
                return self._request(statement, handlers, path)
            case (
                checked.Assign(_, checked.Create())
                | checked.Let(_, checked.Create() | checked.Get())
                | checked.CreateStatement()
                | checked.GetStatement()
                | checked.Update()
                | checked.Delete()
                | checked.Call()
            ):
                return self._request(part, (), path)
            case checked.Assign():
                lower_assignment(self.lowering, path, part)
            case checked.Let(local, value):
                assert not isinstance(value, checked.Create | checked.Get)
                path.locals[local.id] = path.evaluate(local.name, self.lowering.lower(value, path.scope()))
            case checked.Assert(condition, text, span):
                path.check(self.lowering.lower(condition, path.scope()), FailureKind.ASSERTS, text, span)
            case checked.For():
                first = len(path.writes)
                lower_for(self.lowering, path, part)
                copies.outdate(self.lowering, path, first, None)
            case checked.Revoke(component, verb, kind, field):
                path.write(names.revoked(component, verb, kind, field), (), TRUE)
            case checked.If():
                return self._branching_if(part, path) if branches(part) else self._if(part, path)
            case checked.Choose():
                return self._choose(part, path)
            case checked.Either():
                return self._either(part, path)
            case checked.Return():
                path.end()
            case checked.Deny():
                calls.deny(path)
            case checked.LocalVar() | checked.While() | checked.ForEach() | checked.Await() | checked.Yield():
                return self.process_statement(part, path)
            case _ as unreachable:
                assert_never(unreachable)
        return [path]

    def process_statement(
        self,
        statement: checked.LocalVar | checked.While | checked.ForEach | checked.Await | checked.Yield,
        path: Path,
    ) -> list[Path]:
        raise AssertionError(f"only in a process: {statement}")

    # --- requests ----------------------------------------------------------------------------------------------------

    def _group(self, group: Group, path: Path) -> list[Path]:
        first, *rest = group.assignments
        if not isinstance(first.value, checked.Create):
            return self._settle(self._judge_group(group.assignments, path, None), group.handlers, path)
        if not rest:
            return self._assign_created(first, group.handlers, path)
        judgement, item = lower_create(self.lowering, path, first.value)
        self._settle(judgement, (), path)
        return self._settle(self._judge_group(group.assignments, path, item), group.handlers, path)

    def _request(self, statement: checked.Statement, handlers: Handlers, path: Path) -> list[Path]:
        match statement:
            case checked.Call():
                return self._call(statement, handlers, path)
            case checked.Assign(_, checked.Create()):
                return self._assign_created(statement, handlers, path)
            case _:
                return self._settle(self._judge(statement, path), handlers, path)

    def _judge(self, statement: checked.Statement, path: Path) -> Judgement:
        """The request, its writes done where it proceeds."""
        written, updated = len(path.writes), None
        match statement:
            case checked.CreateStatement(create):
                judgement, _ = lower_create(self.lowering, path, create)
            case checked.Let(local, checked.Create() as create):
                judgement, item = lower_create(self.lowering, path, create)
                path.locals[local.id] = _or_none(local.type, judgement, item)
            case checked.GetStatement(get):
                judgement, _ = copies.lower_get(self.lowering, path, get, ())
            case checked.Let(local, checked.Get() as get):
                judgement, copy = copies.lower_get(self.lowering, path, get, self.looked_at.get(local.id, ()))
                path.copies[local.id] = copy
                path.locals[local.id] = _or_none(local.type, judgement, copy.item)
            case checked.Update(local):
                judgement = copies.lower_update(self.lowering, path, statement)
                updated = local.id
            case checked.Delete():
                judgement = lower_delete(self.lowering, path, statement)
            case _:
                raise AssertionError(f"no request: {statement}")
        copies.outdate(self.lowering, path, written, updated)
        return judgement

    def _assign_created(self, assignment: checked.Assign, handlers: Handlers, path: Path) -> list[Path]:
        """The new object where the create is accepted. Where it is refused and the body goes on: none, behind the
        handler."""
        assert isinstance(assignment.value, checked.Create)
        judgement, item = lower_create(self.lowering, path, assignment.value)
        if not judgement.is_handled(handlers):
            self._settle(judgement, (), path)
            self._give(assignment, item, path)
            return [path]
        endings = len(path.endings)
        with judgement.only_if_it_proceeds():
            self._give(assignment, item, path)
        self._leave_out_ended(endings, path)
        return self._settle(judgement, handlers, path, _of_nothing(assignment))

    def _give(self, assignment: checked.Assign, created: Expr, path: Path) -> None:
        """The new object gets to its place. A request that is refused ends the body: handlers are for the create."""
        if _is_of_object(assignment):
            self._judge_group((assignment,), path, created).end_where_refused()
        else:
            lower_assignment(self.lowering, path, assignment, created)

    def _judge_group(self, assignments: tuple[checked.Assign, ...], path: Path, first: Expr | None) -> Judgement:
        """The request that assignments make, its writes done where it proceeds. `first`: the first value, if it is
        known."""
        written = len(path.writes)
        judgement = lower_group(self.lowering, path, assignments, first)
        copies.outdate(self.lowering, path, written, None)
        return judgement

    def _call(self, call: checked.Call, handlers: Handlers, path: Path) -> list[Path]:
        """A declared request: its statements, inlined."""
        entered = calls.enter(self.lowering, path, call)
        request = self.lowering.context.model.requests[call.request]
        after: list[Path] = []
        for ended in self.run(request.body, path):
            judgement = entered.leave(ended)
            copies.outdate(self.lowering, ended, entered.written, None)
            after += self._settle(judgement, handlers, ended)
        return after

    def _settle(
        self, judgement: Judgement, handlers: Handlers, path: Path, behind: tuple[Part, ...] = ()
    ) -> list[Path]:
        """What the body does with the results of a request. `behind`: what it does behind every handler."""
        judgement.tell(handlers)
        handled = {result for handler in handlers for result in handler.results}
        unhandled = [refused.condition for refused in judgement.refused if refused.result not in handled]
        for refused in judgement.refused:
            if refused.result not in handled:
                calls.note_result(path, refused)
        if not judgement.is_handled(handlers):
            path.end_where(unhandled, judgement.proceeds)
            path.remember_seen(judgement.lives, judgement.where)
            return [path]
        goes_on = build.conjunction(path.condition, *map(build.negate, unhandled))
        path.end_where(unhandled, path.define("goes on", goes_on))
        bodies = [(*in_requests(handler.body), *behind) for handler in handlers]
        cases = [
            (judgement.where_refused(handler.results), body) for handler, body in zip(handlers, bodies, strict=True)
        ]
        if any(map(branches, (statement for handler in handlers for statement in handler.body))):
            return self._branching_cases(cases, path)
        self._cases(cases, path)
        return [path]

    # --- control -----------------------------------------------------------------------------------------------------

    def _if(self, statement: checked.If, path: Path) -> list[Path]:
        """Both branches on one path, each under its condition."""
        condition = path.holds("condition", self.lowering.lower(statement.condition, path.scope()))
        otherwise = path.holds("otherwise", build.negate(condition))
        then, other = tuple(in_requests(statement.then)), tuple(in_requests(statement.otherwise))
        self._cases([(condition, then), (otherwise, other)], path)
        return [path]

    def _cases(self, cases: Sequence[Case], path: Path) -> None:
        """Each body under its own atom, which implies the condition so far; what comes next goes on after all."""
        before, known, alive, held = path.condition, path.known, path.alive, path.held
        endings, survivors, still_held = len(path.endings), alive, held
        for number, (taken, body) in enumerate(cases):
            path.known, path.alive, path.held = known, alive, held
            path.go_on_if(taken)
            self.run_parts(body, [path])
            survivors = path.alive if number == 0 else survivors & path.alive
            still_held &= path.held
        path.condition, path.known, path.alive, path.held = before, known, survivors & alive, still_held
        self._leave_out_ended(endings, path)

    def _leave_out_ended(self, endings: int, path: Path) -> None:
        """The body goes on where it did not end at one of the last endings, from the position `endings` on."""
        ended = path.endings[endings:]
        if ended:
            goes_on = build.conjunction(path.condition, *(build.negate(ending) for ending in ended))
            path.go_on_if(path.define("goes on", goes_on))

    def _branching_if(self, statement: checked.If, path: Path) -> list[Path]:
        """A path for each branch, because one of them decides how many transitions there are."""
        path, ended = self.only_where_it_goes_on(path)
        condition = path.evaluate("condition", self.lowering.lower(statement.condition, path.scope()))
        then, otherwise = path.copy(), path
        after: list[Path] = []
        for taken, branch, body in (
            (condition, then, statement.then),
            (build.negate(condition), otherwise, statement.otherwise),
        ):
            if taken != FALSE:
                branch.guard(taken, None, statement.condition.span)
                after += self.run(body, branch)
        return after + ended

    def _branching_cases(self, cases: Sequence[Case], path: Path) -> list[Path]:
        """A path for each case, and one for where none of them is."""
        path, ended = self.only_where_it_goes_on(path)
        after: list[Path] = []
        for taken, body in cases:
            branch = path.copy()
            branch.guard(taken, None, self.span)
            after += self.run_parts(body, [branch])
            path.guard(build.negate(taken), None, self.span)
        return [path, *after, *ended]

    def _choose(self, statement: checked.Choose, path: Path) -> list[Path]:
        path, ended = self.only_where_it_goes_on(path)
        bind_variables(self.lowering, path, statement.variables, Role.CHOICE)
        if statement.where is not None:
            where = self.lowering.lower(statement.where, path.scope())
            path.guard(where, None, statement.where.span)
        return [path, *ended]

    def _either(self, statement: checked.Either, path: Path) -> list[Path]:
        path, ended = self.only_where_it_goes_on(path)
        self._require_few(len(statement.branches))
        after: list[Path] = []
        for number, body in enumerate(statement.branches, start=1):
            branch = path.copy()
            branch.branches = (*path.branches, str(number))
            after += self.run(body, branch)
        return after + ended

    def only_where_it_goes_on(self, path: Path) -> tuple[Path, list[Path]]:
        """The path without a condition, and one that ends here for where a request before ended the body."""
        if path.condition == TRUE:
            return path, []
        ended = path.copy()
        ended.guard(build.negate(path.condition), None, self.span)
        ended.condition = FALSE
        path.guard(path.condition, None, self.span)
        path.condition = TRUE
        return path, [ended]

    def _require_few(self, paths: int) -> None:
        if paths > PATH_LIMIT:
            message = f"`{self.name}` branches into more than {PATH_LIMIT} ways through its body"
            raise Problem(Code.KS608, message, self.span, "use fewer `either`, or several actions")


def bind_variables(
    lowering: ExpressionLowering, path: Path, variables: tuple[checked.Variable, ...], role: Role
) -> None:
    """Binds variables of an action, each over what it ranges over at the end of the path."""
    for variable in variables:
        ranged = quantifiers.range_over(lowering, (variable,), path.scope())
        (binding,) = ranged.bindings
        path.bind(binding.local, binding.domain, role)
        item = ranged.scope.locals[variable.local.id]
        path.locals[variable.local.id] = item
        if any(local == binding.local.id for local, _ in ranged.scope.alive):
            path.remember_alive(item)
        path.guard(ranged.filter, None, variable.domain.span)
        if binding.local.id in ranged.scope.held:
            path.remember_seen(item, ranged.scope)


def branches(statement: checked.Statement) -> bool:
    """Whether a statement decides how many transitions there are."""
    model = (checked.Choose, checked.Either, checked.ForEach, checked.Call)
    return any(isinstance(inner, model) for inner in statements((statement,)))


def _or_none(type: Type, judgement: Judgement, item: Expr) -> Expr:
    """What a request gives; where a place for it may be none, that is what a refused one gives."""
    if not _is_option(type):
        return item
    nothing = build.none(item.sort)
    return judgement.path.define("given", build.conditional(judgement.proceeds, item, nothing))


def _of_nothing(assignment: checked.Assign) -> tuple[Part, ...]:
    """The assignment of none to the place of a create; nothing where that cannot be none: then every handler ends."""
    if not _is_option(assignment.place.type):
        return ()
    nothing = replace(assignment, value=checked.NoneValue(assignment.value.span))
    return (Group((nothing,)) if _is_of_object(assignment) else nothing,)


def _is_of_object(assignment: checked.Assign) -> bool:
    """Whether it is a request: a variable is no object."""
    return isinstance(root_and_keys(assignment.place)[0], checked.FieldPlace)


def _is_option(type: Type) -> bool:
    return isinstance(type, OptionType)
