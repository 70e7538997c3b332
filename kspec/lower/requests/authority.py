"""Whether a component can reach the API server, and what it may do there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from kspec.language import checked
from kspec.language.walk import statements
from kspec.lower import build, names, staging
from kspec.lower.actor import Actor
from kspec.lower.scope import Scope
from kspec.system.expressions import FALSE, TRUE, Expr, Read
from kspec.system.sorts import BOOL

if TYPE_CHECKING:
    from kspec.lower.context import Context
    from kspec.lower.expressions import ExpressionLowering


def unreachable(actor: Actor) -> Expr:
    """Whether the actor is cut off."""
    if actor.inside_request or actor.component.clauses.disconnects is None:
        return FALSE
    return Read(names.cut(actor.component.name), actor.index, BOOL)


def denied(lowering: ExpressionLowering, actor: Actor, verb: str, kind: str) -> Expr:
    """Whether the actor may not create, or do something to objects of, a kind, whatever the object."""
    return build.negate(_covered(lowering, actor, verb, kind, None, None, Scope()))


def denied_object(
    lowering: ExpressionLowering, actor: Actor, verb: str, kind: str, fields: Iterable[str], item: Expr, scope: Scope
) -> Expr:
    """Whether the actor may not update these fields of an object (or delete it: no fields). `scope` sees the store.

    An object that is gone has no fields to look at: no condition denies it, and its result is `missing`.
    """
    wanted: list[str | None] = [*fields] or [None]
    allowed = (_covered(lowering, actor, verb, kind, field, item, scope) for field in wanted)
    return build.negate(build.conjunction(*allowed))


def lacking(actor: Actor, verb: str, kind: str, fields: tuple[str, ...]) -> tuple[str, ...]:
    """Of the fields of an update that is denied, those that no permission is about; if there is none, all of them: it
    is a condition that is not met, or a revoke."""
    entries = actor.component.clauses.may
    if entries is None:
        return fields
    return tuple(field for field in fields if not any(covers(entry, verb, kind, field) for entry in entries)) or fields


def may_call(actor: Actor, request: str) -> bool:
    """Whether the actor may call a declared request; a request may call any other."""
    clauses = actor.component.clauses
    return actor.inside_request or clauses.may is None or request in clauses.calls


def granted(context: Context, component: checked.Component, verb: str, kind: str, field: str | None) -> Expr:
    """`allowed(…)`: some permission covers it, whatever its condition, and no revoke is in force."""
    entries = component.clauses.may
    if entries is not None and not any(covers(entry, verb, kind, field) for entry in entries):
        return FALSE
    return _in_force(context, component.name, verb, kind, field)


def revocations(model: checked.Model) -> dict[str, checked.Revoke]:
    """Every permission that some body revokes, by the name of the variable that tells whether it is revoked."""
    bodies = [item.body for component in model.components.values() for item in component.actions]
    bodies += [item.body for component in model.components.values() for item in component.processes]
    found: dict[str, checked.Revoke] = {}
    for body in bodies:
        for statement in statements(body):
            if isinstance(statement, checked.Revoke):
                name = names.revoked(statement.component, statement.verb, statement.kind, statement.field)
                found.setdefault(name, statement)
    return found


def _covered(
    lowering: ExpressionLowering,
    actor: Actor,
    verb: str,
    kind: str,
    field: str | None,
    item: Expr | None,
    scope: Scope,
) -> Expr:
    entries = actor.component.clauses.may
    if actor.inside_request or actor.is_environment:
        return TRUE
    in_force = _in_force(lowering.context, actor.component.name, verb, kind, field)
    if entries is None:
        return in_force
    fitting = [entry for entry in entries if covers(entry, verb, kind, field)]
    holds = (_condition(lowering, actor, entry, item, scope) for entry in fitting)
    return build.conjunction(in_force, build.disjunction(*holds))


def covers(entry: checked.Permission, verb: str, kind: str, field: str | None) -> bool:
    """Whether a permission is about this, whatever its condition."""
    if (entry.verb, entry.kind) != (verb, kind):
        return False
    return entry.fields is None or (field is not None and field in entry.fields)


def _condition(
    lowering: ExpressionLowering, actor: Actor, entry: checked.Permission, item: Expr | None, scope: Scope
) -> Expr:
    if entry.where is None or entry.variable is None or item is None:
        return TRUE
    alive = staging.is_alive(lowering.context, scope, item)
    inside = scope.bind(entry.variable, item)
    instance = actor.component.instance
    if instance is not None and actor.instance is not None:
        inside = inside.bind(instance, actor.instance)
    return build.implies(alive, lowering.lower(entry.where, inside))


def _in_force(context: Context, component: str, verb: str, kind: str, field: str | None) -> Expr:
    """Whether neither the permission for the field nor that for the whole kind is revoked."""
    known = [names.revoked(component, verb, kind, None)]
    if field is not None:
        known.append(names.revoked(component, verb, kind, field))
    reads = (Read(name, (), BOOL) for name in known if name in context.variables)
    return build.conjunction(*(build.negate(read) for read in reads))
