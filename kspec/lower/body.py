"""Bodies of actions: what a sequence of statements does, as steps and writes over the state before it."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from kspec.language import checked
from kspec.language.codes import Code
from kspec.language.walk import statements
from kspec.lower import build, quantifiers
from kspec.lower.creation import lower_create, right_side
from kspec.lower.loops import lower_for
from kspec.lower.path import Path
from kspec.lower.problems import PATH_LIMIT, Problem
from kspec.lower.requests import in_requests, lower_assignment, lower_delete, lower_request
from kspec.system.expressions import FALSE, TRUE, FailureKind
from kspec.system.transitions import Role

if TYPE_CHECKING:
    from kspec.lower.expressions import ExpressionLowering


class BodyLowering:
    """Lowers the body of one action. A statement takes a path and gives those that go on from it, in order."""

    def __init__(self, lowering: ExpressionLowering, action: checked.Action) -> None:
        self.lowering = lowering
        self.action = action

    def run(self, body: tuple[checked.Statement, ...], path: Path) -> list[Path]:
        paths = [path]
        for part in in_requests(body):
            after: list[Path] = []
            for before in paths:
                after += [before] if before.condition == FALSE else self._statement(part, before)
                self._require_few(len(after))
            paths = after
        return paths

    def _statement(self, part: checked.Statement | tuple[checked.Assign, ...], path: Path) -> list[Path]:
        match part:
            case tuple():
                lower_request(self.lowering, path, part)
            case checked.Assign():
                lower_assignment(self.lowering, path, part)
            case checked.Let(local, value):
                path.locals[local.id] = path.evaluate(local.name, right_side(self.lowering, path, value))
            case checked.CreateStatement(create):
                lower_create(self.lowering, path, create)
            case checked.Delete():
                lower_delete(self.lowering, path, part)
            case checked.Assert(condition, text, span):
                path.check(self.lowering.lower(condition, path.scope()), FailureKind.ASSERTS, text, span)
            case checked.For():
                lower_for(self.lowering, path, part)
            case checked.If():
                return self._branching_if(part, path) if _branches(part) else self._if(part, path)
            case checked.Choose():
                return self._choose(part, path)
            case checked.Either():
                return self._either(part, path)
            case _ as unreachable:
                assert_never(unreachable)
        return [path]

    def _if(self, statement: checked.If, path: Path) -> list[Path]:
        """Both branches on one path, each under its condition."""
        before, known, alive = path.condition, path.known, path.alive
        endings = len(path.endings)
        condition = path.holds("condition", self.lowering.lower(statement.condition, path.scope()))
        otherwise = path.holds("otherwise", build.negate(condition))
        survivors = []
        for taken, body in ((condition, statement.then), (otherwise, statement.otherwise)):
            path.known, path.alive = known, alive
            path.go_on_if(taken)
            self.run(body, path)
            survivors.append(path.alive)
        path.condition, path.known, path.alive = before, known, survivors[0] & survivors[1]
        ended = path.endings[endings:]
        if ended:
            goes_on = build.conjunction(before, *(build.negate(refused) for refused in ended))
            path.go_on_if(path.define("goes on", goes_on))
        return [path]

    def _branching_if(self, statement: checked.If, path: Path) -> list[Path]:
        """A path for each branch, because one of them decides how many transitions there are."""
        path, ended = self._only_where_it_goes_on(path)
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

    def _choose(self, statement: checked.Choose, path: Path) -> list[Path]:
        path, ended = self._only_where_it_goes_on(path)
        bind_variables(self.lowering, path, statement.variables, Role.CHOICE)
        if statement.where is not None:
            where = self.lowering.lower(statement.where, path.scope())
            path.guard(where, None, statement.where.span)
        return [path, *ended]

    def _either(self, statement: checked.Either, path: Path) -> list[Path]:
        path, ended = self._only_where_it_goes_on(path)
        self._require_few(len(statement.branches))
        after: list[Path] = []
        for number, body in enumerate(statement.branches, start=1):
            branch = path.copy()
            branch.branches = (*path.branches, str(number))
            after += self.run(body, branch)
        return after + ended

    def _only_where_it_goes_on(self, path: Path) -> tuple[Path, list[Path]]:
        """The path without a condition, and one that ends here for where a request before ended the body."""
        if path.condition == TRUE:
            return path, []
        ended = path.copy()
        ended.guard(build.negate(path.condition), None, self.action.span)
        ended.condition = FALSE
        path.guard(path.condition, None, self.action.span)
        path.condition = TRUE
        return path, [ended]

    def _require_few(self, paths: int) -> None:
        if paths > PATH_LIMIT:
            message = f"`{self.action.name}` branches into more than {PATH_LIMIT} ways through its body"
            raise Problem(Code.KS608, message, self.action.span, "use fewer `either`, or several actions")


def bind_variables(
    lowering: ExpressionLowering, path: Path, variables: tuple[checked.Variable, ...], role: Role
) -> None:
    """Binds variables of an action, each over what it ranges over at the end of the path."""
    for variable in variables:
        ranged = quantifiers.range_over(lowering, (variable,), path.scope())
        (binding,) = ranged.bindings
        path.bind(binding.local, binding.domain, role)
        path.locals[variable.local.id] = ranged.scope.locals[variable.local.id]
        if any(local == binding.local.id for local, _ in ranged.scope.alive):
            path.remember_alive(ranged.scope.locals[variable.local.id])
        path.guard(ranged.filter, None, variable.domain.span)


def _branches(statement: checked.Statement) -> bool:
    return any(isinstance(inner, checked.Choose | checked.Either) for inner in statements((statement,)))
