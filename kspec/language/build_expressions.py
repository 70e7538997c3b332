"""Types, expressions and binders."""

from __future__ import annotations

from dataclasses import replace

from lark import Token

from kspec.language import tree
from kspec.language.amounts import thousandths_of
from kspec.language.build_names import NameBuilder
from kspec.language.codes import Code
from kspec.language.diagnostics import Diagnostic
from kspec.language.tokens import shown
from kspec.system.spans import Span


class TypeBuilder(NameBuilder):
    def named_type(self, span: Span, path: tree.Path) -> tree.Type:
        return tree.NamedType(path, span)

    def range_type(self, span: Span, low: tree.Expr, high: tree.Expr) -> tree.Type:
        return tree.RangeType(low, high, span)

    def option_type(self, span: Span, inner: tree.Type) -> tree.Type:
        return tree.OptionType(inner, span)

    def set_type(self, span: Span, element: tree.Type) -> tree.Type:
        return tree.SetType(element, span)

    def seq_type(self, span: Span, element: tree.Type, capacity: tree.Expr) -> tree.Type:
        return tree.SeqType(element, capacity, span)

    def map_type(self, span: Span, key: tree.Type, value: tree.Type) -> tree.Type:
        return tree.MapType(key, value, span)

    def any_int_type(self, span: Span) -> tree.Type:
        return tree.AnyIntType(span)

    def component_type(self, span: Span) -> tree.Type:
        return tree.ComponentType(span)


class ExpressionBuilder(TypeBuilder):
    # --- names, selections and calls

    def selection(self, _span: Span, path: tree.Path) -> tree.Expr:
        expression: tree.Expr = tree.NameUse(path.parts[0], path.parts[0].span)
        for name in path.parts[1:]:
            expression = tree.Member(expression, name, expression.span.to(name.span))
        return expression

    def member_of(self, span: Span, base: tree.Expr, member: Token) -> tree.Expr:
        return tree.Member(base, self._name(member), span)

    def index(self, span: Span, base: tree.Expr, arguments: tuple[tree.Expr, ...]) -> tree.Expr:
        return tree.Index(base, arguments, span)

    def call(self, span: Span, base: tree.Expr, arguments: tuple[tree.Expr, ...] | None) -> tree.Expr:
        return tree.Call(base, arguments or (), span)

    def get_argument(self, span: Span, base: tree.Expr, get: tree.Get) -> tree.Expr:
        """`fresh(get p)`"""
        if not _is_name(base, "fresh"):
            self._refuse("`get` stands alone, after `=`, or in `fresh(get p)`", get.span, "give it a name with `let`")
        return tree.Get(get.object, True, span)

    def permission_argument(
        self, span: Span, base: tree.Expr, component: tree.Path, verb: Token, permission: tree.Permission
    ) -> tree.Expr:
        """`allowed(controller update Pod.phase)`"""
        if not _is_name(base, "allowed"):
            self._refuse("a permission stands only in `allowed(…)`", component.span)
        return tree.Allowed(component, replace(permission, verb=str(verb)), span)

    def permission(
        self, span: Span, variable: tree.Name | None, paths: tuple[tree.Path, ...], where: tree.Expr | None
    ) -> tree.Permission:
        """The verb stands before it, and is added there."""
        return tree.Permission("", variable, paths, where, span)

    def arguments(self, _span: Span, *expressions: tree.Expr) -> tuple[tree.Expr, ...]:
        return expressions

    # --- literals

    def number(self, span: Span, digits: Token) -> tree.Expr:
        return tree.Number(int(digits), span)

    def amount(self, span: Span, text: Token) -> tree.Expr:
        thousandths = thousandths_of(text)
        if thousandths is None:
            hint = "nothing is finer than `1m`, as in Kubernetes"
            self.diagnostics.append(Diagnostic(Code.KS009, f"`{shown(text)}` has too many digits", span, hint))
        return tree.Amount(thousandths or 0, text.endswith("i"), span)

    def true(self, span: Span) -> tree.Expr:
        return tree.Boolean(True, span)

    def false(self, span: Span) -> tree.Expr:
        return tree.Boolean(False, span)

    def none(self, span: Span) -> tree.Expr:
        return tree.NoneValue(span)

    def set_literal(self, span: Span, elements: tuple[tree.Expr, ...] | None) -> tree.Expr:
        return tree.SetLiteral(elements or (), span)

    def sequence_literal(self, span: Span, elements: tuple[tree.Expr, ...] | None) -> tree.Expr:
        return tree.SeqLiteral(elements or (), span)

    # --- operators

    def unary(self, span: Span, operator: Token, operand: tree.Expr) -> tree.Expr:
        return tree.Unary(str(operator), operand, span)

    def binary(self, span: Span, left: tree.Expr, *rest: Token | tree.Expr) -> tree.Expr:
        """`leads to` and `subset of` are two tokens."""
        *operator, right = rest
        assert not isinstance(right, Token)
        return tree.Binary(" ".join(str(word) for word in operator), left, right, span)

    def let_in(self, span: Span, name: tree.Name, value: tree.Expr, body: tree.Expr) -> tree.Expr:
        return tree.LetIn(name, value, body, span)

    def if_else(self, span: Span, condition: tree.Expr, then: tree.Expr, otherwise: tree.Expr) -> tree.Expr:
        return tree.IfElse(condition, then, otherwise, span)

    def seen(self, span: Span, view: tree.Expr, body: tree.Expr) -> tree.Expr:
        return tree.Seen(view, body, span)

    # --- binders and what they stand in

    def typed_group(self, span: Span, names: tuple[tree.Name, ...], type: tree.Type) -> tree.Group:
        return tree.Group(names, type, None, span)

    def member_group(self, span: Span, names: tuple[tree.Name, ...], source: tree.Expr) -> tree.Group:
        return tree.Group(names, None, source, span)

    def groups(self, _span: Span, *groups: tree.Group) -> tuple[tree.Group, ...]:
        return groups

    def binder(self, span: Span, groups: tuple[tree.Group, ...], where: tree.Expr | None) -> tree.Binder:
        return tree.Binder(groups, where, span)

    def quantifier(self, _span: Span, *words: Token) -> str:
        return " ".join(words)

    def quantified(
        self, span: Span, quantifier: str, modifier: Token | None, binder: tree.Binder, body: tree.Expr
    ) -> tree.Expr:
        return tree.Quantified(quantifier, None if modifier is None else str(modifier), binder, body, span)

    def count(self, span: Span, binder: tree.Binder) -> tree.Expr:
        return tree.Aggregated("count", binder, None, span)

    def aggregated(self, span: Span, operation: Token, binder: tree.Binder, body: tree.Expr) -> tree.Expr:
        return tree.Aggregated(str(operation), binder, body, span)

    def set_of(self, span: Span, binder: tree.Binder) -> tree.Expr:
        return tree.SetOf(binder, span)

    def map_of(self, span: Span, name: tree.Name, type: tree.Type, body: tree.Expr) -> tree.Expr:
        return tree.MapOf(name, type, body, span)

    # --- atoms about steps

    def by(self, span: Span, path: tree.Path) -> tree.Expr:
        return tree.ByAtom(path, span)

    def writes(self, span: Span, path: tree.Path) -> tree.Expr:
        return tree.WritesAtom(path, span)

    def enabled(self, span: Span, path: tree.Path) -> tree.Expr:
        if len(path.parts) == 1:
            self._refuse("`enabled` needs an action", path.span, f"write `enabled {path}.action`")
        return tree.EnabledAtom(_joined(path.parts[:-1] or path.parts), None, path.parts[-1], span)

    def enabled_instance(self, span: Span, path: tree.Path, instance: tree.Expr, action: Token) -> tree.Expr:
        return tree.EnabledAtom(_joined(path.parts), instance, self._name(action), span)


def _is_name(expression: tree.Expr, text: str) -> bool:
    return isinstance(expression, tree.NameUse) and expression.name.text == text


def _joined(parts: tuple[tree.Name, ...]) -> tree.Name:
    """A component of a module is named `module.component`."""
    return tree.Name(".".join(part.text for part in parts), parts[0].span.to(parts[-1].span))
