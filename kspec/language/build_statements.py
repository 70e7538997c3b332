"""Statements. A statement that this version does not check is a `Later`."""

from __future__ import annotations

from lark import Token

from kspec.language import tree
from kspec.language.build_expressions import ExpressionBuilder
from kspec.system.spans import Span


class StatementBuilder(ExpressionBuilder):
    def block(self, span: Span, *statements: tree.Statement) -> tree.Block:
        return tree.Block(statements, span)

    # --- writes

    def assign_statement(self, span: Span, target: tree.Expr, operator: Token, value: tree.RightSide) -> tree.Statement:
        return tree.Assign(target, str(operator), value, span)

    def let_statement(self, span: Span, name: tree.Name, value: tree.RightSide) -> tree.Statement:
        return tree.Let(name, value, span)

    def create(self, span: Span, kind: tree.Path, fields: tuple[tree.FieldValue, ...]) -> tree.Create:
        return tree.Create(kind, fields, span)

    def create_statement(self, span: Span, create: tree.Create) -> tree.Statement:
        return tree.CreateStatement(create, span)

    def field_values(self, _span: Span, *fields: tree.FieldValue) -> tuple[tree.FieldValue, ...]:
        return fields

    def field_value(self, span: Span, path: tree.Path, value: tree.RightSide) -> tree.FieldValue:
        return tree.FieldValue(path, value, span)

    def delete_statement(self, span: Span, object: tree.Expr) -> tree.Statement:
        return tree.Delete(object, span)

    # --- control

    def if_statement(
        self, span: Span, condition: tree.Expr, then: tree.Block, otherwise: tree.Block | tree.Statement | None
    ) -> tree.Statement:
        if otherwise is not None and not isinstance(otherwise, tree.Block):
            otherwise = tree.Block((otherwise,), otherwise.span)
        return tree.IfStatement(condition, then, otherwise, span)

    def choose_statement(self, span: Span, binder: tree.Binder) -> tree.Statement:
        return tree.Choose(binder, span)

    def either_statement(self, span: Span, *branches: tree.Block) -> tree.Statement:
        return tree.Either(branches, span)

    def assert_statement(self, span: Span, condition: tree.Expr) -> tree.Statement:
        return tree.Assert(condition, span)

    def for_statement(self, span: Span, binder: tree.Binder, body: tree.Block) -> tree.Statement:
        return tree.For(binder, body, span)

    # --- requests and processes

    def get(self, span: Span, object: tree.Expr) -> tree.Get:
        return tree.Get(object, span)

    def get_statement(self, span: Span, *_: object) -> tree.Statement:
        return tree.Later("get", span)

    def update_statement(self, span: Span, *_: object) -> tree.Statement:
        return tree.Later("update", span)

    def call_statement(self, span: Span, *_: object) -> tree.Statement:
        return tree.Later("request", span)

    def on_handler(self, _span: Span, *_: object) -> None:
        return None

    def handled_statement(self, span: Span, *_: object) -> tree.Statement:
        return tree.Later("on handlers", span)

    def for_each_statement(self, span: Span, *_: object) -> tree.Statement:
        return tree.Later("for each", span)

    def while_statement(self, span: Span, *_: object) -> tree.Statement:
        return tree.Later("while", span)

    def local_statement(self, span: Span, *_: object) -> tree.Statement:
        return tree.Later("var in a process", span)

    def await_statement(self, span: Span, *_: object) -> tree.Statement:
        return tree.Later("await", span)

    def yield_statement(self, span: Span) -> tree.Statement:
        return tree.Later("yield", span)

    def return_statement(self, span: Span) -> tree.Statement:
        return tree.Later("return", span)

    def deny_statement(self, span: Span) -> tree.Statement:
        return tree.Later("deny", span)

    def revoke_statement(self, span: Span, *_: object) -> tree.Statement:
        return tree.Later("revoke", span)
