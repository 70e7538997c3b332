"""What components have seen of the store: what each of their views says of an object in a state.

A view says of an object what it keeps of it; else what the oldest event of it that was not seen says it was before;
else what the store says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from kspec.evaluate.layout import Layout
from kspec.evaluate.run import State
from kspec.system.meanings import Part, ViewEvent, ViewKept
from kspec.system.sorts import ObjectSort, Value
from kspec.system.system import ALIVE, Role, System, Variable


@dataclass(frozen=True, slots=True)
class Belief:
    """What somebody takes an object for: whether it is there, and fields with their values."""

    is_there: bool
    fields: tuple[tuple[Variable, Value], ...]


@dataclass(slots=True)
class _Parts:
    """The variables that hold one event, or what a view keeps: by field, and for whether the object is there."""

    object: str = ""
    there: str | None = None
    fields: dict[str, str] = field(default_factory=dict)

    def add(self, part: Part, name: str, variable: str) -> None:
        match part:
            case Part.OBJECT:
                self.object = variable
            case Part.THERE:
                self.there = variable
            case Part.FIELD:
                self.fields[name] = variable
            case Part.OWN:
                pass


class View:
    """A component's view of a kind. `instances`: the kind whose objects the component is per, or None."""

    def __init__(self, layout: Layout, component: str, kind: str, instances: str | None) -> None:
        self.component = component
        self.kind = kind
        self.instances = instances
        self._layout = layout
        self._events: dict[int, _Parts] = {}
        self._kept: _Parts | None = None
        self._fields: dict[str, Variable] = {}
        self._status: str | None = None

    def add(self, meaning: ViewEvent | ViewKept, variable: str) -> None:
        """Notes what one of the view's variables is."""
        match meaning:
            case ViewEvent(_, _, position, part, name):
                self._events.setdefault(position, _Parts()).add(part, name, variable)
            case ViewKept(_, _, part, name):
                self._kept = self._kept or _Parts()
                self._kept.add(part, name, variable)

    def know_store(self, status: str | None, fields: dict[str, Variable]) -> None:
        """Where the store has what the view is about."""
        stored = [parts.fields for parts in (*self._events.values(), self._kept) if parts is not None]
        self._status = status
        self._fields = {name: variable for name, variable in fields.items() if any(name in known for known in stored)}

    def waiting(self, state: State, instance: int) -> list[int]:
        """The objects of the events that an instance has not seen, oldest first."""
        events = (self._value(state, self._events[at].object, instance) for at in sorted(self._events))
        return [slot for slot in events if isinstance(slot, int)]

    def is_behind_at_all(self, state: State, instance: int) -> bool:
        """Whether an instance may take anything for other than it is."""
        kept = () if self._kept is None else self._value(state, self._kept.object, instance)
        return bool(kept) or bool(self.waiting(state, instance))

    def is_behind(self, state: State, instance: int, slot: int) -> bool:
        """Whether what an instance says of an object is not what the store says, but what it was earlier."""
        return self._keeps(state, instance, slot) or slot in self.waiting(state, instance)

    def believed(self, state: State, instance: int, slot: int) -> Belief:
        """What an instance says of an object."""
        if self._keeps(state, instance, slot):
            assert self._kept is not None
            return self._read(self._kept, state, lambda name: self._entry(state, name, instance, slot))
        for position in sorted(self._events):
            parts = self._events[position]
            if self._value(state, parts.object, instance) == slot:
                return self._read(parts, state, lambda name: self._value(state, name, instance))
        return self.stored(state, slot)

    def stored(self, state: State, slot: int) -> Belief:
        """What the store says of an object, of the fields that the view is about."""
        there = self._status is None or self._value(state, self._status, slot) == ALIVE
        fields = ((variable, self._value(state, variable.name, slot)) for variable in self._fields.values())
        return Belief(there, tuple(fields))

    def _read(self, parts: _Parts, state: State, value: Callable[[str], Value]) -> Belief:
        there = parts.there is None or value(parts.there) is True
        return Belief(there, tuple((self._fields[name], value(held)) for name, held in parts.fields.items()))

    def _keeps(self, state: State, instance: int, slot: int) -> bool:
        if self._kept is None:
            return False
        kept = self._value(state, self._kept.object, instance)
        return isinstance(kept, frozenset) and slot in kept

    def _entry(self, state: State, variable: str, instance: int, slot: int) -> Value:
        entries = self._value(state, variable, instance)
        assert isinstance(entries, tuple)
        return entries[slot]

    def _value(self, state: State, variable: str, number: int) -> Value:
        return self._layout.value(state, variable, number)


def views_of(system: System, layout: Layout) -> tuple[View, ...]:
    """All views of a system, in the order of its variables."""
    found: dict[tuple[str, str], View] = {}
    for variable in system.variables:
        meaning = variable.meaning
        if isinstance(meaning, ViewEvent | ViewKept):
            key = (meaning.component, meaning.kind)
            if key not in found:
                found[key] = View(layout, *key, _instances(variable))
            found[key].add(meaning, variable.name)
    for view in found.values():
        own = tuple(variable for variable in system.variables if variable.index == (system.kind(view.kind).sort,))
        status = next((variable.name for variable in own if variable.role is Role.STATUS), None)
        view.know_store(status, dict(_fields(own)))
    return tuple(found.values())


def _fields(variables: tuple[Variable, ...]) -> Iterator[tuple[str, Variable]]:
    for variable in variables:
        if variable.role is Role.FIELD:
            yield variable.name.rpartition(".")[2], variable


def _instances(variable: Variable) -> str | None:
    return next((sort.kind for sort in variable.index if isinstance(sort, ObjectSort)), None)
