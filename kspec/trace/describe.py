"""One state and one step in cluster words: which objects there are, what a step did, what it changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kspec.evaluate.layout import Layout
from kspec.evaluate.run import State, Taken
from kspec.system.fairness import Source, Unit
from kspec.system.meanings import ActionMeaning, Fault, GoesOn, Happens, IsRevoked
from kspec.system.sorts import MapSort, ObjectSort, Sort, Value, values_of, zero
from kspec.system.spans import Span
from kspec.system.system import Role, System, Variable
from kspec.system.transitions import Action, Bind
from kspec.system.transitions import Role as BindRole
from kspec.trace.empty import always_empty
from kspec.trace.names import Names, Roster
from kspec.trace.values import map_keys, show_value


@dataclass(frozen=True, slots=True)
class Named:
    """A name with a value, both as shown: a parameter, a choice, a field, an operand."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Change:
    """What a step changed. A created object has no `before`, a deleted one no `after`."""

    what: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class ObjectGroup:
    """Objects of a kind, in one state, whose fields have the same values."""

    kind: str
    objects: tuple[str, ...]
    fields: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class StateStory:
    """A whole state: the objects, then the variables that belong to no object's fields."""

    groups: tuple[ObjectGroup, ...]
    variables: tuple[Named, ...]


_FAULTS: Final = {
    Fault.DELIVERY: "sees an event of {kind}",
    Fault.LOSS: "misses an event of {kind}",
    Fault.RELIST: "lists {kind} anew",
    Fault.REFRESH: "sees {kind} {object} as it is",
    Fault.CRASH: "restarts",
    Fault.DISCONNECTION: "is disconnected",
    Fault.RECONNECTION: "is connected again",
}


@dataclass(frozen=True, slots=True)
class Unspoken:
    """A choice that no text spells out, about the objects of a kind. `name` and `value` tell it from others."""

    role: BindRole
    kind: str
    name: str
    value: str

    def __str__(self) -> str:
        if self.role is BindRole.STALENESS and self.value != "0":
            return f"seeing {self.kind} as it was {self.value} event{'' if self.value == '1' else 's'} ago"
        return ""


@dataclass(frozen=True, slots=True)
class Deed:
    """An action with the values of its parameters. `path`: the branches of `either` that it went, by number. `meaning`:
    what it is, if it is no action of the text. `worker`: of a process with several. `unspoken`: choices that no text
    spells out; `Details` say what they mean."""

    component: str
    instance: str | None
    action: str
    arguments: tuple[Named, ...]
    choices: tuple[Named, ...]
    path: tuple[str, ...]
    span: Span
    meaning: ActionMeaning | None = None
    worker: str | None = None
    unspoken: tuple[Unspoken, ...] = ()

    @property
    def actor(self) -> str:
        return self.component if self.instance is None else f"{self.component}({self.instance})"

    @property
    def all_choices(self) -> tuple[Named, ...]:
        """What tells the deed from others by the same actor with the same arguments."""
        return (*self.choices, *(Named(choice.name, choice.value) for choice in self.unspoken))

    @property
    def words(self) -> str:
        """What an action does that no text spells out; of others the name."""
        match self.meaning:
            case Happens(fault, kind):
                return _FAULTS[fault].format(kind=kind, object=", ".join(item.value for item in self.arguments))
            case _:
                return self.action

    def __str__(self) -> str:
        arguments = ", ".join(f"{argument.name} = {argument.value}" for argument in self.arguments)
        choices = ", ".join(f"{choice.name} = {choice.value}" for choice in self.choices)
        worker = f" on {self.worker}" if self.worker is not None else ""
        match self.meaning:
            case Happens():
                text = f"{self.actor} {self.words}"
            case GoesOn(process):
                text = f"{self.actor}.{process}" + (f"({arguments})" if arguments else "") + f"{worker} goes on"
            case None:
                text = f"{self.actor}.{self.action}" + (f"({arguments})" if arguments else "") + worker
        text += "".join(f" {choice}" for choice in self.unspoken if str(choice))
        text += f" choosing {choices}" if choices else ""
        return text + (f" by branch {', '.join(self.path)}" if self.path else "")


class Narrator:
    """Says what states and steps of one system are."""

    def __init__(self, system: System, layout: Layout) -> None:
        self._system = system
        self._layout = layout
        untold = always_empty(system)
        self._told = tuple(
            v
            for v in system.variables
            if v.role not in (Role.STATUS, Role.BUDGET) and not v.hidden and v.name not in untold
        )
        self._revoked = {v.name: v.meaning for v in system.variables if isinstance(v.meaning, IsRevoked)}
        self._workers = frozenset(kind.name for kind in system.kinds if kind.meaning is not None)
        self._fields = {
            kind.name: tuple(
                v for v in self._told if v.role in (Role.FIELD, Role.CONST_FIELD) and v.index == (kind.sort,)
            )
            for kind in system.kinds
        }

    # --- a state -----------------------------------------------------------------------------------------------------

    def state(self, state: State, names: Names) -> StateStory:
        groups: list[ObjectGroup] = []
        for kind in self._system.kinds:
            if kind.meaning is not None:
                continue
            groups.extend(self._groups(names.rosters[kind.name], state, names))
        variables = [
            Named(place_name(variable, index, names), self._shown(state, variable, number, names))
            for variable in self._told
            if variable.role not in (Role.FIELD, Role.CONST_FIELD)
            for number, index in enumerate(indexes_of(variable))
            if _exists(variable, index, names)
        ]
        return StateStory(tuple(groups), tuple(variables))

    def _groups(self, roster: Roster, state: State, names: Names) -> list[ObjectGroup]:
        """The objects of a kind, those with equal fields together, in the order of their first."""
        members: dict[tuple[Named, ...], list[str]] = {}
        for slot in roster.alive():
            fields = tuple(
                Named(_last_word(variable.name), self._shown(state, variable, slot, names))
                for variable in self._fields[roster.kind.name]
            )
            members.setdefault(fields, []).append(roster.name(slot))
        return [ObjectGroup(roster.kind.name, tuple(objects), fields) for fields, objects in members.items()]

    # --- a step ------------------------------------------------------------------------------------------------------

    def deed(self, taken: Taken, names: Names) -> Deed:
        transition = self._system.transitions[taken.transition]
        action = self._system.actions[transition.action]
        said: dict[BindRole, list[Named]] = {role: [] for role in BindRole}
        binds = [step for step in transition.steps if isinstance(step, Bind)]
        unspoken: list[Unspoken] = []
        worker = None
        for bind, value in zip(binds, taken.values, strict=False):  # a step that fails may end before its last `Bind`
            shown = show_value(value, bind.local.sort, names)
            if isinstance(bind.local.sort, ObjectSort) and bind.local.sort.kind in self._workers:
                worker = shown
            elif bind.kind is not None:
                unspoken.append(Unspoken(bind.role, bind.kind, bind.local.name, shown))
            else:
                said[bind.role].append(Named(bind.local.name, shown))
        return self._deed(action, said, transition.path, worker, unspoken)

    def unit(self, unit: Unit, sources: Iterable[Source], names: Names) -> Deed:
        """An action with those of its parameters that its units have; of a key, the fields."""
        transition = next(found for found in self._system.transitions if found.action == unit.action)
        binds = [step for step in transition.steps if isinstance(step, Bind)]
        said: dict[BindRole, list[Named]] = {role: [] for role in BindRole}
        worker = None
        for source, value in zip(sources, unit.values, strict=True):
            bind, shown = binds[source.bind], show_value(value, source.sort, names)
            if isinstance(source.sort, ObjectSort) and source.sort.kind in self._workers:
                worker = shown
            else:
                field = "" if source.variable is None else f".{_last_word(source.variable)}"
                said[bind.role].append(Named(f"{bind.local.name}{field}", shown))
        return self._deed(self._system.actions[unit.action], said, (), worker)

    def _deed(
        self,
        action: Action,
        said: Mapping[BindRole, Sequence[Named]],
        path: tuple[str, ...],
        worker: str | None,
        unspoken: Sequence[Unspoken] = (),
    ) -> Deed:
        return Deed(
            action.component,
            said[BindRole.INSTANCE][0].value if said[BindRole.INSTANCE] else None,
            action.name,
            tuple(said[BindRole.PARAMETER]),
            tuple(said[BindRole.CHOICE]),
            path,
            action.span,
            action.meaning,
            worker,
            tuple(unspoken),
        )

    def changes(self, old: State, new: State, before: Names, after: Names) -> tuple[Change, ...]:
        """Objects that came and went, then places that changed. The counters of budgets are left out."""
        found: list[Change] = []
        for kind in self._system.kinds:
            found.extend(self._comings_and_goings(kind.name, old, new, before, after))
        for variable in self._told:
            for number, index in enumerate(indexes_of(variable)):
                was = self._layout.value(old, variable.name, number)
                now = self._layout.value(new, variable.name, number)
                if was != now and _exists(variable, index, before) and _exists(variable, index, after):
                    name = place_name(variable, index, after)
                    found.extend(_differences(name, variable.sort, was, now, before, after))
        return (*found, *self._permissions(old, new))

    def _permissions(self, old: State, new: State) -> Iterator[Change]:
        for name, meaning in self._revoked.items():
            was, now = (self._layout.value(state, name, 0) is not True for state in (old, new))
            if was != now:
                yield Change(permission_text(meaning), str(was).lower(), str(now).lower())

    def _comings_and_goings(self, kind: str, old: State, new: State, before: Names, after: Names) -> list[Change]:
        was, now = before.rosters[kind], after.rosters[kind]
        alive_before, alive_after = set(was.alive()), set(now.alive())
        gone = [
            Change(was.name(slot), self._features(kind, slot, old, before), None)
            for slot in was.alive()
            if slot not in alive_after
        ]
        come = [
            Change(now.name(slot), None, self._features(kind, slot, new, after))
            for slot in now.alive()
            if slot not in alive_before
        ]
        return gone + come

    def _features(self, kind: str, slot: int, state: State, names: Names) -> str:
        """What tells an object from others of its kind: its const fields, and what is not as in an empty one. A const
        field that is none tells nothing."""
        return ", ".join(
            f"{_last_word(variable.name)} = {self._shown(state, variable, slot, names)}"
            for variable in self._fields[kind]
            for value in (self._layout.value(state, variable.name, slot),)
            if value != zero(variable.sort) or (variable.role is Role.CONST_FIELD and value is not None)
        )

    def _shown(self, state: State, variable: Variable, number: int, names: Names) -> str:
        return show_value(self._layout.value(state, variable.name, number), variable.sort, names)


def place_name(variable: Variable, index: tuple[Value, ...], names: Names) -> str:
    """How the language writes a place: `pod1.phase`, `kubelet(n1).running`, `leader`."""
    shown = [show_value(value, sort, names) for value, sort in zip(index, variable.index, strict=True)]
    match variable.role:
        case Role.FIELD | Role.CONST_FIELD:
            return f"{shown[0]}.{_last_word(variable.name)}"
        case Role.COMPONENT if shown:
            return f"{variable.name.rpartition('.')[0]}({shown[0]}).{_last_word(variable.name)}"
        case _:
            return variable.name


def permission_text(meaning: IsRevoked) -> str:
    """How the language asks for a permission: `allowed(controller update Owner.finalizers)`."""
    field = "" if meaning.field is None else f".{meaning.field}"
    return f"allowed({meaning.component} {meaning.verb} {meaning.kind}{field})"


def _differences(name: str, sort: Sort, was: Value, now: Value, before: Names, after: Names) -> list[Change]:
    """The change of one place; of a map, the change of each entry."""
    if isinstance(sort, MapSort) and isinstance(was, tuple) and isinstance(now, tuple):
        return [
            change
            for position, key in map_keys(sort, after)
            if was[position] != now[position]
            for change in _differences(f"{name}[{key}]", sort.value, was[position], now[position], before, after)
        ]
    return [Change(name, show_value(was, sort, before), show_value(now, sort, after))]


def _exists(variable: Variable, index: tuple[Value, ...], names: Names) -> bool:
    """Whether the objects that a place belongs to are alive."""
    return all(
        value in names.rosters[sort.kind].alive()
        for value, sort in zip(index, variable.index, strict=True)
        if isinstance(sort, ObjectSort)
    )


def indexes_of(variable: Variable) -> list[tuple[Value, ...]]:
    """The indexes of a variable's places in their order: last index fastest."""
    indexes: list[tuple[Value, ...]] = [()]
    for sort in variable.index:
        indexes = [(*index, value) for index in indexes for value in values_of(sort)]
    return indexes


def _last_word(name: str) -> str:
    return name.rpartition(".")[2]
