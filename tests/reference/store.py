"""States of the reference checker: dictionaries that a body changes in place, and a frozen form to compare them by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from tests.reference.runs import Run
from tests.reference.sights import Change, Contents, Sight
from tests.reference.values import Ref, Value, references, without_keys

Instance: TypeAlias = tuple[str, Ref | None]
"""A component and the object it runs for."""

Frozen: TypeAlias = tuple[object, ...]


@dataclass(slots=True)
class Thing:
    """An object: free slots have none. Of a deleted one (`alive` false) only const and key fields are left."""

    alive: bool
    fixed: dict[str, Value]
    mutable: dict[str, Value]

    def copy(self) -> Thing:
        return Thing(self.alive, dict(self.fixed), dict(self.mutable))


@dataclass(slots=True)
class Store:
    """`variables`: global ones, and consts with an initial choice. `spent`: how often a budgeted action was taken.

    `sights`: what the instances of components see of a kind. `runs`: those of a process of an instance that are not
    over. `versions`: how often an object was written, which states are not told apart by; copies have the number that
    they were read at. `cut`: the instances that are disconnected. `revoked`: permissions that are taken away. `logs`:
    the last changes of a kind, for views that start from old versions.
    """

    things: dict[Ref, Thing] = field(default_factory=dict)
    variables: dict[str, Value] = field(default_factory=dict)
    components: dict[Instance, dict[str, Value]] = field(default_factory=dict)
    spent: dict[tuple[Value, ...], int] = field(default_factory=dict)
    sights: dict[tuple[Instance, str], Sight] = field(default_factory=dict)
    runs: dict[tuple[Instance, str], tuple[Run, ...]] = field(default_factory=dict)
    versions: dict[Ref, int] = field(default_factory=dict)
    cut: set[Instance] = field(default_factory=set)
    revoked: set[tuple[str, ...]] = field(default_factory=set)
    logs: dict[str, tuple[Change, ...]] = field(default_factory=dict)

    def copy(self) -> Store:
        return Store(
            {ref: thing.copy() for ref, thing in self.things.items()},
            dict(self.variables),
            {instance: dict(variables) for instance, variables in self.components.items()},
            dict(self.spent),
            dict(self.sights),
            dict(self.runs),
            dict(self.versions),
            set(self.cut),
            set(self.revoked),
            dict(self.logs),
        )

    def alive(self, ref: Ref) -> bool:
        thing = self.things.get(ref)
        return thing is not None and thing.alive

    def existing(self, kind: str) -> list[Ref]:
        return sorted(ref for ref, thing in self.things.items() if ref.kind == kind and thing.alive)

    def delete(self, ref: Ref) -> None:
        """The object is gone: its mutable fields and its components' variables at once, the rest once nothing refers
        to it."""
        thing = self.things[ref]
        thing.alive = False
        thing.mutable = {}
        for instance in [instance for instance in self.components if instance[1] == ref]:
            del self.components[instance]

    def contents(self, ref: Ref, fields: Iterable[str]) -> Contents | None:
        """What some fields of an object are; None if it is not there."""
        if not self.alive(ref):
            return None
        return tuple((name, self.things[ref].mutable[name]) for name in fields)

    def settle(self) -> None:
        """Free the slots of deleted objects that nothing live refers to, and clear what is indexed by them."""
        self.sights = {key: sight for key, sight in self.sights.items() if self._goes_on(key[0])}
        self.runs = {key: runs for key, runs in self.runs.items() if runs and self._goes_on(key[0])}
        self.cut = set(filter(self._goes_on, self.cut))
        kept = self._kept()
        freed = {ref for ref, thing in self.things.items() if not thing.alive and ref not in kept}
        if not freed:
            return
        for ref in freed:
            del self.things[ref]
        for thing in self.things.values():
            thing.fixed = {name: without_keys(value, freed) for name, value in thing.fixed.items()}
            thing.mutable = {name: without_keys(value, freed) for name, value in thing.mutable.items()}
        for variables in (self.variables, *self.components.values()):
            for name, value in variables.items():
                variables[name] = without_keys(value, freed)
        self.spent = {key: count for key, count in self.spent.items() if freed.isdisjoint(key)}
        self.sights = {key: sight.without(freed) for key, sight in self.sights.items()}
        self.versions = {ref: number for ref, number in self.versions.items() if ref not in freed}

    def _goes_on(self, instance: Instance) -> bool:
        return instance[1] is None or self.alive(instance[1])

    def _kept(self) -> set[Ref]:
        """What live objects, variables, and const fields of kept objects refer to."""
        found: set[Ref] = set()
        open_values: list[Value] = [value for thing in self.things.values() if thing.alive for value in _values(thing)]
        open_values.extend(self.variables.values())
        open_values.extend(value for variables in self.components.values() for value in variables.values())
        open_values.extend(value for sight in self.sights.values() for value in sight.references())
        open_values.extend(value for runs in self.runs.values() for run in runs for value in run.references())
        open_values.extend(value for log in self.logs.values() for change in log for value in change.references())
        while open_values:
            for ref in references(open_values.pop()):
                if ref not in found:
                    found.add(ref)
                    if not self.things[ref].alive:
                        open_values.extend(_values(self.things[ref]))
        return found

    def freeze(self, without: Iterable[tuple[str | None, str]] = ()) -> Frozen:
        """The state as a value; `without` are variables (component or None, name) to leave out."""
        hidden = frozenset(without)
        return (
            frozenset(
                (ref, thing.alive, *sorted(thing.fixed.items()), *sorted(thing.mutable.items()))
                for ref, thing in self.things.items()
            ),
            tuple((name, value) for name, value in sorted(self.variables.items()) if (None, name) not in hidden),
            frozenset(
                (instance, name, value)
                for instance, variables in self.components.items()
                for name, value in variables.items()
                if (instance[0], name) not in hidden
            ),
            frozenset(self.spent.items()),
            frozenset(self.sights.items()),
            frozenset((key, frozenset(run.freeze(self.versions) for run in runs)) for key, runs in self.runs.items()),
            frozenset(self.cut),
            frozenset(self.revoked),
            tuple(sorted(self.logs.items())),
        )


def _values(thing: Thing) -> list[Value]:
    return [*thing.fixed.values(), *thing.mutable.values()]
