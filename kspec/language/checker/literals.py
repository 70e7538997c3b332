"""`none`, and sets and sequences written out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kspec.language import checked, tree
from kspec.language.checker.amounts import is_untold, quantity_in
from kspec.language.checker.scope import Scope
from kspec.language.checker.typing import describe, join
from kspec.language.codes import Code
from kspec.language.types import ERROR, ErrorType, NothingType, OptionType, SeqType, SetType, Type
from kspec.system.spans import Span

if TYPE_CHECKING:
    from kspec.language.checker.expressions import ExpressionChecker


def of_option(expr: checked.Expr, wanted: OptionType) -> checked.Expr:
    """The expression, which fits the option; where it can be nothing but `none`, that is `none` of this option."""
    if not isinstance(expr.type, NothingType):
        return expr
    match expr:
        case checked.NoneValue():
            return replace(expr, type=wanted)
        case checked.LetIn():
            return replace(expr, body=of_option(expr.body, wanted), type=wanted)
        case checked.Conditional():
            then, otherwise = of_option(expr.then, wanted), of_option(expr.otherwise, wanted)
            return replace(expr, then=then, otherwise=otherwise, type=wanted)
        case _:
            return expr


def check_set(checker: ExpressionChecker, scope: Scope, node: tree.SetLiteral, wanted: Type | None) -> checked.Expr:
    wanted = wanted.inner if isinstance(wanted, OptionType) else wanted
    element = wanted.element if isinstance(wanted, SetType) else None
    elements, type = _elements(checker, scope, node.elements, element, wanted, node.span, "set")
    return checked.SetLiteral(elements, SetType(type), node.span)


def check_sequence(
    checker: ExpressionChecker, scope: Scope, node: tree.SeqLiteral, wanted: Type | None
) -> checked.Expr:
    wanted = wanted.inner if isinstance(wanted, OptionType) else wanted
    element = wanted.element if isinstance(wanted, SeqType) else None
    elements, type = _elements(checker, scope, node.elements, element, wanted, node.span, "sequence")
    return checked.SeqLiteral(elements, SeqType(type), node.span)


def _elements(
    checker: ExpressionChecker,
    scope: Scope,
    nodes: tuple[tree.Expr, ...],
    wanted: Type | None,
    expected: Type | None,
    span: Span,
    what: str,
) -> tuple[tuple[checked.Expr, ...], Type]:
    """The elements, and their type: the one that is wanted, else the one they have in common. `expected`: the type of
    the whole that is wanted."""
    if wanted is not None and not isinstance(wanted, NothingType):
        return tuple(checker.want(scope, node, wanted, f"the {what}") for node in nodes), wanted
    if not nodes and isinstance(expected, ErrorType):
        return (), ERROR
    if not nodes:
        hint = f"compare it with, or assign it to, a {what} whose type is known"
        checker.context.report(Code.KS206, f"nothing tells what this empty {what} is of", span, hint)
        return (), ERROR
    elements = _alike(checker, scope, nodes)
    common: Type = elements[0].type
    for element in elements[1:]:
        both = join(common, element.type)
        if both is None:
            message = f"this {what} has {describe(common)} and {describe(element.type)}"
            checker.context.report(Code.KS201, message, element.span, f"all elements of a {what} have one type")
            return elements, ERROR
        common = both
    if isinstance(common, NothingType):
        checker.context.report(Code.KS206, f"nothing tells what this {what} is of", span)
        return elements, ERROR
    return elements, common


def _alike(checker: ExpressionChecker, scope: Scope, nodes: tuple[tree.Expr, ...]) -> tuple[checked.Expr, ...]:
    """The elements, without a type that is wanted; plain literals are amounts among amounts."""
    told = {place: checker.check(scope, node) for place, node in enumerate(nodes) if not is_untold(node)}
    quantity = next((found.type for found in told.values() if quantity_in(found.type) is not None), None)
    return tuple(
        told[place] if place in told else checker.check(scope, node, quantity) for place, node in enumerate(nodes)
    )
