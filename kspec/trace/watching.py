"""What a step shows to those who watch: events that arrive or are lost, and what somebody wrongly takes for true."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from enum import Enum

from kspec.evaluate.errors import EvaluationError, NoneUnwrapped
from kspec.evaluate.evaluator import Evaluator
from kspec.evaluate.run import State, Taken
from kspec.system.expressions import Local
from kspec.system.meanings import Fault, Happens
from kspec.system.sorts import Value
from kspec.system.system import System, Variable
from kspec.trace.describe import Change
from kspec.trace.names import Names
from kspec.trace.sights import Look, closed, looks
from kspec.trace.values import show_value
from kspec.trace.views import Belief, View, views_of


class Presence(Enum):
    """Whether somebody sees an object come, or go."""

    SAME = "same"
    NEW = "new"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Event:
    """An event of a kind that arrives or is lost. `behind`: how many events the watcher had not seen before."""

    kind: str
    object: str
    behind: int


@dataclass(frozen=True, slots=True)
class Sighting:
    """What somebody learns of an object. `changes`: fields that are other than they seemed."""

    observer: str
    kind: str
    object: str
    presence: Presence
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """What somebody who acts takes for true, beside the truth. `what` is a field of an object, or an object; then
    `seen` and `stored` are its kind where it is there, and None where it is not."""

    observer: str
    what: str
    seen: str | None
    stored: str | None

    @property
    def is_presence(self) -> bool:
        """Whether it is about whether an object is there."""
        return self.seen is None or self.stored is None


@dataclass(frozen=True, slots=True)
class Moment:
    """A state of a run and the names in it."""

    state: State
    names: Names


class Watch:
    """Tells of the views of one system."""

    def __init__(self, system: System, evaluator: Evaluator) -> None:
        self._system = system
        self._evaluator = evaluator
        self._views = views_of(system, evaluator.layout)
        self._meanings = {variable.name: variable.meaning for variable in system.variables}
        self._looks: dict[int, tuple[Look, ...]] = {}
        """What transitions look at, as far as anybody has asked."""

    def event(self, taken: Taken, before: Moment) -> Event | None:
        """The event that a step delivers or drops."""
        action = self._system.actions[self._system.transitions[taken.transition].action]
        match action.meaning:
            case Happens(Fault.DELIVERY | Fault.LOSS, kind):
                instance = self._evaluator.instance(taken)
                view = next(view for view in self._views if (view.component, view.kind) == (action.component, kind))
                waiting = view.waiting(before.state, instance or 0)
                return Event(view.kind, before.names.rosters[view.kind].name(waiting[0]), len(waiting))
            case _:
                return None

    def sightings(self, before: Moment, after: Moment) -> tuple[Sighting, ...]:
        """What watchers learn in a step of what they had not seen before. What a watcher sees at once is no news."""
        return tuple(
            sighting
            for view in self._views
            for instance in _instances(view, before, after)
            for slot in _slots(view, before, after)
            if view.is_behind(before.state, instance, slot)
            for sighting in self._sighting(view, instance, slot, before, after)
        )

    def gaps(self, taken: Taken, before: Moment) -> tuple[Gap, ...]:
        """Where what a step looks at through views is not what the store has."""
        component = self._system.actions[self._system.transitions[taken.transition].action].component
        views = [view for view in self._views if view.component == component]
        if not views:
            return ()
        instance = self._evaluator.instance(taken)
        if not any(view.is_behind_at_all(before.state, instance or 0) for view in views):
            return ()
        locals = self._evaluator.locals(before.state, taken)
        found: dict[Gap, None] = {}
        for view in views:
            for slot, wanted in self._looked_at(view, taken.transition, locals, before).items():
                found.update(dict.fromkeys(_gaps(view, instance or 0, slot, wanted, before)))
        return tuple(found)

    def all_gaps(self, component: str, instance: int | None, kinds: Set[str], moment: Moment) -> tuple[Gap, ...]:
        """Where what an instance of a component sees of these kinds is not what the store has."""
        return tuple(
            gap
            for view in self._views
            if view.component == component and view.kind in kinds
            for slot in moment.names.rosters[view.kind].present()
            for gap in _gaps(view, instance or 0, slot, None, moment)
        )

    def _sighting(self, view: View, instance: int, slot: int, before: Moment, after: Moment) -> Iterator[Sighting]:
        was = view.believed(before.state, instance, slot)
        now = view.believed(after.state, instance, slot)
        presence = _presence(was, now)
        changes = tuple(_changes(was, now, before.names, after.names)) if now.is_there else ()
        if presence is not Presence.SAME or changes:
            name = before.names.rosters[view.kind].name(slot)
            yield Sighting(observer(view, instance, before.names), view.kind, name, presence, changes)

    def _looked_at(
        self, view: View, transition: int, locals: Mapping[Local, Value], before: Moment
    ) -> dict[int, set[str | None]]:
        """By object that the step asks the view about: the state variables of fields; None for whether it is there."""
        found: dict[int, set[str | None]] = {}
        if transition not in self._looks:
            self._looks[transition] = looks(self._system.transitions[transition], view.component, self._meanings)
        for look in self._looks[transition]:
            if look.kind == view.kind:
                for slot in self._objects(look, locals, before):
                    found.setdefault(slot, set()).add(look.variable)
        return dict(sorted(found.items()))

    def _objects(self, look: Look, locals: Mapping[Local, Value], before: Moment) -> Iterator[int]:
        if look.item is None:
            yield from before.names.rosters[look.kind].present()
            return
        try:
            slot = self._evaluator.state_value(closed(look.item, locals), before.state)
        except (EvaluationError, NoneUnwrapped):
            return  # the step did not get to look
        if isinstance(slot, int):
            yield slot


def observer(view: View, instance: int, names: Names) -> str:
    """Who looks: `scheduler`, `kubelet(n1)`."""
    if view.instances is None:
        return view.component
    return f"{view.component}({names.rosters[view.instances].name(instance)})"


def _instances(view: View, before: Moment, after: Moment) -> list[int]:
    """The instances of the component that are there all the time."""
    if view.instances is None:
        return [0]
    there = set(after.names.rosters[view.instances].alive())
    return [slot for slot in before.names.rosters[view.instances].alive() if slot in there]


def _slots(view: View, before: Moment, after: Moment) -> list[int]:
    """The slots of the view's kind that hold an object before or after."""
    return sorted({*before.names.rosters[view.kind].present(), *after.names.rosters[view.kind].present()})


def _presence(was: Belief, now: Belief) -> Presence:
    if was.is_there == now.is_there:
        return Presence.SAME
    return Presence.NEW if now.is_there else Presence.GONE


def _changes(was: Belief, now: Belief, before: Names, after: Names) -> Iterator[Change]:
    for (variable, old), (_, new) in zip(was.fields, now.fields, strict=True):
        if not was.is_there or old != new:
            seemed = show_value(old, variable.sort, before) if was.is_there else None
            yield Change(_field(variable), seemed, show_value(new, variable.sort, after))


def _gaps(view: View, instance: int, slot: int, wanted: Set[str | None] | None, before: Moment) -> Iterator[Gap]:
    """Of one object. `wanted`: the state variables of the fields that somebody looks at; None for all."""
    if not view.is_behind(before.state, instance, slot):
        return
    names = before.names
    name, who = names.rosters[view.kind].name(slot), observer(view, instance, names)
    seen, stored = view.believed(before.state, instance, slot), view.stored(before.state, slot)
    if seen.is_there != stored.is_there:
        yield Gap(who, name, view.kind if seen.is_there else None, view.kind if stored.is_there else None)
    elif seen.is_there:
        for (variable, believed), (_, true) in zip(seen.fields, stored.fields, strict=True):
            if (wanted is None or variable.name in wanted) and believed != true:
                shown = (show_value(value, variable.sort, names) for value in (believed, true))
                yield Gap(who, f"{name}.{_field(variable)}", *shown)


def _field(variable: Variable) -> str:
    return variable.name.rpartition(".")[2]
