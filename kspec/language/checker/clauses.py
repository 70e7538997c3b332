"""The clauses of components: what they watch, may do, lose and survive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from kspec.language import checked, tree
from kspec.language.checker.authority import check_may
from kspec.language.checker.context import ComponentInfo
from kspec.language.checker.names import ENVIRONMENT
from kspec.language.checker.scope import Purpose, Scope
from kspec.language.codes import Code
from kspec.language.diagnostics import did_you_mean, near_or_known
from kspec.system.spans import Span

if TYPE_CHECKING:
    from kspec.language.checker.expressions import ExpressionChecker


def check_clauses(
    checker: ExpressionChecker, info: ComponentInfo, scope: Scope, nodes: Sequence[tree.Clause]
) -> checked.Clauses:
    """The clauses of one component; `scope` is that of its actions."""
    if info.name == ENVIRONMENT:
        for node in nodes:
            message = "the environment sees and may do everything"
            checker.context.report(Code.KS310, message, node.span, "write it in a component")
        return checked.Clauses()
    reader = _Reader(checker, info, scope)
    for node in nodes:
        reader.read(node)
    return reader.finish()


class _Reader:
    """Collects the clauses of a component."""

    def __init__(self, checker: ExpressionChecker, info: ComponentInfo, scope: Scope) -> None:
        self._checker = checker
        self._info = info
        self._scope = scope
        self._found = checked.Clauses()
        self._said: dict[str, Span] = {}

    def read(self, node: tree.Clause) -> None:
        match node:
            case tree.Watches():
                self._watches(node)
            case tree.ReadsOwnWrites(span):
                self._once("reads own writes", span)
                self._found = replace(self._found, reads_own_writes=span)
            case tree.LosesEvents(budget, span):
                self._once("loses events", span)
                self._found = replace(self._found, loses=self._budget(budget))
            case tree.Relists(span):
                self._once("relists", span)
                self._found = replace(self._found, relists=span)
            case tree.Crashes(budget, stale, span):
                self._once("crashes", span)
                old = None if stale is None else self._number(stale, "`from stale`")
                self._found = replace(self._found, crashes=checked.Crashes(self._budget(budget), old))
            case tree.Disconnects(budget, span):
                self._once("disconnects", span)
                self._found = replace(self._found, disconnects=checked.Disconnects(self._budget(budget), False))
            case tree.MayStayDisconnected(span):
                self._once("may stay disconnected", span)
            case tree.May(permission):
                permissions = check_may(self._checker, self._scope, permission)
                self._found = replace(self._found, may=(*(self._found.may or ()), *permissions))
            case tree.MayCall(path):
                self._may_call(path)
            case _ as unreachable:
                assert_never(unreachable)

    def finish(self) -> checked.Clauses:
        """The clauses, after a look at those that need another."""
        found, said = self._found, self._said
        if "may stay disconnected" in said:
            if found.disconnects is None:
                self._lacks("may stay disconnected", "`disconnects`", "write `disconnects at most 1` beside it")
            else:
                found = replace(found, disconnects=replace(found.disconnects, may_stay=True))
        if found.relists is not None and found.loses is None:
            self._lacks("relists", "`loses events`", "without lost events there is nothing to list again")
        if found.reads_own_writes is not None and not found.watches:
            self._lacks("reads own writes", "`watches`", "without a view it reads the store, its own writes included")
        if found.loses is not None and not found.watches:
            self._lacks("loses events", "`watches`", "without a view there are no events to lose")
        if found.crashes is not None and found.crashes.stale is not None and not found.watches:
            hint = "`from stale` says where its views start again, and without `watches` it has none"
            self._report(Code.KS310, "`from stale` without `watches`", found.crashes.stale.span, hint)
        return found

    def _watches(self, node: tree.Watches) -> None:
        lag = None if node.lag is None else self._number(node.lag, "`lag`")
        for path in node.kinds:
            entity = self._checker.context.names.find(self._scope.module, path)
            if entity is None or not isinstance(entity.node, tree.Kind):
                hint = near_or_known(str(path), self._checker.context.kinds)
                self._report(Code.KS101, f"there is no kind `{path}`", path.span, hint)
                continue
            if any(watch.kind == entity.name for watch in self._found.watches):
                message = f"`{self._info.name}` watches `{entity.name}` twice"
                self._report(Code.KS310, message, path.span, "keep one of them")
                continue
            watch = checked.Watch(entity.name, lag, path.span)
            self._found = replace(self._found, watches=(*self._found.watches, watch))

    def _may_call(self, path: tree.Path) -> None:
        entity = self._checker.context.names.find(self._scope.module, path)
        if entity is None or not isinstance(entity.node, tree.Request):
            hint = did_you_mean(str(path), self._checker.context.requests)
            hint = hint or "`may` is followed by get, update, create, delete, or the name of a request"
            self._report(Code.KS101, f"there is no request called `{path}`", path.span, hint)
            return
        self._found = replace(self._found, may=self._found.may or (), calls=(*self._found.calls, entity.name))

    def _once(self, clause: str, span: Span) -> None:
        known = self._said.setdefault(clause, span)
        if known is not span:
            related = ((known, "the other"),)
            message = f"`{self._info.name}` says `{clause}` twice"
            self._checker.context.report(Code.KS310, message, span, "keep one of them", related)

    def _lacks(self, clause: str, other: str, hint: str) -> None:
        self._report(Code.KS310, f"`{clause}` without {other}", self._said[clause], hint)

    def _budget(self, node: tree.Budget) -> checked.Budget:
        return checked.Budget(self._number(node.limit, "a budget"), node.each, node.span)

    def _number(self, node: tree.Expr, what: str) -> checked.Expr:
        return self._checker.number(Scope(self._scope.module, Purpose.CONSTANT, {}), node, what)

    def _report(self, code: Code, message: str, span: Span, hint: str | None = None) -> None:
        self._checker.context.report(code, message, span, hint)
