"""Declarations, but for clusters and the clauses of components."""

from __future__ import annotations

from lark import Token

from kspec.language import tree
from kspec.language.build_clauses import ClauseBuilder
from kspec.language.tokens import shown
from kspec.system.spans import Span


class DeclarationBuilder(ClauseBuilder):
    def file(self, _span: Span, *declarations: tree.Declaration) -> tuple[tree.Declaration, ...]:
        return declarations

    def import_file(self, span: Span, path: Token, alias: tree.Name | None) -> tree.Declaration:
        return tree.Import(path[1:-1], alias, span)

    # --- values and kinds

    def const(self, span: Span, name: tree.Name, type: tree.Type, value: tree.Expr | None) -> tree.Declaration:
        return tree.Const(name, type, value, self.doc, span)

    def variable(
        self, span: Span, ghost: Token | None, durable: Token | None, name: tree.Name, type: tree.Type, value: tree.Expr
    ) -> tree.Var:
        return tree.Var(name, type, value, ghost is not None, durable is not None, self.doc, span)

    def enum(self, span: Span, name: tree.Name, *members: tree.Name) -> tree.Declaration:
        return tree.Enum(name, members, self.doc, span)

    def quantity(self, span: Span, name: tree.Name, bound: tree.Expr) -> tree.Declaration:
        return tree.Quantity(name, bound, self.doc, span)

    def kind(
        self, span: Span, single: Token | None, name: tree.Name, fields: tuple[tree.Field, ...] | None
    ) -> tree.Declaration:
        return tree.Kind(name, single is not None, fields or (), self.doc, span)

    def extend(self, span: Span, kind: tree.Path, fields: tuple[tree.Field, ...]) -> tree.Declaration:
        return tree.Extend(kind, fields, span)

    def fields(self, _span: Span, *fields: tree.Field) -> tuple[tree.Field, ...]:
        return fields

    def field(
        self, span: Span, modifier: Token | None, name: tree.Name, type: tree.Type, default: tree.Expr | None
    ) -> tree.Field:
        return tree.Field(_text(modifier), name, type, default, self.doc, span)

    # --- definitions

    def definition(
        self,
        span: Span,
        modifier: Token | None,
        name: tree.Name,
        parameters: tuple[tree.Parameter, ...] | None,
        result: tree.Type,
        body: tree.Expr,
    ) -> tree.Def:
        return tree.Def(_text(modifier), name, parameters or (), result, body, self.doc, span)

    def typed_parameters(self, _span: Span, *groups: tuple[tree.Parameter, ...]) -> tuple[tree.Parameter, ...]:
        return tuple(parameter for group in groups for parameter in group)

    def typed_parameter(self, _span: Span, names: tuple[tree.Name, ...], type: tree.Type) -> tuple[tree.Parameter, ...]:
        return tuple(tree.Parameter(name, type, name.span.to(type.span)) for name in names)

    # --- components

    def component(
        self, span: Span, name: tree.Name, per: tree.Parameter | None, items: tuple[tree.ComponentItem, ...]
    ) -> tree.Declaration:
        return tree.Component(name, per, items, self.doc, span)

    def environment(self, span: Span, items: tuple[tree.ComponentItem, ...]) -> tree.Declaration:
        name = self._environment(span)
        return tree.Component(name, None, items, self.doc, span)

    def instance(self, span: Span, name: tree.Name, type: tree.Type) -> tree.Parameter:
        return tree.Parameter(name, type, span)

    def component_items(self, _span: Span, *items: tree.ComponentItem) -> tuple[tree.ComponentItem, ...]:
        return items

    def action(
        self,
        span: Span,
        fairness: tree.Fairness | None,
        atomic: Token | None,
        name: tree.Name,
        parameters: tuple[tree.Group, ...] | None,
        guards: tuple[tree.Expr, ...],
        budget: tree.Budget | None,
        body: tree.Block,
    ) -> tree.ComponentItem:
        return tree.Action(name, fairness, atomic is not None, parameters or (), guards, budget, body, self.doc, span)

    def process(
        self,
        span: Span,
        fairness: tree.Fairness | None,
        name: tree.Name,
        parameters: tuple[tree.Group, ...] | None,
        workers: tree.Expr | None,
        guards: tuple[tree.Expr, ...],
        budget: tree.Budget | None,
        body: tree.Block,
    ) -> tree.ComponentItem:
        return tree.Process(name, fairness, parameters or (), workers, guards, budget, body, self.doc, span)

    def fairness(
        self, span: Span, strong: Token | None, unit: Token | tuple[tree.Name, ...] | tree.Name | None
    ) -> tree.Fairness:
        """The unit is a token for `overall`, and one name for `per key p`."""
        if isinstance(unit, Token):
            return tree.Fairness(strong is not None, (), False, span)
        if isinstance(unit, tree.Name):
            return tree.Fairness(strong is not None, (unit,), True, span)
        return tree.Fairness(strong is not None, unit, False, span)

    def fair_key(self, _span: Span, name: tree.Name) -> tree.Name:
        return name

    def guards(self, _span: Span, *guards: tree.Expr) -> tuple[tree.Expr, ...]:
        return guards

    def budget(self, span: Span, limit: tree.Expr, each: Token | None) -> tree.Budget:
        return tree.Budget(limit, each is not None, span)

    # --- properties

    def property(
        self, span: Span, kind: str, name: tree.Name, only_in: Token | None, body: tree.Expr
    ) -> tree.Declaration:
        return tree.Property(kind, name, _text(only_in), body, self.doc, span)

    def property_kind(self, _span: Span, word: Token) -> str:
        return str(word)

    def pattern(
        self, span: Span, name: tree.Name, parameters: tuple[tree.Parameter, ...] | None, body: tree.Expr
    ) -> tree.Declaration:
        return tree.Pattern(name, parameters or (), body, self.doc, span)

    def assume(self, span: Span, name: tree.Name, body: tree.Expr) -> tree.Declaration:
        return tree.Assume(name, body, span)

    def terminal(self, span: Span, condition: tree.Expr) -> tree.Declaration:
        return tree.Terminal(condition, span)

    def expect_named(self, span: Span, what: tree.Name, name: tree.Name, only_in: Token | None) -> tree.Declaration:
        if what.text != "violation":
            message = f"`{shown(what.text)}` cannot be expected"
            self._refuse(message, what.span, "write `expect violation NAME`, or `expect states 12, transitions 34`")
        return tree.ExpectViolation(name, _text(only_in), span)

    def expect_counts(self, span: Span, counts: tuple[tree.Count, ...], only_in: Token | None) -> tree.Declaration:
        return tree.ExpectCounts(counts, _text(only_in), span)

    def expected_counts(self, _span: Span, *counts: tree.Count) -> tuple[tree.Count, ...]:
        return counts

    def expected_count(self, span: Span, first: tree.Name, second: tree.Name | None, number: Token) -> tree.Count:
        name = first.text if second is None else f"{first.text} {second.text}"
        return tree.Count(name, int(number), span)

    # --- the API server

    def request(
        self,
        span: Span,
        name: tree.Name,
        parameters: tuple[tree.Group, ...] | None,
        guards: tuple[tree.Expr, ...],
        body: tree.Block,
    ) -> tree.Declaration:
        return tree.Request(name, parameters or (), guards, body, self.doc, span)

    def admit(
        self, span: Span, verb: Token, kind: tree.Path, variable: tree.Name, condition: tree.Expr
    ) -> tree.Declaration:
        return tree.Admit(str(verb), kind, variable, condition, span)


def _text(token: Token | None) -> str | None:
    return None if token is None else str(token)
