"""What binds variables: quantifiers, aggregates, sets and maps by comprehension, and the binders of statements."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kspec.language import checked, tree
from kspec.language.checker.amounts import measure, quantity_in
from kspec.language.checker.erroneous import erroneous
from kspec.language.checker.narrowing import when_true
from kspec.language.checker.paths import named_kind, report_not_constant
from kspec.language.checker.scope import Purpose, Scope
from kspec.language.checker.type_nodes import resolve_type
from kspec.language.checker.typing import can_range_over, describe
from kspec.language.codes import Code
from kspec.language.types import (
    BOOL,
    ERROR,
    NUMBER,
    TEMPORAL,
    BoolType,
    EnumType,
    KindType,
    MapType,
    NumberType,
    OptionType,
    QuantityType,
    SeqType,
    SetType,
    TemporalType,
    Type,
)
from kspec.language.walk import subexpressions, uses

if TYPE_CHECKING:
    from kspec.language.checker.expressions import ExpressionChecker


@dataclass(frozen=True, slots=True)
class Bound:
    """What a binder binds. `scope` sees the variables and knows what `where` tells."""

    scope: Scope
    variables: tuple[checked.Variable, ...]
    where: checked.Expr | None


def check_binder(checker: ExpressionChecker, scope: Scope, node: tree.Binder, modifier: str | None = None) -> Bound:
    scope, variables = check_groups(checker, scope, node.groups, modifier)
    if node.where is None:
        return Bound(scope, variables, None)
    where = checker.condition(scope, node.where, "`where`")
    return Bound(scope.knowing(when_true(where, scope.in_old)), variables, where)


def check_groups(
    checker: ExpressionChecker,
    scope: Scope,
    groups: tuple[tree.Group, ...],
    modifier: str | None = None,
    *,
    given: bool = False,
) -> tuple[Scope, tuple[checked.Variable, ...]]:
    """`given`: the variables are the parameters of something that is called, and need not be enumerated."""
    variables: list[checked.Variable] = []
    for group in groups:
        domain, type = _domain(checker, scope, group, modifier, given)
        for name in group.names:
            scope, local = checker.bind(scope, name, type)
            variables.append(checked.Variable(local, domain))
    return scope, tuple(variables)


def _domain(
    checker: ExpressionChecker, scope: Scope, group: tree.Group, modifier: str | None, given: bool
) -> tuple[checked.Domain, Type]:
    if group.type is not None:
        type = resolve_type(checker, scope.module, group.type)
        if not can_range_over(type) and not (given and quantity_in(type) is not None):
            hint = "take a kind, an enum, bool, a range lo..hi, or `x in s`"
            if isinstance(type, QuantityType):
                name = group.names[0].text
                hint = f"name those that are meant: `const S: set {type.name} = {{500m, 1}}`, and write `{name} in S`"
            checker.context.report(Code.KS203, f"a variable cannot range over {describe(type)}", group.type.span, hint)
            type = ERROR
        if modifier is not None and not isinstance(type, KindType):
            checker.context.report(Code.KS203, f"`{modifier}` is about objects", group.span, "take a kind")
        if scope.purpose is Purpose.CONSTANT and isinstance(type, KindType):
            report_not_constant(checker, group.span)
            type = ERROR
        return checked.AllOf(type, group.span, modifier), type
    assert group.source is not None
    kind = named_kind(checker, scope, group.source)
    if kind is not None:
        names = ", ".join(name.text for name in group.names)
        message = f"`{kind.name}` is a kind, and `in` takes a set"
        checker.context.report(Code.KS106, message, group.source.span, f"write `{names}: {kind.name}`")
        return checked.MembersOf(erroneous(group.span), group.span), ERROR
    collection = checker.check(scope, group.source)
    if checker.is_error(collection):
        return checked.MembersOf(collection, group.span), ERROR
    if checker.present(collection, "its members are looked at") is None:
        return checked.MembersOf(erroneous(group.span), group.span), ERROR
    if not isinstance(collection.type, SetType | SeqType):
        hint = "`in` takes a set or a sequence; for a type write `x: T`"
        message = f"{describe(collection.type)} has no members"
        checker.context.report(Code.KS201, message, group.source.span, hint)
        return checked.MembersOf(erroneous(group.span), group.span), ERROR
    return checked.MembersOf(collection, group.span), collection.type.element


def check_quantified(checker: ExpressionChecker, scope: Scope, node: tree.Quantified) -> checked.Expr:
    if node.modifier is not None and not checker.may_use_steps(scope):
        hint = scope.step_hint
        message = f"`{node.modifier}` is about a step; this is {scope.purpose.value}"
        checker.context.report(Code.KS401, message, node.span, hint)
        return erroneous(node.span)
    bound = check_binder(checker, scope, node.binder, node.modifier)
    if node.quantifier == "exactly one":
        body = checker.condition(bound.scope, node.body, "`exactly one`")
    else:
        body = checker.formula(bound.scope, node.body)
    type = TEMPORAL if isinstance(body.type, TemporalType) else BOOL
    variables = _over_both_states(checker, scope, bound, body)
    return checked.Quantified(node.quantifier, variables, bound.where, body, node.span, type)


def check_aggregated(
    checker: ExpressionChecker, scope: Scope, node: tree.Aggregated, wanted: Type | None
) -> checked.Expr:
    bound = check_binder(checker, scope, node.binder)
    if node.operation == "count":
        variables = _over_both_states(checker, scope, bound, None)
        return checked.Aggregated("count", variables, bound.where, None, NUMBER, node.span)
    assert node.body is not None
    body = measure(checker, bound.scope, node.body, wanted, f"`{node.operation}`")
    measured = body.type if isinstance(body.type, QuantityType) else NUMBER
    type: Type = measured if node.operation == "sum" else OptionType(measured)
    variables = _over_both_states(checker, scope, bound, body)
    return checked.Aggregated(node.operation, variables, bound.where, body, type, node.span)


def _over_both_states(
    checker: ExpressionChecker, scope: Scope, bound: Bound, body: checked.Expr | None
) -> tuple[checked.Variable, ...]:
    """Marks the variables that `old` is used of: they range over the objects that exist in both states."""
    if scope.in_old:
        return bound.variables
    return tuple(
        replace(variable, domain=replace(variable.domain, both=True))
        if isinstance(variable.domain, checked.AllOf)
        and variable.domain.modifier is None
        and isinstance(variable.local.type, KindType)
        and _looks_at_old(checker, variable.local, (bound.where, body))
        else variable
        for variable in bound.variables
    )


def _looks_at_old(checker: ExpressionChecker, local: checked.Local, nodes: tuple[checked.Expr | None, ...]) -> bool:
    for found in subexpressions(nodes):
        match found:
            case checked.Old(operand) if uses(operand, local):
                return True
            case checked.DefCall(name, arguments) if uses(arguments, local):
                if checker.definitions.get(name, found.span).is_step:
                    return True
            case _:
                pass
    return False


def check_set_of(checker: ExpressionChecker, scope: Scope, node: tree.SetOf) -> checked.Expr:
    bound = check_binder(checker, scope, node.binder)
    if len(bound.variables) != 1:
        hint = "a set of one kind of things has one variable"
        checker.context.report(Code.KS204, "this set has several variables", node.span, hint)
        return erroneous(node.span)
    element = bound.variables[0].local.type
    if not isinstance(element, KindType | EnumType | BoolType | NumberType | QuantityType | OptionType):
        if not checker.is_error(checked.LocalUse(bound.variables[0].local, element, node.span)):
            checker.context.report(Code.KS203, f"a set cannot have members of type {describe(element)}", node.span)
        return erroneous(node.span)
    variables = _over_both_states(checker, scope, bound, None)
    return checked.SetOf(variables[0], bound.where, SetType(element), node.span)


def check_map_of(checker: ExpressionChecker, scope: Scope, node: tree.MapOf, wanted: Type | None) -> checked.Expr:
    key = resolve_type(checker, scope.module, node.type)
    if not can_range_over(key):
        hint = "take a kind, an enum, bool or a range lo..hi"
        checker.context.report(Code.KS203, f"the keys of a map cannot be {describe(key)}", node.type.span, hint)
        return erroneous(node.span)
    if isinstance(key, KindType) and scope.purpose is Purpose.CONSTANT:
        return report_not_constant(checker, node.span)
    inner, local = checker.bind(scope, node.name, key)
    value = wanted.value if isinstance(wanted, MapType) else None
    if value is not None:
        body = checker.want(inner, node.body, value, "the entries of the map")
        return checked.MapOf(local, body, MapType(key, value), node.span)
    body = checker.check(inner, node.body)
    return checked.MapOf(local, body, MapType(key, body.type), node.span)
