"""What a step does to those who look on: to views, to copies, and to the log of old versions."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

from kspec.language import checked
from kspec.language.types import KindType
from tests.reference.bodies import Body
from tests.reference.runs import Copy
from tests.reference.sights import Change, Contents, Sight
from tests.reference.store import Instance, Store
from tests.reference.values import Ref
from tests.reference.world import World


def instances(store: Store, component: checked.Component) -> list[Instance]:
    if component.instance is None:
        return [(component.name, None)]
    assert isinstance(component.instance.type, KindType)
    return [(component.name, ref) for ref in store.existing(component.instance.type.name)]


def first_sight(world: World, store: Store, component: str, kind: str) -> Sight:
    """The store as it is."""
    watched = world.watched[component, kind]
    contents = {ref: store.contents(ref, watched.fields) for ref in store.existing(kind)}
    return Sight(frozenset((ref, seen) for ref, seen in contents.items() if seen is not None))


def open_eyes(world: World, store: Store) -> None:
    """Every instance that sees nothing yet sees the store."""
    for name, kind in world.watched:
        for instance in instances(store, world.model.components[name]):
            if (instance, kind) not in store.sights:
                store.sights[instance, kind] = first_sight(world, store, name, kind)


def tell(world: World, body: Body) -> None:
    """The events of the step that the body was."""
    before, after = body.before, body.store
    everything = sorted(before.things.keys() | after.things.keys())
    changed = [ref for ref in everything if _state(before, ref) != _state(after, ref)]
    for kind in world.model.kinds:
        refs = [ref for ref in changed if ref.kind == kind]
        if refs:
            _tell_of(world, body, kind, _in_order(world, body, kind, refs))
    for ref in changed:
        after.versions[ref] = after.versions.get(ref, 0) + 1
    body.copies = {
        local: copy if copy.version is None or copy.ref not in changed else _renewed(after, copy)
        for local, copy in body.copies.items()
    }
    open_eyes(world, after)


def _renewed(store: Store, copy: Copy) -> Copy:
    return replace(copy, version=store.versions[copy.ref])


def _state(store: Store, ref: Ref) -> object:
    """What an event is about: one that comes and goes within a step has one too."""
    thing = store.things.get(ref)
    return None if thing is None else (thing.alive, thing.mutable)


def _in_order(world: World, body: Body, kind: str, refs: list[Ref]) -> list[Ref]:
    """As the body first wrote them; those that loops wrote last, in any order."""
    if kind not in world.logged and all(watched != kind for _, watched in world.watched):
        return refs
    first = [ref for ref in body.written if ref in refs]
    others = [ref for ref in refs if ref not in first]
    return [*first, *body.choices.pick(list(permutations(others)))]


def _tell_of(world: World, body: Body, kind: str, refs: list[Ref]) -> None:
    before, after = body.before, body.store
    for (instance, seen), sight in after.sights.items():
        if seen != kind:
            continue
        watched = world.watched[instance[0], kind]
        waits = world.model.components[instance[0]].clauses.reads_own_writes is not None
        own = waits and instance == body.caller.instance
        changes = [
            Change(ref, before.contents(ref, watched.fields), after.contents(ref, watched.fields), own) for ref in refs
        ]
        missed = instance in before.cut or watched.lag is None
        after.sights[instance, kind] = sight.not_told(changes) if missed else sight.told(changes, watched.lag)
    if kind in world.logged:
        fields = _logged_fields(world, kind)
        changes = [Change(ref, before.contents(ref, fields), after.contents(ref, fields)) for ref in refs]
        log = (*after.logs.get(kind, ()), *changes)
        after.logs[kind] = log[len(log) - min(len(log), world.logged[kind]) :]


def _logged_fields(world: World, kind: str) -> tuple[str, ...]:
    """Those that some view that may start from the log has."""
    logging = [
        watched.fields
        for (name, seen), watched in world.watched.items()
        if seen == kind and watched.lag is not None and world.stale(world.model.components[name])
    ]
    return tuple(sorted({name for fields in logging for name in fields}))


def sight_of_past(world: World, store: Store, component: str, kind: str, behind: int) -> Sight:
    """The view of the store as it was before its last events, which are on their way."""
    fields = world.watched[component, kind].fields
    log = store.logs.get(kind, ())
    changes = [
        Change(change.ref, _only(change.before, fields), _only(change.after, fields))
        for change in log[len(log) - behind :]
    ]
    sight = first_sight(world, store, component, kind)
    for change in reversed(changes):
        sight = sight.with_seen(change.ref, change.before)
    return replace(sight, pending=tuple(changes))


def _only(contents: Contents | None, fields: tuple[str, ...]) -> Contents | None:
    return None if contents is None else tuple(item for item in contents if item[0] in fields)
