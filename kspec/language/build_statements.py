"""Statements."""

from __future__ import annotations

from dataclasses import replace

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

    # --- requests

    def get(self, span: Span, object: tree.Expr) -> tree.Get:
        return tree.Get(object, False, span)

    def get_statement(self, span: Span, get: tree.Get) -> tree.Statement:
        return tree.GetStatement(get, span)

    def update_statement(self, span: Span, target: tree.Expr, fields: tuple[tree.FieldValue, ...]) -> tree.Statement:
        return tree.Update(target, fields, span)

    def call_statement(self, span: Span, call: tree.Expr) -> tree.Statement:
        if isinstance(call, tree.Get):
            return tree.GetStatement(call, span)
        return tree.CallStatement(call, span)

    def on_handler(self, span: Span, results: tuple[tree.Name, ...], body: tree.Block) -> tree.Handler:
        return tree.Handler(results, body, span)

    def handled_statement(self, span: Span, statement: tree.Statement, *handlers: tree.Handler) -> tree.Statement:
        return tree.Handled(statement, handlers, span)

    def deny_statement(self, span: Span) -> tree.Statement:
        return tree.Deny(span)

    def revoke_statement(
        self, span: Span, component: tree.Path, verb: Token, permission: tree.Permission
    ) -> tree.Statement:
        return tree.Revoke(component, replace(permission, verb=str(verb)), span)

    # --- processes

    def local_statement(self, span: Span, name: tree.Name, type: tree.Type, value: tree.Expr) -> tree.Statement:
        return tree.LocalVar(name, type, value, span)

    def while_statement(self, span: Span, condition: tree.Expr, body: tree.Block) -> tree.Statement:
        return tree.While(condition, body, span)

    def for_each_statement(self, span: Span, binder: tree.Binder, body: tree.Block) -> tree.Statement:
        return tree.ForEach(binder, body, span)

    def await_statement(self, span: Span, condition: tree.Expr) -> tree.Statement:
        return tree.Await(condition, span)

    def yield_statement(self, span: Span) -> tree.Statement:
        return tree.Yield(span)

    def return_statement(self, span: Span) -> tree.Statement:
        return tree.Return(span)
