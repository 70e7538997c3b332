"""The state variables of a cluster."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from typing import TYPE_CHECKING

from kspec.language import checked
from kspec.language.codes import Code
from kspec.lower import names
from kspec.lower.actions import budget_variable
from kspec.lower.faults import actions as faults
from kspec.lower.lifetimes import enabled_actions, enabled_processes
from kspec.lower.problems import PLACE_LIMIT, Problem
from kspec.lower.requests import authority
from kspec.lower.views import layout as views
from kspec.system.meanings import IsRevoked
from kspec.system.sorts import BOOL, MapSort, ObjectSort, SeqSort, SetSort, Sort, cardinality
from kspec.system.spans import NOWHERE
from kspec.system.system import STATUS, Role, Variable

if TYPE_CHECKING:
    from kspec.lower.context import Context


def declare_variables(context: Context) -> dict[str, Variable]:
    """All of them by name, constant or not, in the order of states."""
    variables: dict[str, Variable] = {}
    for variable in _variables(context):
        if variable.name in variables:
            raise Problem(Code.KS102, f"two parts of the state are called `{variable.name}`", variable.span or NOWHERE)
        variables[variable.name] = variable
    _require_few(variables)
    return variables


def _variables(context: Context) -> Iterator[Variable]:
    for name in context.model.kinds:
        yield from _of_kind(context, name)
    for name, declared in context.model.globals.items():
        yield _declared(context, name, (), declared, Role.GLOBAL)
    for component in context.model.components.values():
        for declared in component.variables:
            index = () if component.instance is None else (context.sort(component.instance.type, component.span),)
            yield _declared(
                context, names.component_variable(component.name, declared.name), index, declared, Role.COMPONENT
            )
    for view in (*context.views.values(), *context.logs.values()):
        yield from views.declare(context, view)
    for component in context.model.components.values():
        yield from faults.declare(context, component)
    for name, revoke in authority.revocations(context.model).items():
        meaning = IsRevoked(revoke.component, revoke.verb, revoke.kind, revoke.field)
        yield Variable(name, (), BOOL, Role.GLOBAL, span=revoke.span, meaning=meaning)
    for name, const in context.model.consts.items():
        if context.constant(name) is None:
            yield _const(context, name, const)
    for component, action in enabled_actions(context.model, context.cluster):
        if action.budget is not None:
            yield budget_variable(context, component, action, action.budget)
    for component, process in enabled_processes(context.model, context.cluster):
        if process.budget is not None:
            yield budget_variable(context, component, process, process.budget)


def _of_kind(context: Context, name: str) -> Iterator[Variable]:
    kind = context.kind(name)
    declaration = context.model.kinds[name]
    if not kind.permanent:
        yield Variable(names.status(name), (kind.sort,), STATUS, Role.STATUS, span=declaration.span)
    for field in declaration.fields:
        role = Role.FIELD if field.modifier is None else Role.CONST_FIELD
        sort = context.sort(field.type, field.span)
        yield Variable(names.field(name, field.name), (kind.sort,), sort, role, span=field.span)


def _declared(
    context: Context, name: str, index: tuple[Sort, ...], declared: checked.StateVariable, role: Role
) -> Variable:
    sort = context.sort(declared.type, declared.span)
    return Variable(name, index, sort, role, declared.ghost, span=declared.span)


def _const(context: Context, name: str, const: checked.Const) -> Variable:
    """A const that is chosen initially, or depends on objects; a map that new objects get entries in is a variable."""
    sort = context.sort(const.type, const.span)
    role = Role.GLOBAL if has_growing_keys(context, sort) else Role.CONSTANT
    return Variable(name, (), sort, role, span=const.span)


def has_growing_keys(context: Context, sort: Sort) -> bool:
    """Whether a value changes when objects are created: a map that has them as keys."""
    if not isinstance(sort, MapSort) or not isinstance(sort.key, ObjectSort):
        return False
    lifetimes = context.lifetimes
    return sort.key.kind in lifetimes.created or sort.key.kind in lifetimes.deleted


def _require_few(variables: dict[str, Variable]) -> None:
    total = 0
    for variable in variables.values():
        sizes = [cardinality(sort) for sort in variable.index]
        span = variable.span or NOWHERE
        if None in sizes:
            raise Problem(Code.KS603, f"`{variable.name}` has a count for each of infinitely many numbers", span)
        total += prod(size for size in sizes if size is not None) * _width(variable.sort)
        if total > PLACE_LIMIT:
            message = f"with `{variable.name}`, one state holds more than {PLACE_LIMIT:,} values"
            raise Problem(Code.KS603, message, span, "use less room or smaller ranges")


def _width(sort: Sort) -> int:
    """How many single values a value of a sort can hold."""
    match sort:
        case MapSort(key, value):
            return (cardinality(key) or 0) * _width(value)
        case SetSort(element):
            return cardinality(element) or 0
        case SeqSort(element, capacity):
            return capacity * _width(element)
        case _:
            return 1
