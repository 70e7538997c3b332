"""What the API server asks before it does what a component wants."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kspec.language import checked
from tests.reference.expressions import View, covers, holds, is_revoked
from tests.reference.store import Instance, Store
from tests.reference.values import Ref, Value
from tests.reference.world import World

ENVIRONMENT = "environment"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks. `inside`: the API server does, for the component, in a declared request."""

    component: checked.Component
    owner: Ref | None = None
    inside: bool = False

    @property
    def instance(self) -> Instance:
        return self.component.name, self.owner

    @property
    def is_free(self) -> bool:
        """Nothing is refused for want of a permission or a connection."""
        return self.inside or self.component.name == ENVIRONMENT

    def reader(self) -> Instance | None:
        return None if self.is_free else self.instance


def is_unreachable(store: Store, caller: Caller) -> bool:
    return not caller.is_free and caller.instance in store.cut


def may_call(caller: Caller, request: str) -> bool:
    clauses = caller.component.clauses
    return caller.inside or clauses.may is None or request in clauses.calls


def is_permitted(
    world: World, store: Store, caller: Caller, verb: str, kind: str, fields: Iterable[str], ref: Ref | None
) -> bool:
    """For every field that is written, or, without any, for the object as a whole."""
    names: list[str | None] = [*fields] or [None]
    return caller.is_free or all(_is_permitted(world, store, caller, verb, kind, name, ref) for name in names)


def _is_permitted(
    world: World, store: Store, caller: Caller, verb: str, kind: str, name: str | None, ref: Ref | None
) -> bool:
    if is_revoked(store, caller.component.name, verb, kind, name):
        return False
    entries = caller.component.clauses.may
    if entries is None:
        return True
    return any(covers(entry, verb, kind, name) and _applies(world, store, caller, entry, ref) for entry in entries)


def _applies(world: World, store: Store, caller: Caller, entry: checked.Permission, ref: Ref | None) -> bool:
    """A condition says nothing of an object that is gone."""
    if entry.where is None or entry.variable is None or ref is None or not store.alive(ref):
        return True
    known: dict[int, Value] = {entry.variable.id: ref}
    if caller.component.instance is not None:
        known[caller.component.instance.id] = caller.owner
    return holds(entry.where, View(world, store, known))


def is_admitted(
    world: World, store: Store, caller: Caller, verb: str, kind: str, ref: Ref | None, fields: dict[str, Value]
) -> bool:
    """`store` is as it was before the request, which gives values to `fields`."""
    if caller.component.name == ENVIRONMENT:
        return True
    for admission in world.model.admissions:
        if (admission.verb, admission.kind) == (verb, kind):
            view = View(
                world,
                store,
                {admission.variable.id: ref},
                caller=caller.component.name,
                proposed={admission.variable.id: fields},
            )
            if not holds(admission.condition, view):
                return False
    return True
