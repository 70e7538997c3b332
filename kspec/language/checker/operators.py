"""Operators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kspec.language import checked, tree
from kspec.language.checker import amounts
from kspec.language.checker.authority import check_caller, is_caller
from kspec.language.checker.erroneous import erroneous
from kspec.language.checker.names import CALLER
from kspec.language.checker.narrowing import when_false, when_true
from kspec.language.checker.scope import Purpose, Scope
from kspec.language.checker.typing import describe, join
from kspec.language.checker.unknown_names import known_names
from kspec.language.codes import Code
from kspec.language.types import (
    BOOL,
    NUMBER,
    TEMPORAL,
    NothingType,
    OptionType,
    SeqType,
    SetType,
    TemporalType,
    Type,
)

if TYPE_CHECKING:
    from kspec.language.checker.expressions import ExpressionChecker

_TEMPORAL_UNARY = ("always", "eventually", "next")


def check_unary(checker: ExpressionChecker, scope: Scope, node: tree.Unary, wanted: Type | None) -> checked.Expr:
    if node.operator == "-":
        return amounts.check_negation(checker, scope, node, wanted)
    if node.operator == "not":
        operand = checker.formula(scope, node.operand)
        return checked.Not(operand, node.span, TEMPORAL if isinstance(operand.type, TemporalType) else BOOL)
    if not _may_be_temporal(checker, scope, node):
        return erroneous(node.span)
    return checked.Temporal(node.operator, (checker.formula(scope.later(), node.operand),), node.span)


def _may_be_temporal(checker: ExpressionChecker, scope: Scope, node: tree.Unary | tree.Binary) -> bool:
    if scope.purpose is Purpose.TEMPORAL_PROPERTY:
        return True
    hint = "write a `property`"
    message = f"`{node.operator}` is about runs; this is {scope.purpose.value}"
    checker.context.report(Code.KS402, message, node.span, hint)
    return False


def check_binary(checker: ExpressionChecker, scope: Scope, node: tree.Binary, wanted: Type | None) -> checked.Expr:
    match node.operator:
        case "and" | "or" | "implies" | "iff":
            return _logical(checker, scope, node)
        case "==" | "!=":
            return _equality(checker, scope, node)
        case "<" | "<=" | ">" | ">=":
            return amounts.check_order(checker, scope, node)
        case "+" | "-" | "*" | "div" | "mod":
            return amounts.check_arithmetic(checker, scope, node, wanted)
        case "..":
            low = checker.number(scope, node.left, "the lower end")
            high = checker.number(scope, node.right, "the upper end")
            return checked.NumberRange(low, high, SetType(NUMBER), node.span)
        case "in":
            return _contains(checker, scope, node)
        case "subset of" | "union" | "minus" | "intersect":
            return _sets(checker, scope, node)
        case _:  # leads to, until
            if not _may_be_temporal(checker, scope, node):
                return erroneous(node.span)
            later = scope.later()
            left, right = checker.formula(later, node.left), checker.formula(later, node.right)
            return checked.Temporal(node.operator, (left, right), node.span)


def _logical(checker: ExpressionChecker, scope: Scope, node: tree.Binary) -> checked.Expr:
    left = checker.formula(scope, node.left)
    inner = scope
    if node.operator in ("and", "implies"):
        inner = scope.knowing(when_true(left, scope.in_old))
    elif node.operator == "or":
        inner = scope.knowing(when_false(left, scope.in_old))
    right = checker.formula(inner, node.right)
    temporal = isinstance(left.type, TemporalType) or isinstance(right.type, TemporalType)
    return checked.Logical(node.operator, left, right, node.span, TEMPORAL if temporal else BOOL)


def _equality(checker: ExpressionChecker, scope: Scope, node: tree.Binary) -> checked.Expr:
    if is_caller(scope, node.left) or is_caller(scope, node.right):
        if scope.purpose is Purpose.ADMISSION:
            return check_caller(checker, scope, node)
        if CALLER not in known_names(checker, scope):
            checker.check(scope, node.left if is_caller(scope, node.left) else node.right)
            return erroneous(node.span)
    left, right = _two_sides(checker, scope, node)
    if checker.is_error(left) or checker.is_error(right):
        return erroneous(node.span)
    for side in (left, right):
        if isinstance(side.type, TemporalType):
            checker.context.report(Code.KS402, "a formula about runs has no value to compare", side.span, "use `iff`")
            return erroneous(node.span)
    if isinstance(left.type, NothingType) != isinstance(right.type, NothingType):
        other = right if isinstance(left.type, NothingType) else left
        if not isinstance(other.type, OptionType):
            message = f"{describe(other.type)} is never none"
            checker.context.report(Code.KS201, message, other.span, "remove the comparison")
            return erroneous(node.span)
    if not checker.comparable(left.type, right.type):
        message = f"{describe(left.type)} and {describe(right.type)} cannot be compared"
        checker.context.report(Code.KS201, message, node.span, "both sides have one type")
        return erroneous(node.span)
    return checked.Compare(node.operator, left, right, node.span)


def _two_sides(checker: ExpressionChecker, scope: Scope, node: tree.Binary) -> tuple[checked.Expr, checked.Expr]:
    """Both sides, each with the type of the other as its hint; literals are looked at last."""
    against_none = isinstance(node.left, tree.NoneValue) or isinstance(node.right, tree.NoneValue)
    look = checker.wide if against_none else checker.check
    if _needs_hint(checker, scope, node.left) and not _needs_hint(checker, scope, node.right):
        right = look(scope, node.right)
        return look(scope, node.left, right.type), right
    left = look(scope, node.left)
    return left, look(scope, node.right, left.type)


def _needs_hint(checker: ExpressionChecker, scope: Scope, node: tree.Expr) -> bool:
    match node:
        case tree.SetLiteral() | tree.SeqLiteral():
            return True
        case tree.Number() | tree.Amount() | tree.Unary() | tree.Binary() | tree.IfElse() | tree.Aggregated():
            return amounts.is_untold(node)
        case tree.NameUse(name):
            enums = checker.context.names.namespace(scope.module).members.get(name.text, [])
            return name.text not in scope.locals and len(enums) > 1
        case _:
            return False


def _contains(checker: ExpressionChecker, scope: Scope, node: tree.Binary) -> checked.Expr:
    if isinstance(node.right, tree.SetLiteral | tree.SeqLiteral) and not amounts.is_untold(node.left):
        element = checker.check(scope, node.left)
        collection = checker.check(scope, node.right, SetType(element.type))
    else:
        collection = checker.check(scope, node.right)
        element = checker.check(scope, node.left, _element_type(collection.type))
    if checker.is_error(collection) or checker.is_error(element):
        return erroneous(node.span)
    inner = _element_type(collection.type)
    if inner is None:
        hint = "`in` looks into a set or a sequence"
        checker.context.report(Code.KS201, f"{describe(collection.type)} has no members", collection.span, hint)
        return erroneous(node.span)
    if not checker.context.expect(element.type, inner, element.span, "this set"):
        return erroneous(node.span)
    return checked.Contains(element, collection, node.span)


def _element_type(type: Type) -> Type | None:
    return type.element if isinstance(type, SetType | SeqType) else None


def _sets(checker: ExpressionChecker, scope: Scope, node: tree.Binary) -> checked.Expr:
    left, right = _two_sides(checker, scope, node)
    if checker.is_error(left) or checker.is_error(right):
        return erroneous(node.span)
    for side in (left, right):
        if not isinstance(side.type, SetType):
            message = f"`{node.operator}` wants a set, not {describe(side.type)}"
            hint = "write `{…}` around one element to make a set of it"
            checker.context.report(Code.KS201, message, side.span, hint)
            return erroneous(node.span)
    assert isinstance(left.type, SetType)
    assert isinstance(right.type, SetType)
    element = join(left.type.element, right.type.element)
    if element is None or not checker.comparable(left.type, right.type):
        message = f"a {describe(left.type)} and a {describe(right.type)} have nothing in common"
        checker.context.report(Code.KS201, message, node.span, "both sets have one type of members")
        return erroneous(node.span)
    if node.operator == "subset of":
        return checked.Subset(left, right, node.span)
    return checked.SetOperation(node.operator, left, right, SetType(element), node.span)
