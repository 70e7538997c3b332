"""Amounts: literals, which are amounts of what is wanted, and the operators that numbers and amounts share.

In which unit a system counts amounts is none of the text's business: so nothing makes a number of an amount but `div`,
which asks how often one amount fits into another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from kspec.language import checked, tree
from kspec.language.checker.erroneous import erroneous
from kspec.language.checker.scope import Scope
from kspec.language.checker.typing import describe
from kspec.language.codes import Code
from kspec.language.types import NUMBER, ErrorType, OptionType, QuantityType, SetType, Type
from kspec.system.amounts import WHOLE

if TYPE_CHECKING:
    from kspec.language.checker.expressions import ExpressionChecker


def quantity_in(wanted: Type | None) -> QuantityType | None:
    """The quantity whose amounts a type holds, if it is one, or an option of one."""
    inner = wanted.inner if isinstance(wanted, OptionType) else wanted
    return inner if isinstance(inner, QuantityType) else None


def is_untold(node: tree.Expr) -> bool:
    """Whether nothing in an expression tells of which quantity it is, or whether of any: it is made of literals, or a
    multiple of one."""
    match node:
        case tree.Number() | tree.Amount():
            return True
        case tree.Unary("-", operand):
            return is_untold(operand)
        case tree.Binary("*", left, right) if _has_amount(left) or _has_amount(right):
            return True
        case tree.Binary("+" | "-" | "*", left, right):
            return is_untold(left) and is_untold(right)
        case tree.IfElse(_, then, otherwise):
            return is_untold(then) and is_untold(otherwise)
        case tree.Aggregated("sum" | "min" | "max", _, body) if body is not None:
            return is_untold(body)
        case _:
            return False


def check_number(node: tree.Number, wanted: Type | None) -> checked.Expr:
    """Digits: an amount where one is wanted."""
    quantity = quantity_in(wanted)
    if quantity is None:
        return checked.Number(node.value, node.span)
    return checked.Amount(node.value * WHOLE, False, quantity, node.span)


def check_amount(checker: ExpressionChecker, node: tree.Amount, wanted: Type | None) -> checked.Expr:
    """A literal that is an amount in any case."""
    quantity = quantity_in(wanted)
    if quantity is not None:
        return checked.Amount(node.thousandths, node.binary, quantity, node.span)
    names = [found.name for found in checker.context.names.entities if isinstance(found.node, tree.Quantity)]
    text = checker.context.text(node.span)
    if wanted is None and names:
        hint = f"compare it with an amount, or give it a name: `const A: {names[0]} = {text}`"
        checker.context.report(Code.KS206, f"nothing tells of which quantity `{text}` is", node.span, hint)
    elif not isinstance(wanted, ErrorType):
        hint = f"a type of amounts is {' or '.join(names)}" if names else "declare one: `quantity Cpu at most 64`"
        what = "a number" if wanted is None else describe(wanted)
        checker.context.report(Code.KS201, f"`{text}` is an amount, and {what} is wanted here", node.span, hint)
    return erroneous(node.span)


def measure(checker: ExpressionChecker, scope: Scope, node: tree.Expr, wanted: Type | None, what: str) -> checked.Expr:
    """A number or an amount; `wanted` is a hint for literals."""
    return _measured(checker, checker.check(scope, node, quantity_in(wanted)), what)


def _measured(checker: ExpressionChecker, found: checked.Expr, what: str) -> checked.Expr:
    if checker.context.expect(found.type, quantity_in(found.type) or NUMBER, found.span, what):
        return found
    return erroneous(found.span)


def check_negation(checker: ExpressionChecker, scope: Scope, node: tree.Unary, wanted: Type | None) -> checked.Expr:
    operand = measure(checker, scope, node.operand, wanted, "`-`")
    return checked.Negate(operand, node.span, operand.type)


def check_order(checker: ExpressionChecker, scope: Scope, node: tree.Binary) -> checked.Expr:
    left, right, type = _two_alike(checker, scope, node, None)
    if isinstance(type, ErrorType):
        return erroneous(node.span)
    return checked.Compare(node.operator, left, right, node.span)


def check_arithmetic(checker: ExpressionChecker, scope: Scope, node: tree.Binary, wanted: Type | None) -> checked.Expr:
    match node.operator:
        case "+" | "-":
            left, right, type = _two_alike(checker, scope, node, wanted)
        case "*":
            left, right, type = _product(checker, scope, node, wanted)
        case _:
            left, right, type = _quotient(checker, scope, node)
    if isinstance(type, ErrorType):
        return erroneous(node.span)
    return checked.Arithmetic(node.operator, left, right, node.span, type)


_OF_SETS: Final = {"+": "union", "-": "minus"}

Sides: TypeAlias = tuple[checked.Expr, checked.Expr, Type]
"""Both operands, and the type of the result."""


def _two_alike(checker: ExpressionChecker, scope: Scope, node: tree.Binary, wanted: Type | None) -> Sides:
    """Two numbers, or two amounts of one quantity; literals are looked at last."""
    what = f"`{node.operator}`"
    swapped = is_untold(node.left) and not is_untold(node.right)
    first, second = (node.right, node.left) if swapped else (node.left, node.right)
    one = checker.check(scope, first, quantity_in(wanted))
    if isinstance(one.type, SetType) and node.operator in _OF_SETS:
        hint = f"write `{_OF_SETS[node.operator]}`"
        checker.context.report(Code.KS205, f"sets have no {what}", node.span, hint)
        return one, one, erroneous(node.span).type
    told = quantity_in(one.type)
    one = _measured(checker, one, what)
    if checker.is_error(one):
        other = measure(checker, scope, second, told or one.type, what)
    else:
        other = checker.want(scope, second, one.type, what)
    left, right = (other, one) if swapped else (one, other)
    return left, right, other.type if checker.is_error(other) else one.type


def _product(checker: ExpressionChecker, scope: Scope, node: tree.Binary, wanted: Type | None) -> Sides:
    """Two numbers, or a number and an amount. Of two factors that may both be amounts, the one written as an amount is,
    else the second."""
    untold = is_untold(node.left) and is_untold(node.right)
    swapped = not _has_amount(node.left) if untold else is_untold(node.left)
    first, second = (node.right, node.left) if swapped else (node.left, node.right)
    one = measure(checker, scope, first, wanted if untold else None, "`*`")
    other = measure(checker, scope, second, None if one.type != NUMBER else wanted, "`*`")
    left, right = (other, one) if swapped else (one, other)
    if isinstance(left.type, QuantityType) and isinstance(right.type, QuantityType):
        message = "an amount is multiplied by a number, not by another amount"
        checker.context.report(Code.KS205, message, node.span, "what would the product be an amount of?")
        return left, right, erroneous(node.span).type
    if checker.is_error(left) or checker.is_error(right):
        return left, right, erroneous(node.span).type
    return left, right, left.type if isinstance(left.type, QuantityType) else right.type


def _quotient(checker: ExpressionChecker, scope: Scope, node: tree.Binary) -> Sides:
    """Two numbers, or, of `div`, two amounts. Plain digits are a number here: halves of amounts are no amounts, and who
    writes `a div 2` may want one."""
    what = f"`{node.operator}`"
    swapped = _has_amount(node.left)
    first, second = (node.right, node.left) if swapped else (node.left, node.right)
    one = checker.check(scope, first)
    told = quantity_in(one.type) if _has_amount(second) else None
    one = _measured(checker, one, what)
    other = measure(checker, scope, second, told, what)
    left, right = (other, one) if swapped else (one, other)
    error = erroneous(node.span).type
    if checker.is_error(left) or checker.is_error(right):
        return left, right, error
    if isinstance(left.type, QuantityType) or isinstance(right.type, QuantityType):
        if node.operator == "mod":
            message, hint = "amounts have no `mod`", "`a - (a div b) * b` is what is left of `a`"
            checker.context.report(Code.KS205, message, node.span, hint)
            return left, right, error
        if left.type != right.type:
            left_is, right_is = describe(left.type), describe(right.type)
            message = f"`div` counts how often one amount fits into another; this is {left_is} div {right_is}"
            hint = "for halves compare `2 * a` instead; an amount of 2 is written `2.0` here"
            checker.context.report(Code.KS205, message, node.span, hint)
            return left, right, error
    return left, right, NUMBER


def _has_amount(node: tree.Expr) -> bool:
    """Whether a literal in an expression makes it an amount in any case, of a quantity that nothing tells."""
    match node:
        case tree.Amount():
            return True
        case tree.Unary("-", operand):
            return _has_amount(operand)
        case tree.Binary("*", left, right):
            return _has_amount(left) or _has_amount(right)
        case tree.Binary("+" | "-", left, right):
            return is_untold(node) and (_has_amount(left) or _has_amount(right))
        case _:
            return False
