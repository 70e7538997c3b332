"""The clauses of components: what they watch, may do, lose and survive."""

from __future__ import annotations

from dataclasses import replace

from lark import Token

from kspec.language import tree
from kspec.language.build_statements import StatementBuilder
from kspec.system.spans import Span


class ClauseBuilder(StatementBuilder):
    def watches(self, span: Span, kinds: tuple[tree.Path, ...], lag: Token | tree.Expr) -> tree.ComponentItem:
        """The lag is a token for `any`."""
        return tree.Watches(kinds, None if isinstance(lag, Token) else lag, span)

    def reads_own_writes(self, span: Span) -> tree.ComponentItem:
        return tree.ReadsOwnWrites(span)

    def loses_events(self, span: Span, budget: tree.Budget) -> tree.ComponentItem:
        return tree.LosesEvents(budget, span)

    def relists(self, span: Span) -> tree.ComponentItem:
        return tree.Relists(span)

    def crashes(self, span: Span, budget: tree.Budget, stale: tree.Expr | None) -> tree.ComponentItem:
        return tree.Crashes(budget, stale, span)

    def disconnects(self, span: Span, budget: tree.Budget) -> tree.ComponentItem:
        return tree.Disconnects(budget, span)

    def may_stay_disconnected(self, span: Span) -> tree.ComponentItem:
        return tree.MayStayDisconnected(span)

    def may(self, span: Span, verb: Token, permission: tree.Permission) -> tree.ComponentItem:
        return tree.May(replace(permission, verb=str(verb)), span)

    def may_call(self, span: Span, request: tree.Path) -> tree.ComponentItem:
        return tree.MayCall(request, span)

    def request_name(self, span: Span, first: Token | tree.Path, member: Token | None = None) -> tree.Path:
        if member is None:
            assert isinstance(first, Token)
            return tree.Path((self._name(first),), span)
        assert isinstance(first, tree.Path)
        return tree.Path((*first.parts, self._name(member)), span)
