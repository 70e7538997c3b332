"""What happens without a line of text that says how: deliveries, losses, disconnections, crashes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from kspec.language import checked
from tests.reference.actions import Outcome
from tests.reference.expressions import View, evaluate
from tests.reference.objects import in_range
from tests.reference.sights import Sight
from tests.reference.store import Instance, Store
from tests.reference.values import Ref, Value
from tests.reference.watching import first_sight, instances, sight_of_past
from tests.reference.world import World


def hidden_outcomes(world: World, store: Store) -> Iterator[Outcome]:
    for component in world.model.components.values():
        for instance in instances(store, component):
            for name, about, after in _of(world, store, component, instance):
                after.settle()
                yield Outcome(component.name, name, after=after, hidden=True, instance=instance[1], about=about)


def _of(
    world: World, store: Store, component: checked.Component, instance: Instance
) -> Iterator[tuple[str, Ref | None, Store]]:
    """What happens, the object that it is about if it is about one, and the state after it."""
    if instance not in store.cut:
        for (owner, kind), sight in store.sights.items():
            if owner == instance:
                for name, about, seen, copy in _looking(world, store, component, instance, kind, sight):
                    copy.sights[owner, kind] = seen
                    yield f"{name} {kind}", about, copy
    for name, after in (*_connection(world, store, component, instance), *_crashes(world, store, component, instance)):
        yield name, None, after


def _looking(
    world: World, store: Store, component: checked.Component, instance: Instance, kind: str, sight: Sight
) -> Iterator[tuple[str, Ref | None, Sight, Store]]:
    """What may become of a view that is behind."""
    clauses, watched = component.clauses, world.watched[component.name, kind]
    if sight.pending:
        yield "deliver", None, sight.delivered(), store.copy()
        if clauses.loses is not None and watched.lag:
            after = _spent(world, store, clauses.loses, component, instance, "lose")
            if after is not None:
                yield "lose", None, sight.lost(), after
    if watched.lag is None:
        for ref in sorted(sight.missed):
            yield "refresh", ref, sight.with_seen(ref, store.contents(ref, watched.fields)), store.copy()
    elif clauses.relists is not None and sight.missed:
        yield "relist", None, first_sight(world, store, component.name, kind), store.copy()


def _connection(
    world: World, store: Store, component: checked.Component, instance: Instance
) -> Iterator[tuple[str, Store]]:
    disconnects = component.clauses.disconnects
    if disconnects is None:
        return
    if instance in store.cut:
        after = store.copy()
        after.cut.discard(instance)
        _begin_sights(world, after, instance)
        yield "reconnect", after
        return
    cut = _spent(world, store, disconnects.budget, component, instance, "disconnect")
    if cut is not None:
        cut.cut.add(instance)
        yield "disconnect", cut


def _crashes(
    world: World, store: Store, component: checked.Component, instance: Instance
) -> Iterator[tuple[str, Store]]:
    """Only where something is lost."""
    crashes = component.clauses.crashes
    if crashes is None:
        return
    for sights in _sights_after_crash(world, store, component, instance):
        after = _spent(world, store, crashes.budget, component, instance, "crash")
        if after is None:
            continue
        after.runs = {key: runs for key, runs in after.runs.items() if key[0] != instance}
        after.sights |= sights
        _begin_variables(world, after, component, instance)
        if (after.runs, after.sights, after.components) != (store.runs, store.sights, store.components):
            yield "crash", after


def _sights_after_crash(
    world: World, store: Store, component: checked.Component, instance: Instance
) -> Iterator[dict[tuple[Instance, str], Sight]]:
    """Every combination of old versions that its views may start from."""
    kinds = [kind for name, kind in world.watched if name == component.name]
    options = []
    for kind in kinds:
        lasts = 0
        if kind in world.logged and world.watched[component.name, kind].lag is not None:
            lasts = min(world.stale(component), len(store.logs.get(kind, ())))
        options.append([sight_of_past(world, store, component.name, kind, behind) for behind in range(lasts + 1)])
    for sights in product(*options):
        yield {(instance, kind): sight for kind, sight in zip(kinds, sights, strict=True)}


def _begin_variables(world: World, store: Store, component: checked.Component, instance: Instance) -> None:
    known: dict[int, Value] = {} if component.instance is None else {component.instance.id: instance[1]}
    variables = dict(store.components.get(instance, {}))
    for variable in component.variables:
        if not (variable.durable or variable.ghost):
            value = in_range(world, evaluate(variable.initial, View(world, store, known)), variable.type)
            variables[variable.name] = world.completed(value, variable.type, store)
    store.components = {**store.components, instance: variables}


def _begin_sights(world: World, store: Store, instance: Instance) -> None:
    for owner, kind in list(store.sights):
        if owner == instance:
            store.sights[owner, kind] = first_sight(world, store, instance[0], kind)


def _spent(
    world: World, store: Store, budget: checked.Budget, component: checked.Component, instance: Instance, name: str
) -> Store | None:
    """A copy of the store in which the fault is counted; None where its budget is used up."""
    label = f"{component.name} {name}"
    key: tuple[Value, ...] = (label, instance[1]) if budget.each and instance[1] is not None else (label,)
    if store.spent.get(key, 0) >= world.number(budget.limit):
        return None
    after = store.copy()
    after.spent[key] = after.spent.get(key, 0) + 1
    return after
