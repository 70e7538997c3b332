"""Actions and processes: every way to take one in a state, tried by running its body again with other choices."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from kspec.language import checked
from tests.reference.bodies import Body, Choices, do
from tests.reference.expressions import holds
from tests.reference.runs import Run, paused
from tests.reference.store import Store
from tests.reference.values import Blocked, Disabled, Failed, Ref, Value
from tests.reference.watching import instances, tell
from tests.reference.world import World

GOES_ON = " goes on"
"""What a later step of a run is called, after the name of its process."""

Item: TypeAlias = checked.Action | checked.Process


@dataclass(frozen=True, slots=True)
class Outcome:
    """Taken (`after`), failed (`failure` names the implicit property), or, with neither, without room. `hidden`: no
    text spells it out; `about`: the object that such a step is about. `instance`, `arguments`: of one that is taken."""

    component: str
    action: str
    after: Store | None = None
    refused: bool = False
    failure: str | None = None
    hidden: bool = False
    instance: Ref | None = None
    arguments: tuple[Value, ...] = ()
    about: Ref | None = None


def outcomes(world: World, store: Store) -> Iterator[Outcome]:
    """Every transition of a state that the text spells out: one for each binding and each branch of `choose` and
    `either`."""
    for component in world.model.components.values():
        for item in (*component.actions, *component.processes):
            yield from outcomes_of(world, store, component, item)


def outcomes_of(
    world: World, store: Store, component: checked.Component, item: Item, instance: Ref | None = None
) -> Iterator[Outcome]:
    """Of one action or process, and, if given, of one instance of its component."""
    if f"{component.name}.{item.name}" in world.disabled:
        return
    yield from _every_way(world, store, component, item, item.name, lambda body: _begin(body, item, instance))
    if isinstance(item, checked.Process):
        for owner in instances(store, component):
            if instance is None or owner[1] == instance:
                for run in store.runs.get((owner, item.name), ()):
                    name = f"{item.name}{GOES_ON}"
                    yield from _every_way(
                        world,
                        store,
                        component,
                        item,
                        name,
                        lambda body: _go_on(body, item, owner[1], run),  # noqa: B023
                    )


def _every_way(
    world: World, store: Store, component: checked.Component, item: Item, name: str, attempt: Callable[[Body], None]
) -> Iterator[Outcome]:
    choices = Choices()
    going = True
    while going:
        body = Body(world, store, choices, component)
        try:
            attempt(body)
            body.store.settle()
            arguments = tuple(body.locals[parameter.local.id] for parameter in item.parameters)
            yield Outcome(
                component.name,
                name,
                after=body.store,
                refused=body.refused,
                instance=body.caller.owner,
                arguments=arguments,
            )
        except Disabled:
            pass
        except Blocked:
            yield Outcome(component.name, name)
        except Failed as failed:
            yield Outcome(component.name, name, failure=failed.implicit)
        going = choices.advance()


def waiting(world: World, store: Store, component: checked.Component, process: checked.Process) -> Iterator[Outcome]:
    """Every way in which a run could begin if a worker were idle, without carrying out its first step."""

    def attempt(body: Body) -> None:
        _become_owner(body, None)
        arguments = _arguments(body, process)
        _budget(body, process, arguments)
        if any(run.arguments == arguments for run in body.store.runs.get((body.caller.instance, process.name), ())):
            raise Disabled

    if f"{component.name}.{process.name}" not in world.disabled:
        yield from _every_way(world, store, component, process, process.name, attempt)


def _begin(body: Body, item: Item, instance: Ref | None) -> None:
    _become(body, instance)
    others: tuple[Run, ...] = ()
    key = (body.caller.instance, item.name)
    if isinstance(item, checked.Process):
        others = body.store.runs.get(key, ())
        if len(others) >= (1 if item.workers is None else body.world.number(item.workers)):
            raise Disabled
    arguments = _arguments(body, item)
    spent = _budget(body, item, arguments)
    if any(run.arguments == arguments for run in others):
        raise Disabled
    stack = body.run(do(item.body))
    if spent is not None:
        body.store.spent[spent] = body.store.spent.get(spent, 0) + 1
    tell(body.world, body)
    if stack:
        body.store.runs[key] = (*others, paused(arguments, stack, body.locals, body.copies))


def _arguments(body: Body, item: Item) -> tuple[Value, ...]:
    """Values of the parameters for which the guards hold."""
    arguments = tuple(body.choose(parameter) for parameter in item.parameters)
    for guard in item.guards:
        if not holds(guard.condition, body.view()):
            raise Disabled
    return arguments


def _go_on(body: Body, item: checked.Process, instance: Ref | None, run: Run) -> None:
    _become(body, instance)
    key = (body.caller.instance, item.name)
    body.locals |= run.locals
    body.locals |= zip((parameter.local.id for parameter in item.parameters), run.arguments, strict=True)
    body.copies |= run.copies
    stack = body.run(*run.stack)
    body.store.runs[key] = tuple(other for other in body.store.runs[key] if other is not run)
    tell(body.world, body)
    if stack:
        body.store.runs[key] += (paused(run.arguments, stack, body.locals, body.copies),)


def _become(body: Body, instance: Ref | None) -> None:
    """The body is one of an instance of the component, which has seen its own writes if it is one that waits."""
    _become_owner(body, instance)
    if body.caller.component.clauses.reads_own_writes is not None:
        sights = body.store.sights.items()
        if any(sight.waits for (who, _), sight in sights if who == body.caller.instance):
            raise Disabled


def _become_owner(body: Body, instance: Ref | None) -> None:
    component = body.caller.component
    if component.instance is not None:
        owners = [owner for _, owner in instances(body.store, component) if instance in (None, owner)]
        owner = body.choices.pick(owners)
        body.locals[component.instance.id] = owner
        body.caller = replace(body.caller, owner=owner)


def _budget(body: Body, item: Item, arguments: tuple[Value, ...]) -> tuple[Value, ...] | None:
    """The key of the budget that is spent, if any."""
    if item.budget is None:
        return None
    label = f"{body.caller.component.name}.{item.name}"
    owner = () if body.caller.owner is None else (body.caller.owner,)
    key = (label, *owner, *arguments) if item.budget.each else (label,)
    if body.store.spent.get(key, 0) >= body.world.number(item.budget.limit):
        raise Disabled
    return key
